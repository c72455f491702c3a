"""A returning citizen: what the former course knew is gone through in one act, by who may read it (P13, P14)."""

from typing import Any
from uuid import uuid4

import pytest

from clients.caller import Caller
from tests.api.pages.browser import logged_in
from tests.api.vocabulary import case, expect, inbox
from tools.town.town import Town

UNIT = "former-nord"


@pytest.fixture
def former(anna: Caller, bo: Caller, system: Caller) -> dict[str, Any]:
    """A course that was closed, as it was started."""
    started = case()
    course = f"/v1/courses/{system.does('/v1/courses', **started)['course']}"
    anna.does(f"{course}/notes", kind="barrier", text="Må ikke arbejde alene på stige.")
    anna.does(f"{course}/notes", kind="resource", text="Har hjælp hjemme.", audience="caseworker_only")
    bo.does(f"{course}/notes", kind="lesson", text="Lageret var for koldt.")
    anna.does(f"{course}/close", outcome="moved", reason="Flyttet.")
    for role in (anna, bo):
        role.does(f"{course}/acknowledgements", briefing=1, version=1)
    return {**started, "course": course}


@pytest.fixture
def nora(town: Town) -> Caller:
    """A caseworker of another unit."""
    return town.speaks("nora", "caseworker", units=(UNIT,))


@pytest.fixture
def returned(former: dict[str, Any], town: Town) -> str:
    """The next course of the same citizen, in another unit."""
    system = town.speaks("case-system", "system", units=("*",))
    start = {name: value for name, value in former.items() if name != "course"}
    answer = system.does("/v1/courses", **{**start, "unit": UNIT, "caseworker": {"person": "nora"}})
    assert f"/v1/courses/{answer['follows']}" == former["course"]
    return f"/v1/courses/{answer['course']}"


def test_the_caseworker_goes_through_the_former_course_in_one_act(
    former: dict[str, Any], returned: str, nora: Caller, bo: Caller
) -> None:
    read = nora.get(returned)["former"]
    by_kind = {each["kind"]: each for each in read["proposals"]}
    assert nora.http.get(former["course"]).status_code == 404, "the former course is another unit's"
    assert (read["outcome"], bo.get(returned)["former"]) == ("Moved to another municipality", None)
    assert by_kind["barrier"]["text"] == "Må ikke arbejde alene på stige."
    assert (by_kind["lesson"]["step"]["id"], by_kind["barrier"]["step"]) == ("intake", None)
    (line,) = (item for item in inbox(nora) if item["course"]["id"] in returned and item["kind"] == "proposals")

    keep = [by_kind["barrier"]["id"], by_kind["lesson"]["id"]]
    drop = [{"proposal": by_kind["resource"]["id"], "ground": "no_longer_true"}]
    first = nora.does(f"{returned}/proposals", "once", keep=keep, drop=drop)
    assert nora.does(f"{returned}/proposals", "once", keep=keep, drop=drop) == first
    assert nora.does(f"{returned}/proposals", keep=keep)["revision"] == first["revision"], "done is done"

    assert nora.get(returned)["former"]["proposals"] == []
    assert line["id"] not in {item["id"] for item in inbox(nora)}
    barrier, lesson = bo.get(returned)["notes"]
    assert (barrier["text"], barrier["by"], barrier["former"]["by"]) == (by_kind["barrier"]["text"], "nora", "anna")
    assert lesson["text"].startswith("Lageret var for koldt.\nOpstart nr. 1 (2. marts 2026 til ")
    briefing = bo.http.get(f"{returned}/briefing", headers={"Accept": "text/plain"}).text
    assert "; from the former course: " in briefing
    assert bo.http.get(f"{returned}/briefing", headers={"Accept": "application/pdf"}).content.startswith(b"%PDF")
    assert "2 kept, 1 dropped" in nora.http.get(f"{returned}/journal", headers={"Accept": "text/plain"}).text


def test_the_caseworker_goes_through_it_with_the_citizen_on_a_page(returned: str, town: Town, nora: Caller) -> None:
    course, (first, *_) = returned.removeprefix("/v1"), nora.get(returned)["former"]["proposals"]
    browser = logged_in(town, "nora", "caseworker", units=(UNIT,))

    with browser.http:
        page = browser.opens(f"{course}/proposals")
        assert first["text"] in page.text
        form = next(form for form in page.forms if form.action == f"{course}/proposals")
        done = browser.presses(form, **{f"proposal.{first['id']}": "keep"})

    assert done.answer.url.path == course
    assert first["id"] not in [each["id"] for each in nora.get(returned)["former"]["proposals"]]
    assert [note["text"].split("\n")[0] for note in nora.get(returned)["notes"]] == [first["text"]]


def test_only_what_is_proposed_is_kept_or_dropped_and_only_by_who_may_read_it(
    returned: str, nora: Caller, bo: Caller
) -> None:
    unknown = str(uuid4())
    dropped = {"proposal": unknown, "ground": "was_wrong"}

    expect(nora.sends(f"{returned}/proposals", keep=[unknown]), 422, "proposal-unknown", "keep")
    expect(nora.sends(f"{returned}/proposals", drop=[dropped]), 422, "proposal-unknown", "drop")
    refused = expect(
        nora.sends(f"{returned}/proposals", drop=[{**dropped, "ground": "erased"}]),
        422,
        "value-not-allowed",
        "drop.0.ground",
    )
    assert refused["errors"][0]["params"] == {"allowed": "no_longer_true, was_wrong, not_relevant"}
    expect(bo.sends(f"{returned}/proposals", keep=[]), 403, "not-permitted")


def test_what_is_removed_in_the_former_course_is_removed_where_it_was_kept(
    former: dict[str, Any], returned: str, nora: Caller, town: Town
) -> None:
    anna, bo = town.speaks("anna", "caseworker"), town.speaks("bo", "company_consultant", units=(UNIT,))
    kept = {each["text"]: each["id"] for each in nora.get(returned)["former"]["proposals"]}
    words = next(text for text in kept if "stige" in text)
    nora.does(f"{returned}/proposals", keep=list(kept.values()))
    nora.does(f"{returned}/briefings")
    nora.does(f"{returned}/acknowledgements", briefing=1, version=1)
    (note,) = (note["id"] for note in nora.get(returned)["notes"] if note["text"] == words)

    remove = f"{former['course']}/notes/{kept[words]}/retract"
    anna.does(remove, reason="En anden borger.", wrong_citizen=True)

    for reader in (nora, bo):
        assert words not in "".join(reader.http.get(f"{returned}{part}").text for part in ("", "/journal", "/briefing"))
    assert nora.get(f"{returned}/briefing")["version"] == 2, "both are informed of the briefing without it"
    assert "note_retracted" in {line["kind"] for line in bo.get(f"{returned}/journal", limit=200)["items"]}
    assert removal(town, note)["content"] == words
    town.speaks("carl", "caseworker").does(remove, reason="En anden borger.", wrong_citizen=True)
    assert (removal(town, note)["content"], removal(town, note)["agreed_by"]) == (None, "carl")


def removal(town: Town, entry: str) -> Any:
    """Return what those who protect data read of something that was removed."""
    page = town.speaks("dorte", "data_protection", units=("*",)).get("/v1/data-protection/removals", limit=200)
    return next(row for row in page["items"] if row["id"] == entry)
