"""The signatures of the activities that workflows call; `activities/` implements them under the same names."""

from datetime import datetime

from temporalio import activity

from workflows.messages import Applied, ApplyRequest, Attempt, Delivery, NoticeOrder


@activity.defn(name="apply")
async def apply(request: ApplyRequest) -> Applied:
    """Decide and record one command in one transaction, once for ever (P7); the state is in `workflows.state_holder`.

    Raises ApplicationError `store-away` (retryable) while the store cannot be reached, `state-missing` (retryable)
    when no run holds the state, and `course-forked` (not retryable) when two lines of the same course meet.
    """
    raise NotImplementedError


@activity.defn(name="start_notices")
async def start_notices(orders: list[NoticeOrder]) -> None:
    """Start one Notice workflow per order; an order that already has one is left alone (P7).

    Raises ApplicationError `temporal-away` (retryable) when any could not be started.
    """
    raise NotImplementedError


@activity.defn(name="deliver")
async def deliver(attempt: Attempt) -> Delivery:
    """Attempt to deliver a notice outward within its recipient's working hours (P4, P6).

    Raises ApplicationError `channel-away` when no channel has ever taken it; the workflow attempts again.
    """
    raise NotImplementedError


@activity.defn(name="report_unreachable")
async def report_unreachable(order: NoticeOrder) -> None:
    """Send the course a command that says that a notice could not be delivered."""
    raise NotImplementedError


@activity.defn(name="sweep")
async def sweep(now: datetime) -> int:
    """Drop texts staged long before `now` (UTC) that no command adopted; return how many (P10)."""
    raise NotImplementedError


@activity.defn(name="renew_courses")
async def renew_courses() -> int:
    """Let time pass in each course whose waits a changed calendar moves; return in how many (P5).

    Raises ApplicationError `course-away` when one could not be reached; the next renewal begins again.
    """
    raise NotImplementedError
