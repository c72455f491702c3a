"""What people read of rules, waits and notices, in Danish and English: in pages and documents, and in mails."""
