"""Workflow code: the single writer, mailbox and clock of each course, its notices and the nightly audit."""
