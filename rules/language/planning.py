"""What facts of a step plan and break off: meetings of both roles, and a step that stops before its time."""

from typing import Annotated

from pydantic import Field

from rules.language.text import Id, RuleModel, Text


class Appointment(RuleModel):
    """A meeting of both roles, planned by facts of the step: its day and, where one is agreed, its wall time.

    While the fact `called_off` is true, nothing is planned. The fact `held` says on which day it was held.
    """

    id: Id
    label: Text
    day: Id
    time: Id | None = None
    called_off: Id | None = None
    held: Id | None = None
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 60


class Stop(RuleModel):
    """What it means that a step stops: the facts of the step for its last day and for who stopped it, and the note.

    The note takes the words why. Both roles are told at once, and meetings that were planned for later are called off.
    """

    last_day: Id
    by: Id
    note: Id
