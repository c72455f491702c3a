"""A good story of a course: closed fields alone, so that it is told among colleagues and recognises nobody (P10)."""

from enum import StrEnum
from uuid import UUID

from domain.model import Instant, Model


class Worked(StrEnum):
    """What made it work."""

    HOURS_FROM_THE_BEGINNING = "hours_from_the_beginning"
    SMALL_BEGINNING = "small_beginning"
    VISITED_TOGETHER = "visited_together"
    CITIZENS_IDEA = "citizens_idea"
    FITTING_TASK = "fitting_task"
    COLLEAGUE_AT_WORK = "colleague_at_work"
    KNOWN_COMPANY = "known_company"
    TRIED_AGAIN = "tried_again"


class Branch(StrEnum):
    """The line of business, in the ten groups of Statistics Denmark: coarser than any trade."""

    FARMING = "farming"
    INDUSTRY = "industry"
    BUILDING = "building"
    TRADE_AND_TRANSPORT = "trade_and_transport"
    INFORMATION = "information"
    FINANCE = "finance"
    REAL_ESTATE = "real_estate"
    BUSINESS_SERVICES = "business_services"
    PUBLIC_AND_HEALTH = "public_and_health"
    CULTURE_AND_LEISURE = "culture_and_leisure"


class HoursBand(StrEnum):
    """How many paid hours a week it began with; the bands have no hole, for hours need not be whole."""

    UP_TO_5 = "hours_up_to_5"
    UP_TO_15 = "hours_up_to_15"
    UP_TO_30 = "hours_up_to_30"
    ABOVE_30 = "hours_above_30"


class WeeksBand(StrEnum):
    """How many weeks after day one it began."""

    UP_TO_4 = "weeks_up_to_4"
    UP_TO_13 = "weeks_up_to_13"
    UP_TO_26 = "weeks_up_to_26"
    UP_TO_52 = "weeks_up_to_52"
    ABOVE_52 = "weeks_above_52"


class StoryFields(Model):
    """A story as it is kept, in the store alone; hours, weeks and workplace are those known when it was told."""

    worked: tuple[Worked, ...]
    branch: Branch
    hours: HoursBand | None = None
    weeks: WeeksBand | None = None
    p_number: str | None = None


class Story(Model):
    """The one answer to whether a course has a good story, and by whom; `id` names its fields, which the store has.

    Without `id` there is none to tell. One that is removed never comes back, and nobody is asked again.
    """

    by: str
    at: Instant
    id: UUID | None = None
    is_approved: bool = False
    is_removed: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a leader to approve it."""
        return self.id is not None and not self.is_approved and not self.is_removed
