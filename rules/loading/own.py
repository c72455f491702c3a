"""Which of a municipality's own versions is in force, and which default versions they are not carried on to yet."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol, TypeVar

from rules.loading.library import Base, Dated, Library, in_force


class OwnDated(Dated, Protocol):
    """A municipality's own version.

    `amends` is the folder of the default set that it amends; one that carries it on `follows` the version that
    somebody wrote.
    """

    @property
    def version(self) -> str:
        """Return the name of the version."""

    @property
    def amends(self) -> str | None:
        """Return the folder of the amended set."""

    @property
    def follows(self) -> str | None:
        """Return the version that this one carries on."""


W = TypeVar("W", bound=OwnDated)


def own_in_force(own: Sequence[W], rule_set_id: str, on: date) -> W | None:
    """Return a municipality's own version in force on a day, None where it has none of this id.

    The newest that somebody wrote counts, as it is carried on by then; of two of the same day the first one.
    """
    of_set = [version for version in own if version.id == rule_set_id]
    written = in_force((version for version in of_set if version.follows is None), rule_set_id, on)
    if written is None:
        return None
    carried = (version for version in of_set if version.follows == written.version)
    return in_force((written, *carried), rule_set_id, on)


def not_carried_on(own: Sequence[W], library: Library) -> Iterator[tuple[W, Base]]:
    """Yield each amendment with each later version of its base to which it is not carried on."""
    for version in own:
        if version.follows is None and version.amends is not None:
            carried = (other for other in own if (other.id, other.follows) == (version.id, version.version))
            reached = {other.valid_from for other in carried}
            later = library.later_than(version.amends, version.valid_from)
            yield from ((version, base) for base in later if base.rule_set.valid_from not in reached)
