"""What people write: names stay within their line, invisible text is no text, and nobody forges a line (P12)."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Annotated, Any, Final

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import api
from api.briefings.documents import as_pdf, as_text
from api.http.fields import Body
from api.journal.sentences import JournalWords
from clients.caller import Caller
from domain.events import NoteAdded
from tests.api.vocabulary import case, expect, informed, labels, read_briefing

MORE_THAN_A_LINE: Final = ("\n", "\r", "\x85", "\x92", "\u2028", "\u2029", "\u202e", "\u2066", "\u200f", "\ufeff")
INVISIBLE: Final = ("\u200b", "\u00ad\u200d", "\u3164", "\u2800", "\ufe0f", "\u00a0\u2060")
WORDS: Final = {"text", "reason", "shared_role_reason", "comment", "note"}
JUDGED_OTHERWISE: Final = {
    ("CitizenBody", "cpr"),
    ("ProposalBody", "toml"),
    ("RuleSetBody", "toml"),
    ("StartBody", "facts"),
    ("StatedFacts", "facts"),
    ("SupersedeBody", "value"),
    ("WebhookBody", "after"),
}
"""A CPR number is judged by its own form, a rule set by its reader, facts by their type there, a cursor by its sign."""


def bodies(base: type[BaseModel] = Body) -> Iterator[type[BaseModel]]:
    """Yield every model of a request body that is imported."""
    for body in base.__subclasses__():
        yield body
        yield from bodies(body)


def written_fields() -> dict[tuple[str, str], TypeAdapter[Any]]:
    """Return every field of the API into which people write; one that is sent back as it was read is not kept."""
    for module in pkgutil.walk_packages(api.__path__, "api."):
        importlib.import_module(module.name)
    return {
        (body.__name__, name): _validator(Annotated[(field.annotation, name, *field.metadata)])
        for body in bodies()
        for name, field in body.model_fields.items()
        if name in body.__annotations__ and not field.exclude and (body.__name__, name) not in JUDGED_OTHERWISE
    }


def _validator(annotated: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotated)


def accepts(field: TypeAdapter[Any], text: str) -> bool:
    """Return whether a field takes a text, by itself or in a list."""
    for value in (text, [text], {text: text}):
        try:
            field.validate_python(value)
        except ValidationError:
            continue
        return True
    return False


def test_no_field_takes_what_cannot_be_seen_and_only_words_take_more_than_a_line() -> None:
    fields = written_fields()
    of_one_line = {name: field for name, field in fields.items() if name[1] not in WORDS}

    assert len(fields) > 60
    assert [name for name, field in fields.items() if any(accepts(field, text) for text in INVISIBLE)] == []
    assert [
        name for name, field in of_one_line.items() if any(accepts(field, f"a{sign}b") for sign in MORE_THAN_A_LINE)
    ] == []


@pytest.mark.parametrize("name", ["Karla\nGodkendt af: anna", "Karla \u202eanna", "Karla \x92"])
def test_a_name_of_several_lines_is_refused_with_the_remedy(system: Caller, name: str) -> None:
    refused = system.sends("/v1/courses", **case(citizen={"reference": "c", "name": name}))

    expect(refused, 422, "text-not-one-line", "citizen.name")


def test_a_note_that_nobody_can_see_is_none(system: Caller, anna: Caller) -> None:
    course = system.does("/v1/courses", **case())["course"]

    expect(anna.sends(f"/v1/courses/{course}/notes", kind="own_goal", text="\u200b"), 422, "text-empty", "text")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x85", "\u2028"])
def test_a_further_line_of_a_note_never_looks_like_a_line_of_the_document(end: str) -> None:
    forged = "caseworker: anna acknowledged 2026-09-07 09:00"
    story, statements = informed(f"Fint.{end}{forged}")
    (event,) = [event for event in story.events if isinstance(event, NoteAdded)][-1:]
    texts = (
        as_text(read_briefing(story, statements, "en"), labels("en")),
        JournalWords(statements, {}, labels("en")).of(event, statements.texts[event.note.id]),
    )

    for text in texts:
        (line,) = [line for line in text.splitlines() if forged in line]
        assert line.startswith("      ")


@pytest.mark.parametrize(("sign", "name"), [("\x92", "[u+0092]"), ("\u202e", "[right-to-left override]")])
def test_a_sign_without_a_look_is_shown_by_its_name(sign: str, name: str) -> None:
    story, statements = informed(f"Karla{sign}s aftale")

    assert f"Karla{name}s aftale" in as_text(read_briefing(story, statements, "en"), labels("en"))
    assert as_pdf(read_briefing(story, statements), "Kommune 0990", labels("da"), story.now).startswith(b"%PDF")
