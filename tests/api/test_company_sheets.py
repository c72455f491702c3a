"""The sheet of a company: shown, approved word for word, issued, printed, told and withdrawn (P10, P14)."""

from io import BytesIO
from itertools import count
from typing import Any, Final

import pytest
from pypdf import PdfReader

from clients.caller import Caller
from tests.api.vocabulary import case, expect, inbox
from tests.municipalities import fresh_municipality
from tools.town.town import Town

HERE: Final = fresh_municipality()
UNIT: Final = "praktik"
PLACE: Final = "1000000001"
ELSEWHERE: Final = "1000000002"
VISITS: Final = [
    {"step": "intake", "entered_on": "2026-03-02", "left_on": "2026-03-20"},
    {"step": "company_visit", "entered_on": "2026-03-20", "left_on": "2026-04-01"},
    {"step": "trial", "entered_on": "2026-04-01"},
]
FACTS: Final = {
    "trial_p_number": PLACE,
    "trial_starts_on": "2026-04-13",
    "trial_ends_on": "2026-07-10",
    "trial_weekly_hours": 15,
}
WORDS: Final = "Karla møder klokken ti og pakker stiklinger."
HEALTH: Final = "Karla løfter ikke over fem kilo."
PEOPLE: Final = (("anna", "caseworker", "+45 11111111"), ("bo", "company_consultant", "+45 22222222"))
_numbers = count(1)


class Trial:
    """A course at its trial, with everybody who has to do with it."""

    def __init__(self, town: Town, **more: Any) -> None:
        self.town = town
        self.anna, self.bo = self.speaks("anna", "caseworker"), self.speaks("bo", "company_consultant")
        self.sara = self.speaks("sara", "supervisor", units=("*",))
        for person, role, phone in PEOPLE:
            put(self.sara, f"/v1/people/{person}", name=f"{person.title()} Eksempel", roles=[role], phone=phone)
        put(self.sara, f"/v1/companies/{PLACE}", cvr="10000009", name="Nordgartneriet")
        citizen = {"reference": "citizen-1", "name": "Karla Eksempel"}
        started = case(
            municipality=HERE, unit=UNIT, started_on="2026-03-02", reference=f"sheet-{next(_numbers)}", citizen=citizen
        )
        system = self.speaks("case-system", "system")
        answer = system.does("/v1/courses", **{"facts": FACTS, **started, **more}, taken_over={"visits": VISITS})
        self.course = f"/v1/courses/{answer['course']}"
        self.sheet = f"{self.course}/company-sheet"

    def speaks(self, person: str, *roles: str, units: tuple[str, ...] = (UNIT,)) -> Caller:
        return self.town.speaks(person, *roles, units=units, municipality=HERE)

    def writes(self, text: str = WORDS, kind: str = "agreement", **more: Any) -> str:
        """Let Bo write something for the company, and return the note."""
        what = {"kind": kind, "text": text, "may_tell_company": True, **more}
        note: str = self.bo.does(f"{self.course}/notes", **what)["notes"][0]["id"]
        return note

    def approves(self, note: str, *, about_health: bool = False) -> None:
        """Let Anna approve the words as she reads them."""
        (shown,) = (each for each in self.preview()["notes"] if each["id"] == note)
        approval = {"p_number": PLACE, "digest": shown["digest"], "about_health": about_health}
        self.anna.does(f"{self.course}/notes/{note}/company-approval", **approval)

    def preview(self, reader: Caller | None = None, **more: Any) -> dict[str, Any]:
        """Return the sheet as it would be now."""
        answer: dict[str, Any] = (reader or self.bo).get(self.sheet, **more)
        return answer

    def issues(self, **more: Any) -> int:
        """Let Bo issue what he was shown, and return the version."""
        self.bo.does(self.sheet, digest=self.preview(**more)["digest"], **more)
        version: int = self.preview()["versions"][-1]["version"]
        return version

    def given_out(self, version: int, form: str = "text/plain", language: str = "da") -> Any:
        """Return the answer to who asks for a version to give out."""
        headers = {"Accept": form, "Accept-Language": language}
        return self.bo.http.get(self.sheet, params={"version": version}, headers=headers)


