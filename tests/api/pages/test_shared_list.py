"""The list for two who work together: what they share, with names folded, and what is at one company together."""

from typing import Any, Final
from uuid import uuid4

from api.inbox.routes import InboxItemRead
from api.pages.my_list import Line, gathered
from tests.api.pages.browser import Page
from tests.api.pages.morning import HERE, WORDS, Morning
from tests.api.vocabulary import case
from tools.town.town import Town

NOTHING: Final[dict[str, Any]] = dict.fromkeys(InboxItemRead.model_fields)


def line(id_: str, company: str | None) -> Line:
    """Return a line of which nothing else is known."""
    return Line(InboxItemRead.model_construct(**{**NOTHING, "id": id_}), company=company)


def with_carl(town: Town) -> str:
    """Start a course that Anna and Carl carry, and return its reference."""
    reference = f"carl-{uuid4()}"
    parties = {"caseworker": {"person": "anna"}, "company_consultant": {"person": "carl"}}
    started = case(municipality=HERE, reference=reference, citizen={"reference": "x", "name": "Viggo Prøve"}, **parties)
    town.speaks("case-system", "system", municipality=HERE).does("/v1/courses", **started)
    return reference


def shared_with(page: Page, name: str) -> str:
    """Return the address of what is shared with somebody."""
    return next(address for words, address in page.links.items() if words == name)


def test_what_is_shared_with_one_colleague_is_shown_alone_and_names_no_citizen_until_unfolded(
    town: Town, morning: Morning
) -> None:
    reference = with_carl(town)
    whole = morning.anna.opens("/list?limit=200")

    address = shared_with(whole, "Bo Eksempel")
    mine = morning.anna.opens(f"{address}&limit=200")
    theirs = morning.anna.opens(f"{shared_with(whole, 'carl')}&limit=200")

    assert "bo" not in address.lower()
    assert WORDS["shared_with"].format(name="Bo Eksempel") in mine.text
    assert morning.page in mine.answer.text
    assert morning.page not in theirs.answer.text
    assert (reference in whole.text, reference in mine.text, reference in theirs.text) == (True, False, True)
    names = mine.answer.text.count("Karla Prøve")
    assert names
    assert mine.answer.text.count("</summary>Karla Prøve</details>") == names
    assert "</summary>Karla Prøve" not in whole.answer.text


def test_the_shared_list_refreshes_to_itself(morning: Morning) -> None:
    whole = morning.anna.opens("/list")

    shared = morning.anna.opens(shared_with(whole, "Bo Eksempel"))

    refreshed = [given["hx-get"] for _, given in shared.tags if "hx-get" in given]
    assert refreshed == [str(shared.answer.url.raw_path, "ascii")]


def test_lines_of_one_company_stand_together_where_the_first_of_them_stands() -> None:
    lines = [line("1", "Bageriet"), line("2", None), line("3", "Gartneriet"), line("4", "Bageriet"), line("5", None)]

    groups = [(company, [each.item.id for each in group]) for company, group in gathered(lines)]

    assert groups == [("Bageriet", ["1", "4"]), (None, ["2"]), (None, ["3"]), (None, ["5"])]
