"""Save and acknowledge: who reports acknowledges what was shown would follow, or the report alone stands (P1, P3)."""

from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.decide import decide_report
from domain.decide.shown import digest_shown
from domain.errors import Code, RefusedError
from domain.identity import Actor, Role
from tests.domain.vocabulary import ANNA, BO, CARL, COURSE, SARA, Story
from tests.domain.wider import at_trial, both_acknowledge

WAYS = ("again", "work", "both", "trial")
CONTENT: dict[str, Any] = {"agreed": True, "way": "again"}


@pytest.fixture
def begun() -> Story:
    """A course just started, with nothing to acknowledge."""
    return Story().starts()


def notes(*names: str) -> tuple[cmd.NewNote, ...]:
    """Return needs to be noted."""
    return tuple(cmd.NewNote(note=uuid5(COURSE, name), note_kind="barrier") for name in names)


def shown(story: Story, actor: Any = ANNA, **what: Any) -> str | None:
    """Return the digest of what a report would bring; nothing changes by asking."""
    kind = cmd.ReportFacts if "facts" in what else cmd.AddNotes
    report = kind(id=COURSE, actor=actor, **what)
    return digest_shown(decide_report(story.state, report, story.rules, story.now, story.calendar))


def test_a_report_that_completes_the_gate_issues_the_version_and_carries_the_receipt(begun: Story) -> None:
    digest = shown(begun, facts=CONTENT)
    assert begun.state.revision == 1

    begun.command(cmd.ReportFacts, ANNA, facts=CONTENT, acknowledge=digest)

    assert begun.withheld is None
    assert (begun.version, begun.missing) == (1, (Role.COMPANY_CONSULTANT,))


def test_a_note_under_another_id_is_what_was_shown(begun: Story) -> None:
    begun.reports(ANNA, **CONTENT)
    digest = shown(begun, BO, notes=notes("as shown", "and another"))

    begun.command(cmd.AddNotes, BO, notes=notes("as sent", "and the other"), acknowledge=digest)

    assert begun.withheld is None
    assert (begun.version, begun.missing) == (2, (Role.CASEWORKER,))


@pytest.mark.parametrize("change", ["fact", "note", "waits", "dispute"])
def test_another_change_in_between_leaves_the_report_and_no_receipt(begun: Story, change: str) -> None:
    begun.reports(ANNA, **CONTENT)
    digest = shown(begun, BO, notes=notes("as shown"))
    match change:
        case "fact":
            begun.reports(ANNA, way="work")
        case "dispute":
            begun.command(cmd.Dispute, ANNA, briefing=1, version=1, reason=COURSE)
        case _:
            begun.notes(ANNA, "observation", may_wait=change == "waits")

    begun.command(cmd.AddNotes, BO, notes=notes("as sent"), acknowledge=digest)

    assert begun.withheld is not None
    assert begun.withheld.code is Code.REPORTED_NOT_ACKNOWLEDGED
    assert uuid5(COURSE, "as sent") in {note.id for note in begun.state.notes}, "the report is not lost"
    assert Role.COMPANY_CONSULTANT in begun.missing


def test_nothing_is_acknowledged_where_no_version_follows(begun: Story) -> None:
    assert shown(begun, facts={"agreed": True}) is None

    begun.command(cmd.ReportFacts, ANNA, facts={"agreed": True}, acknowledge="0" * 64)

    assert begun.withheld is not None
    assert begun.state.on_record("agreed", 1) is not None
    assert begun.happened(ev.BriefingAcknowledged) == []


def test_one_note_for_two_open_visits_is_acknowledged_for_both_in_the_same_act(begun: Story) -> None:
    begun.reports(ANNA, agreed=True, way="both")
    begun.reports(BO, contract=True, apart=True)
    both_acknowledge(begun)
    for visit in (2, 3):
        begun.command(cmd.BriefNow, ANNA, visit=visit)

    begun.command(cmd.AddNotes, BO, notes=notes("sent"), acknowledge=shown(begun, BO, notes=notes("shown")))

    missing = [visit.briefing.missing for visit in begun.state.open_visits if visit.briefing is not None]
    assert missing == [(Role.CASEWORKER,), (Role.CASEWORKER,)]


def test_a_correction_that_the_report_brings_is_acknowledged_with_it() -> None:
    story = at_trial()
    story.command(cmd.BriefNow, BO)
    right = {"facts": {"way": "both"}, "visit": 1}
    digest = shown(story, BO, **right)

    story.command(cmd.ReportFacts, BO, **right, acknowledge=digest)

    assert story.withheld is None
    assert story.visit.briefing is not None
    assert [made.fact for made in story.visit.briefing.manifest.corrections] == ["way"]
    assert story.missing == (Role.CASEWORKER,)


def test_a_report_that_was_taken_back_is_shown_anew(begun: Story) -> None:
    first = shown(begun, facts=CONTENT)
    begun.command(cmd.ReportFacts, ANNA, facts=CONTENT, acknowledge=first)
    way = begun.state.on_record("way", 1)
    assert way is not None
    begun.command(cmd.RetractFact, ANNA, fact=way.fact.id, reason=COURSE)

    assert shown(begun, facts=CONTENT) != first