def put(speaker: Caller, path: str, **body: Any) -> None:
    answer = speaker.http.put(path, json=body)
    assert answer.is_success, answer.text


@pytest.fixture
def trial(town: Town) -> Trial:
    return Trial(town)


def test_what_is_shown_is_issued_printed_and_told(trial: Trial) -> None:
    trial.approves(trial.writes())

    shown = trial.preview(comes_along="company_consultant")
    assert shown["page"] == {
        "authority": f"Municipality {HERE} · {UNIT}",
        "company": "Nordgartneriet",
        "p_number": PLACE,
        "citizen": "Karla Eksempel",
        "step": "Company trial",
        "purpose": shown["page"]["purpose"],
        "facts": [
            {"label": "When does the trial begin?", "text": "13 April 2026"},
            {"label": "When does the trial end?", "text": "10 July 2026"},
            {"label": "How many hours a week in the trial?", "text": "15 hours a week"},
        ],
        "agreed": [WORDS],
        "considerations": [],
        "contact": {"name": "Bo Eksempel", "role": "company consultant", "phone": "+45 22222222"},
        "comes_along": [{"name": "Bo Eksempel", "role": "company consultant", "phone": None}],
    }
    assert (shown["missing"], shown["versions"], shown["standing"]) == ([], [], "preview")

    trial.bo.does(trial.sheet, digest=shown["digest"], comes_along=["company_consultant"])
    trial.bo.does(f"{trial.sheet}/told", version=1, how="print")
    trial.bo.does(f"{trial.sheet}/told", version=1, how="telephone")

    issued = trial.preview(version=1)
    assert (issued["page"], issued["standing"], issued["digest"]) == (shown["page"], "stands", shown["digest"])
    (version,) = issued["versions"]
    assert [(each["by_name"], each["about_health"]) for each in version["approvals"]] == [("Anna Eksempel", False)]
    assert (version["by_name"], [told["how"] for told in version["told"]]) == ("Bo Eksempel", ["print", "telephone"])
    text = trial.given_out(1).text
    printed = PdfReader(BytesIO(trial.given_out(1, "application/pdf").content)).pages[0].extract_text()
    for words in (WORDS, "Karla Eksempel", "Nordgartneriet", "+45 22222222", "13. april 2026"):
        assert words in text
        assert words in " ".join(printed.split())


def test_no_page_names_a_case_and_a_preview_says_that_it_is_one(trial: Trial) -> None:
    reference = trial.bo.get(trial.course)["reference"]
    for form in ("text/plain", "application/pdf"):
        answer = trial.bo.http.get(trial.sheet, headers={"Accept": form, "Accept-Language": "da"})
        assert answer.is_success, answer.text
        pages = PdfReader(BytesIO(answer.content)).pages if form == "application/pdf" else ()
        text = "".join(page.extract_text() for page in pages) or answer.text
        assert "UDKAST" in text
        for named in (reference, trial.course.rpartition("/")[2], "citizen-1"):
            assert named not in text


def test_who_comes_along_and_whom_to_call_are_chosen(trial: Trial) -> None:
    version = trial.issues(contact="caseworker", comes_along=["caseworker"])

    page = trial.preview(version=version)["page"]
    assert page["contact"]["phone"] == "+45 11111111"
    assert [person["name"] for person in page["comes_along"]] == ["Anna Eksempel"]


def test_nothing_is_issued_but_what_was_shown(trial: Trial) -> None:
    shown = trial.preview()["digest"]
    trial.approves(trial.writes())

    answer = trial.bo.http.post(trial.sheet, json={"digest": shown})

    expect(answer, 409, "company-sheet-changed")
    trial.issues()
    trial.issues()
    assert [each["version"] for each in trial.preview()["versions"]] == [1], "what stands is not issued again"


