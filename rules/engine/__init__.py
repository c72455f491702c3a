"""The evaluator: compiled rule sets judge a course as it stands."""
