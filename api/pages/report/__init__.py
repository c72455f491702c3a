"""The short forms by which people report: what is asked comes from the rules, and the API's own functions do it."""
