"""What one caller may have under way and try at once, so that a flood of one harms no other."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Final

from starlette.requests import Request

from api.http.codes import ApiCode
from api.http.problems import ProblemError

MOST_REQUESTS: Final = 32
"""How many requests of one caller are answered at once."""
MOST_COMMANDS: Final = 8
"""How many commands of one caller are under way at once in one course."""
MOST_LOGINS: Final = 16
"""How many logins are asked of the provider at once, by all who are not logged in yet."""
MOST_REFUSED_LOGINS: Final = 30
"""How many logins from one address may be refused within ten minutes."""
MOST_GUESSES: Final = 5
"""How many CPR numbers a caller may name wrongly within an hour."""
_IPV6: Final = 6
_OF_ONE_LINE: Final = 64


class TooManyError(Exception):
    """The caller has the highest number under way already, or tried the highest number of times."""

    def __init__(self, retry_after: int = 1) -> None:
        """Name the whole seconds until it is worth another attempt."""
        super().__init__(retry_after)
        self.retry_after = retry_after


class InFlight:
    """Counts what is under way for each key, and lets at most so many be."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._now: Counter[Hashable] = Counter()

    @contextmanager
    def one_of(self, key: Hashable) -> Iterator[None]:
        """Count one of `key` until it ends; raises TooManyError."""
        if self._now[key] >= self._most:
            raise TooManyError
        self._now[key] += 1
        try:
            yield
        finally:
            self._now[key] -= 1
            if not self._now[key]:
                del self._now[key]


class Attempts:
    """Counts what each key has tried of late."""

    def __init__(self, most: int, within: timedelta) -> None:
        self._most = most
        self._within = within
        self._tried: dict[Hashable, list[datetime]] = {}

    def expect_room(self, key: Hashable, now: datetime) -> None:
        """Raise TooManyError when `key` has tried so often of late that it must wait."""
        recent = [at for at in self._tried.get(key, ()) if at > now - self._within]
        if len(recent) >= self._most:
            raise TooManyError(ceil((recent[-self._most] + self._within - now).total_seconds()))

    def count(self, key: Hashable, now: datetime) -> None:
        """Count one more attempt of `key`; only the last ones are remembered, and nothing of long ago."""
        self._tried[key] = [*self._tried.pop(key, ()), now][-self._most :]
        while (oldest := next(iter(self._tried))) != key and self._tried[oldest][-1] <= now - self._within:
            del self._tried[oldest]


def caller_address(request: Request) -> str:
    """Return from where somebody calls who is nobody yet; of an IPv6 address the network that one line has."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, _OF_ONE_LINE), strict=False)) if address.version == _IPV6 else str(address)


@contextmanager
def too_many() -> Iterator[None]:
    """Refuse the request with 429 and `Retry-After` where a budget is spent."""
    try:
        yield
    except TooManyError as error:
        raise ProblemError(ApiCode.TOO_MANY_REQUESTS, headers={"Retry-After": str(error.retry_after)}) from None


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budgets of every caller of this process."""

    requests: InFlight = field(default_factory=lambda: InFlight(MOST_REQUESTS))
    commands: InFlight = field(default_factory=lambda: InFlight(MOST_COMMANDS))
    logins: InFlight = field(default_factory=lambda: InFlight(MOST_LOGINS))
    refused_logins: Attempts = field(default_factory=lambda: Attempts(MOST_REFUSED_LOGINS, timedelta(minutes=10)))
    guesses: Attempts = field(default_factory=lambda: Attempts(MOST_GUESSES, timedelta(hours=1)))
