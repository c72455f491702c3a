"""Passes a course's state by reference from workflow code to the local activity beside it, within one process.

A local activity runs in the process of its workflow, and history records its result but never its arguments.
So the state is not written as JSON: workflow code puts it here, a replay puts it again, and `apply` reads it.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final, NamedTuple
from uuid import UUID

from domain.state.course import CourseState

_LIMIT: Final = 10_000
"""More than the courses a process keeps in memory, each of which applies one command at a time."""


class Key(NamedTuple):
    """Which state: that of a run at a revision, to which a command is to be applied."""

    run_id: str
    revision: int
    command: UUID


class StateMissingError(Exception):
    """No run holds this state now; a replay of the run puts it again."""

    code = "state-missing"


class StateHolder:
    """Holds each state while at least one workflow waits for its activity.

    Two workers of one process may run the same course for a moment, after its task went from one to the other.
    Both put the same state, so the holder counts them, and the one that is evicted takes nothing from the other.
    Workflow code runs in threads, hence the lock.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        """Hold at most `limit` states; the one put first is dropped for one more."""
        self._limit = limit
        self._held: OrderedDict[Key, tuple[CourseState, int]] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: object) -> bool:
        return key in self._held

    @contextmanager
    def holding(self, key: Key, state: CourseState) -> Iterator[None]:
        """Hold a state until the activity ends; an eviction of the run leaves this block too."""
        self._put(key, state)
        try:
            yield
        finally:
            self._drop(key)

    def get(self, key: Key) -> CourseState:
        """Return the state held under `key`; raises StateMissingError."""
        held = self._held.get(key)
        if held is None:
            raise StateMissingError
        return held[0]

    def _put(self, key: Key, state: CourseState) -> None:
        with self._lock:
            _, holders = self._held.pop(key, (state, 0))
            self._held[key] = (state, holders + 1)
            if len(self._held) > self._limit:
                self._held.popitem(last=False)

    def _drop(self, key: Key) -> None:
        with self._lock:
            state, holders = self._held.pop(key, (None, 0))
            if state is not None and holders > 1:
                self._held[key] = (state, holders - 1)


STATES: Final = StateHolder()
"""The process's one holder: workflow code is given nothing but its input, so it finds the holder here."""
