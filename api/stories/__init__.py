"""Good stories: told once in closed fields, approved by a leader, read in the unit, removed for good."""
