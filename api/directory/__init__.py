"""People, units, absences and office hours."""
