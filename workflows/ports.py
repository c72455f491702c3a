"""The signatures of the activities that workflows call; `activities/` implements them under the same names."""

from datetime import datetime

from temporalio import activity

from workflows.messages import Applied, ApplyRequest


@activity.defn(name="apply")
async def apply(request: ApplyRequest) -> Applied:
    """Decide and record one command in one transaction, once for ever (P7); the state is in `workflows.state_holder`.

    Raises ApplicationError `store-away` (retryable) while the store cannot be reached, `state-missing` (retryable)
    when no run holds the state, and `course-forked` (not retryable) when two lines of the same course meet.
    """
    raise NotImplementedError


@activity.defn(name="carry_notices")
async def carry_notices() -> None:
    """Carry notices outward as they become due, until the worker stops or the turn is over (P4, P7).

    Its heartbeat says that its worker lives; a channel or a store that is away does not end it.
    """
    raise NotImplementedError


@activity.defn(name="audit")
async def audit(now: datetime) -> None:
    """Look at `now` (UTC) for everything that may have gone asleep, and wake what may be woken (P5, P7).

    Texts that were staged a day before and that no command adopted are dropped (P10).
    Raises ApplicationError `audit-incomplete` when something could not be looked at; the next audit begins again.
    """
    raise NotImplementedError


@activity.defn(name="renew_courses")
async def renew_courses() -> int:
    """Let time pass in each course whose waits a changed calendar moves, and tell of absences; return in how many (P5).

    Raises ApplicationError `course-away` when one could not be reached; the next renewal begins again.
    """
    raise NotImplementedError
