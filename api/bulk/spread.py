"""Spreads what somebody holds over those who take it over: each course to the one who then has the fewest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.commands import PartyClaim
from domain.identity import Role
from infra.store.queries.holdings import Holding


class Taker(NamedTuple):
    """Somebody who takes courses over, in these roles; a unit's queue takes every role."""

    claim: PartyClaim
    roles: frozenset[Role]

    def can_take(self, holding: Holding) -> bool:
        """Whether both roles of the course are still held by two, by people who have them (P1)."""
        is_able = self.claim.person is None or self.roles.issuperset(holding.roles)
        return is_able and self.claim.person not in holding.others


class Spread(NamedTuple):
    """A course and who takes it over, None where nobody can."""

    holding: Holding
    to: PartyClaim | None


def spread(holdings: Iterable[Holding], takers: Sequence[Taker], held: Mapping[str, int]) -> Iterator[Spread]:
    """Yield who takes over each course; `held` is how many each person has already, and the first named wins a tie."""
    counts = {taker.claim: held.get(taker.claim.person or "", 0) for taker in takers}
    for holding in holdings:
        able = [taker.claim for taker in takers if taker.can_take(holding)]
        to = min(able, key=lambda claim: counts[claim], default=None)
        if to is not None:
            counts[to] += 1
        yield Spread(holding, to)
