"""Reads of courses, journals, notices and feeds; nothing here writes."""
