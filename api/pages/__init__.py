"""HTML pages for people, made by the same functions as the API; nothing is decided here."""
