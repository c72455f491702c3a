"""How it goes, in figures of at least five people."""
