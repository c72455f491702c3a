"""Programs for developers: what measures the product, and what breaks it."""
