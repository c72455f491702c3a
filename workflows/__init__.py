"""The deterministic single writer, mailbox and clock of each course."""
