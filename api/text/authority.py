"""From whom a document comes: the municipality and the unit."""

from wording.labels import Labels


def authority(code: str, name: str | None, unit: str, labels: Labels) -> str:
    """Return the municipality, by its name where the settings have it, and the unit."""
    unnamed = labels.catalog.fill(labels.catalog.document["authority"], {"code": code})
    return f"{name or unnamed} · {unit}"