def test_a_contact_without_a_number_is_told_before_anything_is_issued(trial: Trial) -> None:
    put(trial.sara, "/v1/people/bo", name="Bo Eksempel", roles=["company_consultant"])

    shown = trial.preview()
    assert shown["digest"] is None
    assert shown["missing"] == ["Whom the company is to call has no telephone number in the directory."]
    answer = trial.bo.http.post(trial.sheet, json={"digest": "0" * 64})
    assert shown["missing"][0] in expect(answer, 409, "company-sheet-incomplete")["detail"]


def test_words_are_approved_as_they_were_read_and_corrected_ones_are_not(trial: Trial) -> None:
    note = trial.writes()
    (shown,) = trial.preview()["notes"]
    approval = {"p_number": PLACE, "digest": "0" * 64, "about_health": False}
    expect(
        trial.anna.http.post(f"{trial.course}/notes/{note}/company-approval", json=approval),
        409,
        "company-sheet-changed",
    )

    trial.approves(note)
    assert trial.preview()["notes"][0]["approved"]["by_name"] == "Anna Eksempel"
    trial.bo.does(f"{trial.course}/notes/{note}/supersede", text="Karla møder klokken elleve.")

    (corrected,) = trial.preview()["notes"]
    assert (corrected["approved"], corrected["digest"] == shown["digest"]) == (None, False)
    assert trial.preview()["page"]["agreed"] == []


@pytest.mark.parametrize(("kind", "about_health"), [("barrier", False), ("agreement", True)])
def test_considerations_need_consent_and_stop_with_it(trial: Trial, kind: str, *, about_health: bool) -> None:
    note = trial.writes(HEALTH, kind)
    trial.approves(note, about_health=about_health)
    assert trial.preview()["page"]["considerations"] == []
    assert trial.preview()["notes"][0]["needs_consent"]

    trial.anna.does(f"{trial.course}/facts", facts={"company_consent": "given"})
    assert trial.preview()["page"]["considerations"] == [HEALTH]
    version = trial.issues()
    trial.bo.does(f"{trial.sheet}/told", version=version, how="print")
    assert HEALTH in trial.given_out(version).text

    trial.anna.does(f"{trial.course}/facts", facts={"company_consent": "withdrawn"})

    assert trial.preview()["page"]["considerations"] == []
    for form in ("text/plain", "application/pdf"):
        problem = expect(trial.given_out(version, form, "en"), 409, "company-sheet-stopped")
        assert "no longer consents" in problem["detail"]
        assert HEALTH not in str(problem)
    assert trial.preview(version=version)["standing"] == "stopped"
    for reader in (trial.anna, trial.bo):
        (line,) = (i["text"] for i in inbox(reader) if i["course"]["id"] in trial.course and "sheet to" in i["text"])
        assert line.count("the sheet to the company holds no longer: the citizen no longer consents") == 1
    refused = trial.bo.http.post(f"{trial.sheet}/told", json={"version": version, "how": "print"})
    assert "no longer consents" in expect(refused, 409, "company-sheet-stopped")["detail"]


def test_another_role_withdraws_an_approval_and_the_sheet_goes(trial: Trial) -> None:
    note = trial.writes()
    trial.approves(note)
    version = trial.issues()

    trial.bo.does(f"{trial.course}/notes/{note}/company-approval/withdraw", p_number=PLACE)

    assert trial.preview(version=version)["versions"][0]["because"] == "approval_withdrawn"
    expect(trial.given_out(version), 409, "company-sheet-stopped")


def test_a_newer_version_is_given_out_in_the_place_of_an_older(trial: Trial) -> None:
    first = trial.issues()
    second = trial.issues(comes_along=["caseworker"])

    assert (trial.preview(version=first)["standing"], trial.preview(version=second)["standing"]) == (
        "replaced",
        "stands",
    )
    expect(trial.given_out(first), 409, "company-sheet-stopped")


