"""What a version shows that was issued before a re-pin: until the next one, other rules change nothing of it (P3)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from domain.state.briefing import Manifest
from domain.state.course import CourseState, Visit
from domain.state.facts import Fact


@dataclass(frozen=True, slots=True)
class FormerContent:
    """What a version shows that was issued before a re-pin: of what was said before that it stays content (P3)."""

    manifest: Manifest
    re_pinned_at: datetime

    def says_of(self, fact: Fact) -> bool | None:
        """Return whether the version shows a fact, None of one that was stated since."""
        if fact.recorded_at > self.re_pinned_at:
            return None
        return fact.fact in {stated.fact for stated in self.manifest.facts}

    def teaches(self, fact: Fact, place: Visit | None) -> bool | None:
        """Return whether the version shows what a visit taught, None of what was stated, or left, since."""
        is_open_then = place is not None and (place.left_at is None or place.left_at > self.re_pinned_at)
        if fact.recorded_at > self.re_pinned_at or (is_open_then and self.manifest.closing is None):
            return None
        taught = (lesson.facts for lesson in self.manifest.lessons if lesson.visit == fact.visit)
        return fact.fact in {stated.fact for stated in chain.from_iterable(taught)}


def former_content(state: CourseState, visit: Visit) -> FormerContent | None:
    """Return what the current version of a visit shows, None where it was issued since the last re-pin."""
    since, briefing = state.re_pinned_at, visit.briefing
    return FormerContent(briefing.manifest, since) if since and briefing and briefing.issued_at <= since else None