def test_who_holds_no_role_is_shown_nothing_to_acknowledge(begun: Story) -> None:
    begun.reports(ANNA, **CONTENT)

    assert shown(begun, CARL, notes=notes("a")) is None
    assert shown(begun, SARA, notes=notes("a")) is None


def test_while_the_course_is_paused_nothing_is_acknowledged_with_a_report(begun: Story) -> None:
    digest = shown(begun, facts=CONTENT)
    begun.command(cmd.PauseCourse, SARA, reason=COURSE)

    assert begun.refusal(cmd.ReportFacts, ANNA, facts=CONTENT, acknowledge=digest) is Code.COURSE_PAUSED


def test_what_is_shown_is_what_is_acknowledged_wherever_a_course_stands() -> None:
    """P3: of many courses drawn at random, each report that was shown to bring something carries its receipt."""
    draw = Random(31)  # noqa: S311 - it draws what happens, the same each time
    facts = [(ANNA, {"agreed": True}), (BO, {"contract": True, "apart": True}), (BO, {"tried": True})]
    ways: list[tuple[Actor, dict[str, Any]]] = [(actor, {"way": way}) for actor in (ANNA, BO) for way in WAYS]
    carried = 0
    for _ in range(12):
        story = Story().starts()
        for turn in range(14):
            actor, said = draw.choice([*facts, *ways, (ANNA, {}), (BO, {})])
            what = {"facts": said} if said else {"notes": notes(f"shown {turn}")}
            with suppress(RefusedError):
                digest = shown(story, actor, **what)
                sent = what if said else {"notes": notes(f"sent {turn}")}
                before = len(story.happened(ev.BriefingAcknowledged))
                story.command(cmd.ReportFacts if said else cmd.AddNotes, actor, **sent, acknowledge=digest)
                assert story.withheld is None
                receipts = story.happened(ev.BriefingAcknowledged)[before:]
                assert bool(receipts) == (digest is not None)
                assert all((receipt.person, receipt.by) == (actor.person, actor.person) for receipt in receipts)
                carried += len(receipts)
    assert carried > 20


# By the number of the version that was read


@pytest.fixture
def read(begun: Story) -> Story:
    """A course whose first version Bo has read."""
    begun.reports(ANNA, **CONTENT)
    return begun


def expect_withheld(story: Story, sent: str = "sent") -> None:
    """Expect that Bo's note stands and that he is asked to read the version that shows it."""
    assert story.withheld is not None
    assert story.withheld.code is Code.REPORTED_NOT_ACKNOWLEDGED
    assert uuid5(COURSE, sent) in {note.id for note in story.state.notes}
    assert (story.version, story.missing) == (2, (Role.CASEWORKER, Role.COMPANY_CONSULTANT))


@pytest.mark.parametrize("what", ["note", "taken back"])
def test_what_came_in_a_pause_that_is_over_is_not_acknowledged_unread(read: Story, what: str) -> None:
    wrong = read.notes(ANNA, "barrier")
    assert read.version == 2
    until = read.now + timedelta(days=1)
    read.command(cmd.PauseCourse, SARA, reason=COURSE, until=until)
    if what == "note":
        read.notes(ANNA, "barrier")
    else:
        read.command(cmd.RetractNote, ANNA, note=wrong, reason=COURSE)
    read.now = until

    read.command(cmd.AddNotes, BO, notes=notes("sent"), acknowledge=2)

    assert read.withheld is not None
    assert (read.version, read.receipts) == (3, ())


def test_a_note_that_waited_is_not_acknowledged_unread_with_a_report(read: Story) -> None:
    read.notes(ANNA, "observation", may_wait=True)

    read.command(cmd.AddNotes, BO, notes=notes("sent"), acknowledge=1)

    expect_withheld(read)


def test_an_own_note_that_waited_is_acknowledged_with_a_report(read: Story) -> None:
    read.notes(BO, "observation", may_wait=True)

    read.command(cmd.AddNotes, BO, notes=notes("sent"), acknowledge=1)

    assert (read.version, read.missing) == (2, (Role.CASEWORKER,))


def test_a_decision_that_ends_the_visits_beside_is_acknowledged_when_they_were_read_too() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True, apart=True)
    both_acknowledge(story)
    story.notes(BO, "observation", visit=2)
    story.command(cmd.BriefNow, ANNA, visit=3)

    story.command(cmd.ReportFacts, ANNA, facts={"closing_outcome": "job"}, visit=3, acknowledge=1)

    assert story.withheld is not None
    assert story.missing == (Role.CASEWORKER, Role.COMPANY_CONSULTANT)


def test_who_corrects_a_slip_acknowledges_nothing_that_came_meanwhile(read: Story) -> None:
    slip = read.notes(BO, "barrier")
    read.acknowledges(BO)
    until = read.now + timedelta(minutes=5)
    read.command(cmd.PauseCourse, SARA, reason=COURSE, until=until)
    read.notes(ANNA, "barrier")
    read.now = until

    read.command(cmd.SupersedeNote, BO, note=slip, right=COURSE)

    assert read.withheld is None
    assert (read.version, read.receipts) == (3, ())
