"""Workflow code: the single writer, mailbox and clock of each course, the courier of notices and the nightly audit."""
