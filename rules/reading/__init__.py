"""Rule sets in words that somebody reads who knows no code: the rule book, and what differs between two sets."""
