"""Documents for people: their templates, signs and PDF."""
