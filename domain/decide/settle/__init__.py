"""What follows from a course's state once a command is applied: advances, waits, ladders and appointments."""
