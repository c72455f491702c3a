"""The pure reading, evaluation and proof of rule sets: which requirement holds, for whom and why."""
