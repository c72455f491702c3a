"""The rule sets, as forms and integrators need them."""
