"""Opening a closed course again, which needs what no course knows: the other courses under its reference."""

from domain.commands import Command, ReopenCourse
from domain.errors import Code, refuse
from domain.state.course import CourseState
from infra.store.engine import Connection
from infra.store.queries import courses


async def expect_no_other_open(connection: Connection, command: Command, state: CourseState) -> None:
    """Raise RefusedError when a course is to be opened again while another one is open under its reference."""
    if not isinstance(command, ReopenCourse) or not state.is_over:
        return
    other = await courses.open_beside(connection, state.reference, state.course)
    if other is not None:
        raise refuse(Code.ANOTHER_IS_OPEN, open=other)
