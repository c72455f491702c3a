"""Who reads an inbox and from where on, as the parameters of the statements that read it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import Integer, Numeric, Text, bindparam

from domain.address import Address, AddressKind
from domain.reach import Reach
from infra.store.tables.base import INSTANT

InboxCursor = tuple[Decimal, str]
"""The urgency and the id of the last item of a page."""

BEYOND: Final = Decimal(100_000_000_000)
"""Seconds since 1970 that nothing here reaches: what is overdue comes before all else, the longest overdue first."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)
NOW: Final = bindparam("now", type_=INSTANT)
LIMIT: Final = bindparam("limit", type_=Integer)
AFTER: Final = (bindparam("urgency", type_=Numeric), bindparam("id", type_=Text))


@dataclass(frozen=True, slots=True)
class InboxReader:
    """Who reads the notices to which addresses, and when; of courses in which `shared_with` holds a role, if given."""

    reach: Reach
    addresses: Collection[Address]
    now: datetime
    shared_with: str | None = None

    def parameters(self, limit: int | None = None, after: InboxCursor | None = None) -> dict[str, object]:
        """Return what the statements that read the inbox are given, which are made once for each reach.

        The lists of who reads the addresses are whose they are, and whether supervisors are told as well: a notice to
        the queue of a unit of which its supervisors are told as well is not for these.
        """
        led = {address.name for address in self.addresses if address.kind is AddressKind.SUPERVISORS}
        lists = [(address.kind.value, address.name, False) for address in self.addresses]
        lists += [(kind, name, True) for kind, name, _ in lists if kind == AddressKind.UNIT and name not in led]
        urgency, id_ = after or (Decimal(0), "")
        return {
            **{each: [row[place] for row in lists] for place, each in enumerate(("kinds", "names", "told"))},
            "now": self.now,
            "limit": limit,
            "shared_with": self.shared_with,
            "urgency": urgency,
            "id": id_,
            "until": _instant(BEYOND - urgency),
            "at": _instant(urgency),
        }


def _instant(seconds: Decimal) -> datetime:
    """Return an instant by the seconds since 1970, or the nearest to it that there is."""
    try:
        return _EPOCH + timedelta(microseconds=int(seconds * 10**6))
    except OverflowError:
        return _LATEST if seconds > 0 else _EARLIEST
