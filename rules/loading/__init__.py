"""Reading rule sets from TOML, and joining what amends them."""
