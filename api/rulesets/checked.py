"""What a document would meet when it is published, in words: flaws with lines and citizens, and the report."""

from collections.abc import Iterator

from pydantic import Field

from api.http.read_model import ReadModel
from api.rulesets.checking import Checked
from api.rulesets.trying import CitizenToTry, body_of
from rules.checks.flaws import Flaw
from rules.language.formats import Language
from wording.flaws import phrase_text


class FlawRead(ReadModel):
    """What keeps a document from being published, the place where it was written, and the remedy."""

    line: int | None = Field(description="Null for what no single line is to blame for.")
    field: str | None
    text: str
    citizen: CitizenToTry | None = Field(
        default=None, description="The made-up citizen who shows it, as `POST …/try` takes her; null for all else."
    )


class RuleSetChecked(ReadModel):
    """What a document would meet when it is published today."""

    is_publishable: bool
    id: str | None = Field(description="Null, as the two that follow, when the document cannot be read.")
    version: str | None
    sha256: str | None
    flaws: list[FlawRead]
    report: list[str] = Field(description="What its examples show, and what no example shows yet.")
    unfit: list[str] = Field(description="Later versions of the default set that it does not fit.")


def read_checked(checked: Checked, language: Language) -> RuleSetChecked:
    """Return what was found of a document, in words."""
    rules = checked.rule_set
    return RuleSetChecked(
        is_publishable=checked.is_publishable,
        id=rules.id if rules else None,
        version=rules.version if rules else None,
        sha256=rules.sha256 if rules else None,
        flaws=[*_flaws(checked, language)],
        report=[phrase_text(words, language) for words in checked.report],
        unfit=list(checked.unfit),
    )


def _flaws(checked: Checked, language: Language) -> list[FlawRead]:
    at_lines = [
        FlawRead(line=flaw.line, field=flaw.field or None, text=phrase_text(flaw.phrase, language), citizen=citizen)
        for flaw, citizen in (*((flaw, None) for flaw in checked.flaws), *_refused(checked))
    ]
    return at_lines + [
        FlawRead(line=None, field="examples", text=phrase_text(words, language)) for words in checked.differing
    ]


def _refused(checked: Checked) -> Iterator[tuple[Flaw, CitizenToTry | None]]:
    for flaw, found in checked.refused:
        yield flaw, body_of(found.citizen) if found.citizen else None
