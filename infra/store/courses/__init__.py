"""Writes of one course: the record of each command, revisions and rows."""
