"""What a course is at one moment: its facts, notes, briefings, verdicts and waits, frozen."""
