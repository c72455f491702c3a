"""What is ordered of many courses at once, and how far it has come."""
