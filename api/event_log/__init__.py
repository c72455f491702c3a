"""The event log for process mining, under names that nobody can lead back."""
