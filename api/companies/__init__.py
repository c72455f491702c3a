"""Companies over HTTP: what one course learns of a company, the next one knows."""
