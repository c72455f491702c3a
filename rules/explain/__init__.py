"""Why the evaluator decided as it did, in sentences."""
