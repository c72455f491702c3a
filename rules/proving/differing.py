"""Tells how examples differ from what the rules say: where each stands, what it says, what is so, and what to write.

Examples that differ in the same way are told once, with all their places, for most often one slip moves them all.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from rules.language.phrases import Phrase, Place, listed, phrase
from rules.proving.run_examples import Difference, ExampleResult

_FEW: Final = 5
"""Up to so many places are told with the sentences of their examples; of more, only the lines."""


class _Fault(NamedTuple):
    """One way in which an example differs, and what of it, such as days, is this example's own."""

    kind: Phrase
    own: Phrase | None = None


class _Differing(NamedTuple):
    """An example that differs, where it stands, and how."""

    result: ExampleResult
    place: Place
    faults: tuple[_Fault, ...]

    @property
    def kinds(self) -> tuple[Phrase, ...]:
        return tuple(dict.fromkeys(fault.kind for fault in self.faults))


def differing_lines(results: Sequence[ExampleResult], places: Sequence[Place]) -> Iterator[Phrase]:
    """Yield what differs as lines; `places` are those of the examples, in the order of their results."""
    alike: dict[tuple[Phrase, ...], list[_Differing]] = {}
    for result, place in zip(results, places, strict=True):
        if result.differences:
            differing = _Differing(result, place, tuple(f for d in result.differences for f in _faults(d)))
            alike.setdefault(differing.kinds, []).append(differing)
    for kinds, group in alike.items():
        yield from _heading(group)
        yield from (phrase("differs-how", how=kind) for kind in kinds)


def _heading(group: list[_Differing]) -> Iterator[Phrase]:
    if len(group) == 1:
        (only,) = group
        yield phrase("differs-at", file=only.place.file, line=only.place.line, **_told(only.result))
        yield from (phrase("differs-how", how=fault.own) for fault in only.faults if fault.own)
        return
    yield phrase("differ-alike", count=len(group))
    is_own = any(fault.own for differing in group for fault in differing.faults)
    if not is_own and len(group) > _FEW:
        yield from _lines_by_file(differing.place for differing in group)
        yield phrase("differ-of-situations", names=listed(dict.fromkeys(one.result.example.given for one in group)))
        return
    for differing in group:
        place = differing.place
        yield phrase("differs-also-at", file=place.file, line=place.line, **_told(differing.result))
        yield from (phrase("differs-own", own=fault.own) for fault in differing.faults if fault.own)


def _told(result: ExampleResult) -> dict[str, str]:
    return {"say": result.example.say.da, "situation": result.example.given}


def _lines_by_file(places: Iterable[Place]) -> Iterator[Phrase]:
    for file, inside in groupby(sorted(places), key=lambda place: place.file):
        yield phrase("differs-in-lines", file=file, lines=listed(dict.fromkeys(place.line for place in inside)))


def _faults(difference: Difference) -> Iterator[_Fault]:
    key, _, name = difference.key.replace(" ", ".", 1).partition(".")
    expected, actual = (side or (phrase("nothing"),) for side in (difference.expected, difference.actual))
    match key:
        case "holds" | "warns":
            more = (other for other in difference.actual if other not in difference.expected)
            less = (other for other in difference.expected if other not in difference.actual)
            yield from (_Fault(phrase(f"differs-{key}-more", name=other)) for other in more)
            yield from (_Fault(phrase(f"differs-{key}-less", name=other)) for other in less)
        case "due":
            own = phrase("differs-due-own", name=name, expected=expected, actual=actual)
            yield _Fault(phrase("differs-due", name=name), own)
        case "told":
            own = phrase("differs-told-own", day=name, expected=expected, actual=actual)
            yield _Fault(phrase("differs-told"), own)
        case _:
            yield _Fault(phrase(f"differs-{key}", expected=expected, actual=actual))
