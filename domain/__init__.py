"""The pure vocabulary of a course: what is known, what is awaited and what may happen next."""
