"""A good story in one line, from its closed fields alone (P10)."""

from collections.abc import Mapping

from domain.state.stories import StoryFields
from wording.catalog import Catalog


def story_text(fields: StoryFields, names: Mapping[str, str], words: Catalog) -> str:
    """Return what made it work, the line of business, hours and weeks, and the company that agreed to be named."""
    labels = words.stories
    worked = "; ".join(labels[worked] for worked in fields.worked)
    more = (labels[code] for code in (fields.branch, fields.hours, fields.weeks) if code)
    company = names.get(fields.p_number) if fields.p_number else None
    return ". ".join(filter(None, (worked, *more, company)))
