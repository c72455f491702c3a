"""At most one open course under a reference, which no course can know by itself: a start or an opening again asks."""

from domain.commands import Command, ReopenCourse, StartCourse
from domain.errors import Code, refuse
from domain.state.course import CourseState, Status
from infra.store.courses.open_beside import open_beside
from infra.store.engine import Connection


async def expect_no_other_open(connection: Connection, command: Command, state: CourseState) -> None:
    """Raise RefusedError when the command would open a course while another one is open under its reference.

    Two that would do so at once are judged one after the other, so that the second sees what the first opened.
    """
    match command:
        case StartCourse() if state.status is Status.NOT_STARTED:
            reference = command.reference
        case ReopenCourse() if state.is_over:
            reference = state.reference
        case _:
            return
    other = await open_beside(connection, reference, state.course)
    if other is not None:
        raise refuse(Code.ANOTHER_IS_OPEN, open=other)
