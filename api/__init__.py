"""The HTTP surface for other systems and for people's browsers."""