def test_only_the_roles_and_their_cover_act_and_who_sees_the_course_reads(trial: Trial) -> None:
    digest = trial.preview()["digest"]
    other = trial.speaks("carl", "company_consultant")
    expect(other.http.post(trial.sheet, json={"digest": digest}), 403, "not-the-party")
    expect(trial.sara.http.post(trial.sheet, json={"digest": digest}), 403, "not-permitted")
    assert trial.preview(trial.sara)["page"] == trial.preview()["page"]
    elsewhere = trial.speaks("carl", "supervisor", units=("andet",))
    expect(elsewhere.http.get(trial.sheet), 404, "course-not-found")

    put(trial.sara, f"{trial.course}/observers/mille", kind="mentor", reason="Aftalt med borgeren.")
    mille = trial.speaks("mille", "observer")
    expect(mille.http.get(trial.sheet), 403, "not-permitted")
    observing = trial.speaks("mille", "observer", "caseworker", units=("andet",))
    expect(observing.http.get(trial.sheet), 403, "not-for-observers")


def test_a_note_for_caseworkers_only_never_comes_near_the_company(trial: Trial) -> None:
    hidden = {"kind": "agreement", "text": "Kun for os.", "audience": "caseworker_only", "may_tell_company": True}
    note = trial.anna.does(f"{trial.course}/notes", **hidden)["notes"][0]["id"]

    assert trial.preview(trial.anna)["notes"] == []
    approval = {"p_number": PLACE, "digest": "0" * 64, "about_health": False}
    for speaker, code in ((trial.bo, "note-not-for-company"), (trial.anna, "company-sheet-changed")):
        answer = speaker.http.post(f"{trial.course}/notes/{note}/company-approval", json=approval)
        assert answer.json()["code"] == code


def test_a_protected_name_is_on_no_sheet_and_stops_one_with_it(trial: Trial) -> None:
    version = trial.issues()
    put(trial.anna, f"{trial.course}/citizen", protected=True, reason="Navnebeskyttet fra i dag.")

    assert trial.preview()["page"]["citizen"] is None
    assert trial.preview(version=version)["page"]["citizen"] is None
    expect(trial.given_out(version), 409, "company-sheet-stopped")
    again = trial.issues()
    assert "Karla Eksempel" not in trial.given_out(again).text


def test_what_is_of_another_citizen_goes_from_every_version(trial: Trial) -> None:
    note = trial.writes()
    trial.approves(note)
    version = trial.issues()
    hours = next(f["id"] for f in trial.anna.get(trial.course)["facts"] if f["fact"] == "trial_weekly_hours")

    trial.anna.does(f"{trial.course}/notes/{note}/retract", reason="En anden borger.", wrong_citizen=True)
    trial.anna.does(f"{trial.course}/facts/{hours}/retract", reason="En anden borger.", wrong_citizen=True)

    read = trial.preview(version=version)
    assert WORDS not in str(read)
    assert "15 hours" not in str(read)
    assert read["versions"][0]["because"] == "words_changed"
    expect(trial.given_out(version), 409, "company-sheet-stopped")


def test_the_journal_tells_who_approved_issued_and_told(trial: Trial) -> None:
    trial.approves(trial.writes())
    trial.issues()
    trial.bo.does(f"{trial.sheet}/told", version=1, how="telephone")

    lines = trial.bo.get(f"{trial.course}/journal", limit=200)["items"]
    texts = [line["text"] for line in lines]
    assert f"Approved the words of a note for the company (P-number {PLACE}): Agreement." in texts
    assert any(text.startswith("Issued the sheet to the company, version 1, for ") for text in texts)
    assert "Told the company by telephone of the sheet, version 1." in texts
    (issued,) = (line for line in lines if line["kind"] == "sheet_issued")
    assert "details" not in issued["detail"]


def test_where_no_company_is_told_anything_the_sheet_says_so(trial: Trial) -> None:
    body = case(municipality=HERE, unit=UNIT, reference=f"sheet-{next(_numbers)}")
    course = trial.anna.does("/v1/courses", **body)["course"]

    expect(trial.anna.http.get(f"/v1/courses/{course}/company-sheet"), 409, "company-sheet-not-here")
    expect(trial.bo.http.get(trial.sheet, params={"version": 7}), 422, "version-unknown", "version")
