"""Several notes, and facts beside them, in one command: all or nothing, and at most one version."""

from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code, RefusedError
from domain.identity import Role
from domain.state.facts import Audience
from tests.domain.vocabulary import ANNA, BO, COURSE, Story


def note(name: str, kind: str = "resource", **more: object) -> cmd.NewNote:
    """Return a note to be added, whose id follows from its name."""
    return cmd.NewNote.model_validate({"note": identity(name), "note_kind": kind, **more})


def identity(name: str) -> UUID:
    """Return the id of a note by its name."""
    return uuid5(COURSE, name)


VISIT = (note("a"), note("b"), note("c"), note("d", "barrier"), note("e", "agreement"))
"""What was talked about at a visit: three resources, a barrier and an agreement."""


@pytest.fixture
def ready() -> Story:
    """Return a course whose first briefing is issued and which nobody has acknowledged."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.acknowledges(ANNA)
    assert story.version == 1
    return story


def test_what_was_talked_about_is_one_revision_and_one_version(ready: Story) -> None:
    events = ready.command(cmd.AddNotes, BO, notes=VISIT)

    added = [event.note for event in events if isinstance(event, ev.NoteAdded)]
    assert [(one.id, one.kind) for one in added] == [(one.note, one.note_kind) for one in VISIT]
    assert len([event for event in events if isinstance(event, ev.BriefingIssued)]) == 1
    assert (ready.version, ready.missing) == (2, (Role.CASEWORKER, Role.COMPANY_CONSULTANT))


def test_notes_and_facts_are_acknowledged_by_who_writes_them_from_the_full_version(ready: Story) -> None:
    ready.command(cmd.ReportFacts, BO, facts={"way": "both"}, notes=VISIT, acknowledge=1)

    assert (ready.version, ready.missing) == (2, (Role.CASEWORKER,))


def test_the_other_role_hears_of_all_of_them_in_one_line() -> None:
    story = Story().starts()

    story.command(cmd.AddNotes, BO, notes=VISIT)

    assert story.recipients_of("news") == ["person/anna"]
    (news,) = story.state.news
    assert [item.entry for item in news.items] == [one.note for one in VISIT]


def test_one_of_several_notes_that_is_taken_back_leaves_the_others_news() -> None:
    story = Story().starts()
    story.command(cmd.AddNotes, BO, notes=VISIT)

    story.command(cmd.RetractNote, BO, note=identity("c"), reason=COURSE)

    (news,) = story.state.news
    assert [item.entry for item in news.items] == [identity(name) for name in "abde"]


def test_what_is_wrong_with_each_is_named_by_its_index_and_nothing_is_added(ready: Story) -> None:
    wrong = (
        note("a"),
        note("b", "gossip"),
        note("c", "agreement", audience=Audience.CASEWORKER_ONLY, changes_the_agreement=True),
        note("d", "barrier", may_wait=True),
        note("e", "observation", answers=COURSE),
    )

    for kind, more in ((cmd.AddNotes, {}), (cmd.ReportFacts, {"facts": {"way": "both"}})):
        before = ready.state
        with pytest.raises(RefusedError) as refused:
            ready.command(kind, BO, notes=wrong, **more)

        assert [(problem.field, problem.code) for problem in refused.value.problems] == [
            ("notes.1.kind", Code.NOTE_KIND_UNKNOWN),
            ("notes.2.audience", Code.MATERIAL_NOTE_HIDDEN),
            ("notes.3.may_wait", Code.NOTE_CANNOT_WAIT),
            ("notes.4.answers", Code.QUESTION_UNKNOWN),
        ]
        assert ready.state is before


def test_an_answer_among_several_notes_ends_the_wait_for_it(ready: Story) -> None:
    question = ready.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)

    ready.command(cmd.AddNotes, BO, notes=(note("a"), note("b", "observation", answers=question)))

    asked = next(one for one in ready.state.notes if one.id == question)
    assert not asked.is_open_question
