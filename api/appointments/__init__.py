"""Planned meetings, as JSON and as iCalendar."""
