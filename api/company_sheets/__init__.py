"""The sheet of a company: what it may be told before and at the start, shown, issued, printed and told (P10)."""
