"""Values of the vocabulary: frozen, and light enough that a process keeps thousands of courses."""

from domain.state.course import CourseState
from tests.rules.vocabulary import COURSE


def test_values_of_a_kind_share_the_set_of_their_fields() -> None:
    read = CourseState.model_validate_json(CourseState(course=COURSE).model_dump_json())
    changed = read.model_copy(update={"revision": 1})

    shared = {id(state.model_fields_set) for state in (CourseState(course=COURSE), read, changed)}

    assert len(shared) == 1
    assert read.model_fields_set == set(CourseState.model_fields)
    assert changed.model_dump(exclude_unset=True) == changed.model_dump(), "nothing is ever left out by it"
