"""What was kept of a former course: another citizen's goes everywhere, what was wrong where it was kept (P10, P13)."""

from typing import Any, Final, NamedTuple

import pytest

from clients.caller import Caller
from tests.api.vocabulary import case, expect
from tools.town.town import Town

UNIT: Final = "kept-nord"
NOTES: Final = {"barrier": "Må ikke stå på stige.", "lesson": "Lageret var for koldt."}
FACT: Final = "trial_stopped_by"
WORDS: Final = {**NOTES, FACT: "Hvem stoppede praktikken"}
"""By what is known: the words by which it is recognised where it is kept."""

REASON: Final = "Det var ikke sådan."


class Roles(NamedTuple):
    """Who holds a course."""

    caseworker: Caller
    consultant: Caller


class Two(NamedTuple):
    """A closed course and the one that follows it, of another unit."""

    former: str
    entries: dict[str, str]
    returned: str

    def path(self, what: str) -> str:
        """Return where something of the former course is taken back."""
        return f"{self.former}/{'facts' if what == FACT else 'notes'}/{self.entries[what]}/retract"


@pytest.fixture(scope="module")
def before(town: Town) -> Roles:
    return Roles(town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant"))


@pytest.fixture(scope="module")
def after(town: Town) -> Roles:
    nora = town.speaks("nora", "caseworker", units=(UNIT,))
    return Roles(nora, town.speaks("bodil", "company_consultant", units=(UNIT,)))


def closes(course: str, roles: Roles) -> None:
    """Close a course when both are informed."""
    roles.caseworker.does(f"{course}/close", outcome="moved", reason="Flyttet.")
    for role in roles:
        briefing = roles.caseworker.get(f"{course}/briefing")
        role.does(f"{course}/acknowledgements", briefing=briefing["briefing"], version=briefing["version"])
    assert roles.caseworker.get(course)["status"] == "completed"


@pytest.fixture
def two(town: Town, before: Roles) -> Two:
    """A course that ended in its trial, and the citizen's next one."""
    system = town.speaks("case-system", "system", units=("*",))
    where = {"visits": [{"step": "trial", "entered_on": "2026-03-02"}]}
    started = case(taken_over=where)
    former = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
    bo = before.consultant
    entries = {kind: bo.does(f"{former}/notes", kind=kind, text=text)["notes"][0]["id"] for kind, text in NOTES.items()}
    bo.does(f"{former}/facts", facts={FACT: "company"})
    entries[FACT] = next(fact["id"] for fact in bo.get(former)["facts"] if fact["fact"] == FACT)
    closes(former, before)
    next_case = {"unit": UNIT, "caseworker": {"person": "nora"}, "company_consultant": {"person": "bodil"}}
    again = {name: value for name, value in started.items() if name != "taken_over"}
    returned = f"/v1/courses/{system.does('/v1/courses', **{**again, **next_case})['course']}"
    return Two(former, entries, returned)


def keeps_all(two: Two, after: Roles) -> dict[str, str]:
    """Keep everything; return the notes that it became, by what it was."""
    proposals = after.caseworker.get(two.returned)["former"]["proposals"]
    after.caseworker.does(f"{two.returned}/proposals", keep=[each["id"] for each in proposals])
    notes = after.caseworker.get(two.returned)["notes"]
    return {what: next(n["id"] for n in notes if words in n["text"]) for what, words in WORDS.items()}


def listed(town: Town) -> dict[str, Any]:
    """Return who agreed to each removal, by what is removed."""
    page = town.speaks("dorte", "data_protection", units=("*",)).get("/v1/data-protection/removals", limit=200)
    return {row["id"]: row["agreed_by"] for row in page["items"]}


def shows(reader: Caller, course: str, what: str) -> bool:
    """Say whether anything that is read of a course has the words of something."""
    parts = ("", "/journal?limit=200", "/briefing", "/explanation")
    answers = "".join(reader.http.get(f"{course}{part}").text for part in parts)
    recognised = ("Virksomheden", '"value":"company"') if what == FACT else (NOTES[what],)
    return any(words in answers for words in recognised)


@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("where", ["former", "returned"])
def test_what_is_of_another_citizen_goes_from_both_courses_wherever_it_is_taken_back(
    town: Town, two: Two, before: Roles, after: Roles, where: str, *, is_closed: bool
) -> None:
    kept = keeps_all(two, after)
    if is_closed:
        closes(two.returned, after)
    wrong = {"reason": REASON, "wrong_citizen": True}
    for what in WORDS:
        entries = {two.entries[what], kept[what]}
        here, there, path, elsewhere = (
            (before, after, two.path(what), two.returned)
            if where == "former"
            else (after, before, f"{two.returned}/notes/{kept[what]}/retract", two.former)
        )

        here.caseworker.does(path, **wrong)

        assert {entry: listed(town)[entry] for entry in entries} == dict.fromkeys(entries)
        assert not shows(there.caseworker, elsewhere, what)
        here.consultant.does(path, **wrong)
        assert {listed(town)[entry] for entry in entries} == {"bo" if where == "former" else "bodil"}


@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
def test_what_was_wrong_in_the_former_course_is_taken_back_where_it_was_kept(
    town: Town, two: Two, before: Roles, after: Roles, *, is_closed: bool
) -> None:
    kept = keeps_all(two, after)
    if is_closed:
        closes(two.returned, after)
    for what in WORDS:
        before.caseworker.does(two.path(what), reason=REASON)
        assert before.caseworker.does(two.path(what), reason=REASON), "a second click is done"

        assert kept[what] not in {note["id"] for note in after.caseworker.get(two.returned)["notes"]}
        assert shows(after.caseworker, two.returned, what), "it is taken back, and not erased"
        before.caseworker.does(two.path(what), reason=REASON, wrong_citizen=True)
        assert {two.entries[what], kept[what]} <= listed(town).keys()
        assert not shows(after.caseworker, two.returned, what)


def test_what_is_no_longer_true_or_is_wrong_in_the_next_course_only_stays_there(
    two: Two, before: Roles, after: Roles
) -> None:
    kept = keeps_all(two, after)
    before.caseworker.does(two.path("barrier"), reason=REASON, ground="no_longer_true")
    assert kept["barrier"] in {note["id"] for note in after.caseworker.get(two.returned)["notes"]}

    for what, ground in (("barrier", "no_longer_true"), ("lesson", "was_wrong"), (FACT, "was_wrong")):
        after.caseworker.does(f"{two.returned}/notes/{kept[what]}/retract", reason=REASON, ground=ground)

    known = before.caseworker.get(two.former)
    assert {two.entries["lesson"], two.entries[FACT]} <= {each["id"] for each in known["notes"] + known["facts"]}


@pytest.mark.parametrize("more", [{}, {"wrong_citizen": True}], ids=["wrong", "of another citizen"])
def test_what_is_taken_back_before_anybody_went_through_it_is_proposed_no_more(
    two: Two, before: Roles, after: Roles, more: dict[str, Any]
) -> None:
    nora, proposals = after.caseworker, f"{two.returned}/proposals"
    proposed = [each["id"] for each in nora.get(two.returned)["former"]["proposals"]]
    assert len(proposed) == len(WORDS)
    for what in WORDS:
        before.caseworker.does(two.path(what), reason=REASON, **more)

    assert nora.get(two.returned)["former"]["proposals"] == []
    expect(nora.sends(proposals, keep=proposed), 422, "proposal-unknown", "keep")


@pytest.fixture
def reopened(two: Two, town: Town, after: Roles) -> Two:
    """Two courses, of which the next one kept everything and closed, and the former one is open again."""
    keeps_all(two, after)
    closes(two.returned, after)
    town.speaks("sara", "supervisor").does(f"{two.former}/reopen", reason="Lukket ved en fejl.")
    return two


def test_what_is_put_right_in_the_former_course_is_put_right_where_it_was_kept(
    reopened: Two, before: Roles, after: Roles
) -> None:
    two = reopened
    bo, nora = before.consultant, after.caseworker
    for text in ("Må ikke stå på høj stige.", "Må ikke stå højt på en stige."):
        note = next(note["id"] for note in bo.get(two.former)["notes"] if note["kind"] == "barrier")
        bo.does(f"{two.former}/notes/{note}/supersede", text=text, reason=REASON)

        (copy,) = (note for note in nora.get(two.returned)["notes"] if note["kind"] == "barrier")
        assert (copy["text"], copy["by"]) == (text, "nora"), "it is still hers"
        assert copy["former"]["course"] == two.former.rpartition("/")[2]
    bo.does(f"{two.former}/facts/{two.entries[FACT]}/supersede", value="citizen", reason=REASON)

    texts = [note["text"] for note in nora.get(two.returned)["notes"]]
    (lesson,) = (text for text in texts if WORDS[FACT] in text)
    assert "Borgeren" in lesson
    assert "Virksomheden" not in lesson
    assert len(texts) == len(WORDS)


def test_why_something_was_put_right_is_read_where_it_was_said_alone(
    reopened: Two, before: Roles, after: Roles
) -> None:
    two = reopened
    note = two.entries["barrier"]
    before.consultant.does(f"{two.former}/notes/{note}/supersede", text="Må ikke stå højt.", reason=REASON)
    before.consultant.does(two.path("lesson"), reason=REASON)
    before.consultant.does(two.path(FACT), reason=REASON, wrong_citizen=True)

    there = after.caseworker.http.get(f"{two.returned}/journal", params={"limit": 200}).text
    assert REASON in before.caseworker.http.get(f"{two.former}/journal", params={"limit": 200}).text
    assert REASON not in there
    assert "Det er rettet i et andet af borgerens forløb." in there


def test_an_observer_is_answered_for_what_he_takes_back_and_it_goes_where_it_was_kept_too(
    town: Town, before: Roles, after: Roles
) -> None:
    system, sara = town.speaks("case-system", "system", units=("*",)), town.speaks("sara", "supervisor")
    olga, started = town.speaks("olga", "observer"), case()
    former = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
    sara.put(f"{former}/observers/olga", {"kind": "mentor", "reason": "Følger med."})
    mine = olga.does(f"{former}/notes", kind="barrier", text=NOTES["barrier"])["notes"][0]["id"]
    closes(former, before)
    next_case = {"unit": UNIT, "caseworker": {"person": "nora"}, "company_consultant": {"person": "bodil"}}
    returned = f"/v1/courses/{system.does('/v1/courses', **{**started, **next_case})['course']}"
    nora = after.caseworker
    (proposal,) = nora.get(returned)["former"]["proposals"]
    nora.does(f"{returned}/proposals", keep=[proposal["id"]])
    (copy,) = nora.get(returned)["notes"]
    nora.does(f"{returned}/notes/{copy['id']}/retract", reason=REASON, ground="no_longer_true")

    for _ in range(2):
        olga.does(f"{former}/notes/{mine}/retract", reason=REASON, wrong_citizen=True)

        assert listed(town)[mine] is None
        assert listed(town)[copy["id"]] is None, "an observer is no second person who agrees"
    before.caseworker.does(f"{former}/notes/{mine}/retract", reason=REASON, wrong_citizen=True)
    assert {listed(town)[mine], listed(town)[copy["id"]]} == {"anna"}
