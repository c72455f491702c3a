"""What a rule set can say, as models of its TOML."""
