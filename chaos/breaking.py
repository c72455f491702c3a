"""Breaking things: by a seed, one after the other, for as long as courses are driven."""

import errno
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from chaos.proxy import Proxy
from infra.embedded.errors import EmbeddedError
from infra.embedded.parts import Part
from tests.journeys.town import Town

_ATTEMPTS: Final = 30
_BETWEEN_ATTEMPTS: Final = 0.5
_DEAD_FOR: Final = (0.0, 1.5)
_SLOW_BY: Final = (0.05, 0.4)
_BLOCK: Final = bytes(1 << 20)


@dataclass
class Breaker:
    """What can be done to a system, and how often it was done; what lasts lasts `hold` seconds."""

    town: Town
    to_store: Proxy
    to_temporal: Proxy
    chance: random.Random
    may_fill_disk: bool
    hold: float
    done: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        """How many processes were killed by -9."""
        return sum(times for what, times in self.done.items() if what.startswith("kill "))

    def each_once(self) -> None:
        """Do everything once, but for the long absence of the store."""
        for what, does in self._faults.items():
            self._do(what, does)

    def one(self) -> None:
        """Do one of them, whichever chance says."""
        what = self.chance.choice(sorted(self._faults))
        self._do(what, self._faults[what])

    def store_away(self, seconds: float) -> None:
        """Take the store away in good order for so long."""
        self._do("store away", lambda: self._away(seconds))

    @property
    def _faults(self) -> dict[str, Callable[[], None]]:
        faults: dict[str, Callable[[], None]] = {
            f"kill {name}": partial(self._kill, part) for name, part in self._parts.items()
        }
        for name, way in (("store", self.to_store), ("temporal", self.to_temporal)):
            faults[f"slow {name}"] = partial(self._slow, way)
            faults[f"cut {name}"] = way.cut
        if self.may_fill_disk:
            faults["disk full"] = self._fill_disk
        return faults

    @property
    def _parts(self) -> dict[str, Part]:
        town = self.town
        return {"postgres": town.postgres, "temporal": town.temporal, "worker": town.worker, "api": town.api}

    def _do(self, what: str, does: Callable[[], None]) -> None:
        self.done[what] += 1
        does()
        for part in self._parts.values():
            if not part.is_alive:
                self._start(part)

    def _kill(self, part: Part) -> None:
        part.kill()
        time.sleep(self.chance.uniform(*_DEAD_FOR))

    def _away(self, seconds: float) -> None:
        self.town.postgres.stop()
        time.sleep(seconds)

    def _slow(self, way: Proxy) -> None:
        way.slow(self.chance.uniform(*_SLOW_BY))
        time.sleep(self.hold)
        way.slow(0.0)

    def _fill_disk(self) -> None:
        """Fill the file system that the servers write to, and empty it again."""
        ballast = self.town.settings.var / "ballast"
        try:
            with ballast.open("wb", buffering=0) as opened:
                _write_until_full(opened.write)
            time.sleep(self.hold)
        finally:
            Path(ballast).unlink(missing_ok=True)

    def _start(self, part: Part) -> None:
        """Start a part, however long what it needs takes to be there; raises EmbeddedError when it never is."""
        for attempt in range(_ATTEMPTS):
            try:
                part.start()
            except EmbeddedError:
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(_BETWEEN_ATTEMPTS)
            else:
                return


def _write_until_full(write: Callable[[bytes], int]) -> None:
    try:
        while write(_BLOCK):
            pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
