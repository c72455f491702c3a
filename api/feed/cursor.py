"""The cursor of the feed: where a reader is, as a text that he can keep for as long as he likes."""

import base64
import re
from typing import Annotated, Final

from pydantic import StringConstraints

from api.http.codes import ApiCode
from api.http.problems import wrong
from infra.store.queries.feed import Place

_WRITTEN: Final = re.compile(rb"([0-9]{1,18})\.([0-9]{1,18})(\.1)?")

FeedCursor = Annotated[str, StringConstraints(max_length=100)]


def written(place: Place) -> str:
    """Return the cursor of a place; it is not signed, because what one may read does not depend on it."""
    text = b"%d.%d" % (place.tx, place.position) + (b".1" if place.part else b"")
    return base64.urlsafe_b64encode(text).decode()


def read(cursor: str, name: str) -> Place:
    """Return the place that a cursor stands for; raises ProblemError, which names the field, when it is none."""
    try:
        found = _WRITTEN.fullmatch(base64.urlsafe_b64decode(cursor))
    except ValueError:
        found = None
    if found is None:
        raise wrong(ApiCode.CURSOR_INVALID, name)
    return Place(int(found[1]), int(found[2]), 1 if found[3] else 0)
