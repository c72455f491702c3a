"""What the case system takes into its own journal: the versions that are used up, and the journal in words."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from clients.caller import Caller
from tests.api.event_stream import listening
from tests.api.vocabulary import case, expect
from tests.journeys.vocabulary import WORDS, both_acknowledge, complete_intake
from tests.municipalities import fresh_municipality
from tools.town.town import Town

TOWN = fresh_municipality()
SECRET = "Kun for sagsbehandlere."


@pytest.fixture(scope="module")
def system(town: Town) -> Caller:
    """A case system of a municipality of its own."""
    return town.speaks("case-system", "system", municipality=TOWN, units=("*",))


@pytest.fixture(scope="module")
def anna(town: Town) -> Caller:
    """The caseworker."""
    return town.speaks("anna", "caseworker", municipality=TOWN, units=("*",))


@pytest.fixture(scope="module")
def bo(town: Town) -> Caller:
    """The company consultant."""
    return town.speaks("bo", "company_consultant", municipality=TOWN, units=("*",))


@pytest.fixture(scope="module")
def course(system: Caller, anna: Caller, bo: Caller) -> str:
    """The path of a course that left intake by its second version, in which a note was taken back afterwards."""
    directory = {"email": "anna@example.org", "roles": ["caseworker"], "unit": "job"}
    assert system.http.put("/v1/people/anna", json={"name": "Anna Andersen", **directory}).is_success
    path = f"/v1/courses/{system.does('/v1/courses', **case(municipality=TOWN))['course']}"
    anna.does(f"{path}/notes", kind="barrier", text=SECRET, audience="caseworker_only")
    complete_intake(path, anna, bo)
    anna.does(f"{path}/acknowledgements", briefing=1, version=1)
    anna.does(f"{path}/notes", kind="agreement", text="Vi ringer hver mandag.", changes_the_agreement=True)
    both_acknowledge(path, anna, bo)
    (agreed,) = [note for note in anna.get(path)["notes"] if note["kind"] == "agreement"]
    anna.does(f"{path}/notes/{agreed['id']}/retract", reason="Det var onsdag.")
    return path


def text(reader: Caller, path: str, language: str = "en", **query: Any) -> str:
    """Read something as plain text."""
    answer = reader.http.get(path, params=query, headers={"Accept": "text/plain", "Accept-Language": language})
    assert answer.is_success, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


@pytest.mark.usefixtures("course")
def test_a_version_that_is_used_up_is_told_once_with_who_was_informed_and_where_it_is(system: Caller) -> None:
    changes = system.get("/v1/changes", kind="briefing.final")["items"]

    (final,) = changes
    assert final["kind"] == "briefing.final"
    assert final["id"] == f"{final['course']}/briefing.final/1/2"
    assert (final["visit"], final["detail"]["step"], final["detail"]["version"]) == (1, "intake", 2)
    assert [(given["role"], given["by"]) for given in final["detail"]["acknowledged"]] == [
        ("caseworker", "anna"),
        ("company_consultant", "bo"),
    ]
    assert final["detail"]["missing"] == []
    read = system.http.get(final["detail"]["briefing"]).json()
    assert (read["course"], read["reference"]) == (final["course"], final["reference"])
    assert (read["digest"], read["standing"]) == (final["detail"]["digest"], "final")
    with listening(system, kind=["briefing.final"]) as listener:
        assert listener.hears() == changes


@pytest.mark.usefixtures("course")
def test_a_follower_who_stopped_at_the_leaving_is_told_the_version_next(system: Caller) -> None:
    (leaving,) = system.get("/v1/changes", kind="visit_left")["items"]

    following = system.get("/v1/changes", after=leaving["cursor"])["items"]

    assert [change["kind"] for change in following[:2]] == ["briefing.final", "visit_entered"]
    assert system.get("/v1/changes", after=following[0]["cursor"])["items"] == following[1:]


@pytest.mark.usefixtures("course")
def test_another_unit_is_told_of_no_version(town: Town) -> None:
    youth = town.speaks("case-system", "system", municipality=TOWN, units=("youth",))

    assert youth.get("/v1/changes", kind="briefing.final")["items"] == []


def test_each_version_is_read_as_it_was_with_its_receipts(system: Caller, course: str) -> None:
    first, second = (system.get(f"{course}/briefing", visit=1, version=version) for version in (1, 2))

    assert [(read["version"], read["standing"]) for read in (first, second)] == [(1, "replaced"), (2, "final")]
    assert [given["acknowledged_at"] is not None for given in first["receipts"]] == [True, False]
    assert [given["name"] for given in second["receipts"]] == ["Anna Andersen", "bo"]
    assert first["missing"] == ["company_consultant"]
    notes = {note["text"]: note["taken_back_on"] for note in second["notes"]}
    assert notes["Vi ringer hver mandag."], "it was taken back later, and says so"
    assert "Vi ringer hver mandag." not in [note["text"] for note in first["notes"]]
    assert system.get(f"{course}/briefing", visit=1) == second, "the last is the one that is read without a version"


def test_a_version_that_was_never_issued_is_refused_by_name(system: Caller, course: str) -> None:
    problem = expect(
        system.http.get(f"{course}/briefing", params={"visit": 1, "version": 7}), 422, "version-unknown", "version"
    )

    assert problem["errors"][0]["remedy"] == "Read the course again to see which versions there are: 1 or 2."
    expect(system.http.get(f"{course}/briefing", params={"visit": 9}), 422, "visit-unknown", "visit")


@pytest.mark.parametrize(("language", "word"), [("da", "Orientering"), ("en", "Briefing")])
def test_a_version_is_a_document_in_the_reader_s_language(
    system: Caller, course: str, language: str, word: str
) -> None:
    headers = {"Accept": "application/pdf", "Accept-Language": language}
    answer = system.http.get(f"{course}/briefing", params={"visit": 1, "version": 2}, headers=headers)

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert f'filename="{word.lower()}-' in answer.headers["content-disposition"]
    made = PdfReader(BytesIO(answer.content))
    assert made.metadata is not None
    assert (made.metadata.title or "").startswith(f"{word} – Karla Eksempel")
    shown = "".join(page.extract_text() for page in made.pages)
    assert "Anna Andersen" in shown
    assert SECRET not in shown


def test_the_journal_is_copied_as_text(anna: Caller, course: str) -> None:
    copied = text(anna, f"{course}/journal", "da")

    question = "Hvad vil borgeren gerne arbejde med? (borgerens egne ord)"
    reference = anna.get(course)["reference"]
    assert copied.startswith(f"Sag {reference} · Karla Eksempel · regelsæt JobFirst 2026-11\n")
    assert f"· Anna Andersen (sagsbehandler)\n  Notat – {question}: {WORDS['wish']}\n" in copied
    assert f"  Notat – Barriere: {SECRET}\n" in copied
    assert "Vi ringer hver mandag. [trukket tilbage " in copied
    assert "  Begrundelse: Det var onsdag.\n" in copied
    assert (
        "Vurdering af Opstart nr. 1 efter JobFirst 2026-11: kravene er opfyldt. Videre til: Virksomhedsbesøg." in copied
    )
    assert copied.count("det mangler endnu:") == 1, "only the hold at which it stands now"
    assert "(metode: JobFirst, princip 1, på arbejdsmarkedet fra dag ét)" in copied
    assert "Besked til" not in copied


def test_what_a_reader_may_not_read_is_left_out_and_said_so(bo: Caller, course: str) -> None:
    copied = text(bo, f"{course}/journal")
    (hidden,) = [line for line in bo.get(f"{course}/journal", limit=200)["items"] if "left out" in line["text"]]

    assert SECRET not in copied
    assert "  A note that is for caseworkers only is left out.\n" in copied
    assert (hidden["detail"], hidden["words"], hidden["kind"]) == (None, None, "note_added")


def test_a_range_of_the_journal_is_copied_alone(anna: Caller, course: str) -> None:
    lines = anna.get(f"{course}/journal", limit=200)["items"]
    retraction = next(line for line in lines if line["kind"] == "note_retracted")

    assert anna.get(f"{course}/journal", after=retraction["position"] - 1, limit=1)["items"] == [retraction]
    assert anna.get(f"{course}/journal", since=retraction["at"], limit=200)["items"] == [
        line for line in lines if line["at"] >= retraction["at"]
    ]
    assert "Took back a note: Agreement.\n  Reason: Det var onsdag." in text(
        anna, f"{course}/journal", since=retraction["at"]
    )
    later = text(anna, f"{course}/journal", since=datetime(2199, 1, 1, tzinfo=UTC).isoformat())
    assert len(later.splitlines()) == 2, "the head alone"


def test_each_entry_has_its_words_in_the_reader_s_language(anna: Caller, course: str) -> None:
    def texts(language: str) -> list[str]:
        headers = {"Accept-Language": language}
        response = anna.http.get(f"{course}/journal", params={"limit": 200}, headers=headers)
        return [line["text"] for line in response.json()["items"]]

    danish, english = texts("da"), texts("en")
    assert len(danish) == len(english)
    assert all(danish)
    assert english[0].startswith("Started the course")
    assert danish[0].startswith("Startede forløbet")


def test_an_instant_that_is_none_and_a_form_there_is_not_are_refused(anna: Caller, course: str) -> None:
    def asked(accept: str = "*/*", **query: Any) -> httpx.Response:
        return anna.http.get(f"{course}/journal", params=query, headers={"Accept": accept})

    expect(asked(since="i går"), 422, "not-an-instant", "since")
    expect(asked(since="2026-03-09T08:30:00"), 422, "not-an-instant", "since")
    expect(asked(after=-1), 422, "not-in-range", "after")
    expect(asked(after=2**63), 422, "not-in-range", "after")
    expect(asked("application/xml"), 406, "not-acceptable")
