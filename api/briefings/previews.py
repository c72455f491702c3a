"""What a briefing would say before it is issued: decided as it would be, and nothing of it recorded (P3)."""

from api.briefings.versions import BriefingVersion, VersionStanding
from api.http.dependencies import Services
from domain.decide.briefings import preview
from domain.state.briefing import Briefing
from infra.store.engine import Connection
from infra.store.queries import journal
from infra.store.queries.courses import VisibleCourse


async def as_it_stands(
    connection: Connection, services: Services, course: VisibleCourse, number: int
) -> BriefingVersion:
    """Return the course as it stands, as the next version of an open visit's briefing would tell it."""
    now = services.clock.now()
    book = await services.rulebooks.book(course.state.municipality, course.row.rules_sha256)
    calendar = await services.calendars.in_force(connection)
    manifest = preview(course.state, number, book, now, calendar)
    versions = await journal.manifests(connection, course.id, number)
    issued = max((known.version for known in versions), default=0)
    briefing = Briefing(version=issued + 1, digest=manifest.digest, manifest=manifest, issued_at=now)
    return BriefingVersion(briefing, VersionStanding.PREVIEW, earlier=tuple(versions))
