"""What is wrong with a rule set, each flaw with its place and remedy."""
