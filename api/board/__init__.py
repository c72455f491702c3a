"""The board of who leads: where courses stand still, and why."""
