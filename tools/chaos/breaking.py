"""Breaking things: by a seed, one or two at once, for as long as courses are driven."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from standalone.child_process import ChildProcess
from standalone.errors import StandaloneError
from tools.chaos.proxy import Proxy
from tools.chaos.system import Broken

_ATTEMPTS: Final = 30
_BETWEEN_ATTEMPTS: Final = 0.5
_SLOW_BY: Final = (0.05, 0.4)
_TWO_AT_ONCE: Final = 0.25
EVERYTHING: Final = "kill everything"
STORE_AWAY: Final = "store away"
DISK_FULL: Final = "disk full"


def _nothing() -> None:
    """End what needs no end: who was killed is started again in any case."""


class Fault(NamedTuple):
    """One way to break something, and what makes it whole again."""

    begin: Callable[[], None]
    end: Callable[[], None] = _nothing


@dataclass
class Breaker:
    """What can be done to a system, how often it was done, and how long it lasts at most, in seconds.

    `only` names the faults that are wanted, all of them when it names none.
    """

    broken: Broken
    chance: random.Random
    longest: float
    only: Sequence[str] = ()
    done: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    fallen: Counter[str] = field(default_factory=Counter)
    """Which parts ended by themselves, and were started again as any supervisor of processes would."""

    def __post_init__(self) -> None:
        self._killed: set[str] = set()
        self._starts = 0
        self.faults = {f"kill {name}": Fault(partial(self._kill, name)) for name in self.broken.processes}
        self.faults[EVERYTHING] = Fault(self._kill_everything)
        for name, way in self.broken.ways.items():
            self.faults[f"slow {name}"] = Fault(partial(self._slow, way), partial(way.slow, 0.0))
            self.faults[f"cut {name}"] = Fault(way.cut)
            self.faults[f"shut {name}"] = Fault(way.shut, way.open)
        if self.broken.disk.can_be_filled:
            self.faults[DISK_FULL] = Fault(self.broken.disk.fill, self.broken.disk.empty)
        self.faults = {name: fault for name, fault in self.faults.items() if not self.only or name in self.only}

    @property
    def has_done_everything(self) -> bool:
        """Say whether each fault was there, and the long absence of the store."""
        return self.done.keys() >= {*self.faults, STORE_AWAY}

    def break_one(self, name: str) -> None:
        """Do one of them by its name."""
        self._do([name], self._while())

    def break_any(self) -> None:
        """Do whichever chance says, now and then two at once."""
        times = min(len(self.faults), 2 if self.chance.random() < _TWO_AT_ONCE else 1)
        self._do(self.chance.sample(sorted(self.faults), times), self._while())

    def take_store_away(self, seconds: float) -> None:
        """Kill the store, and start it again only after so long."""
        self.done[STORE_AWAY] += 1
        self._kill("PostgreSQL")
        time.sleep(seconds)
        self.revive()

    def revive(self) -> None:
        """Start what does not run, in the order in which parts need each other."""
        dead = {name: part for name, part in self.broken.processes.items() if not part.is_alive}
        self.fallen.update(dead.keys() - self._killed)
        self._killed.clear()
        servers = (self.broken.cluster.postgres, self.broken.cluster.temporal)
        for server in servers:
            if server in dead.values():
                self._start(server)
        self.broken.cluster.start(self._start, [part for part in dead.values() if part not in servers])

    def _while(self) -> float:
        return self.chance.uniform(0.0, self.longest)

    def _do(self, names: list[str], seconds: float) -> None:
        self.done.update(names)
        for name in names:
            self.faults[name].begin()
        time.sleep(seconds)
        for name in reversed(names):
            self.faults[name].end()
        self.revive()

    def _kill(self, name: str) -> None:
        part = self.broken.processes[name]
        if part.is_alive:
            part.kill()
            self.kills += 1
            self._killed.add(name)

    def _kill_everything(self) -> None:
        for name in self.chance.sample(sorted(self.broken.processes), len(self.broken.processes)):
            self._kill(name)

    def _slow(self, way: Proxy) -> None:
        way.slow(self.chance.uniform(*_SLOW_BY))

    def _start(self, part: ChildProcess) -> None:
        """Start a part with a log of its own, however long what it needs takes; raises StandaloneError after all."""
        for attempt in range(_ATTEMPTS):
            self._starts += 1
            part.log = part.log.with_name(f"{part.log.name.partition('.')[0]}.{self._starts}.log")
            try:
                part.start()
            except StandaloneError:
                part.kill()  # It may run and not answer.
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(_BETWEEN_ATTEMPTS)
            else:
                return
