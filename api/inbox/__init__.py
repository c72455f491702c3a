"""Open notices and escalations of one caller."""
