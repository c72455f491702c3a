"""What a rule set asks of people for one straight course, played with the real engine and counted."""
