"""What the examination of a rule set says, for people line by line and for other programs as JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from rules.checks.flaws import Flaw
from rules.language.formats import Language
from rules.language.phrases import Phrase
from rules.loading.examined import Examined
from rules.proof.findings import Finding
from wording.flaws import flaw_text, phrase_text

_SHOWN: Final = "report-ok"
"""The line of the report for an example that comes out as it says, of which there are too many to read."""


def check_lines(asked: Examined, language: Language) -> Iterator[str]:
    """Yield the faults with file and line, then the report."""
    yield from (flaw_text(flaw, language) for flaw, _ in asked.refused)
    yield from (phrase_text(line, language) for line in asked.report if line.code != _SHOWN)


def checked_as_json(asked: Examined) -> str:
    """Return the same as JSON; a citizen who shows a fault is written as an example has her."""
    rules, proof = asked.reading.rule_set, asked.proof
    return json.dumps(
        {
            "id": rules.id,
            "version": rules.version,
            "sha256": rules.sha256,
            "sound": asked.is_sound,
            "examples": {"count": len(asked.results), "differing": _both(asked.differing)},
            "proof": {
                "questions": proof.questions if proof else 0,
                "faults": [_fault(flaw, finding) for flaw, finding in asked.refused],
                "proposals": [_both([one.phrase])[0] for one in proof.proposals] if proof else [],
            },
        },
        ensure_ascii=False,
        indent=2,
    )


def _fault(flaw: Flaw, finding: Finding) -> dict[str, Any]:
    citizen = finding.citizen
    return {
        "question": finding.question,
        "undecided": finding.is_undecided,
        "file": flaw.file,
        "line": flaw.line,
        "text": _both([flaw.phrase])[0],
        "citizen": citizen.model_dump(mode="json", exclude_defaults=True) if citizen else None,
    }


def _both(phrases: Iterable[Phrase]) -> list[dict[str, str]]:
    return [{"da": phrase_text(phrase, "da"), "en": phrase_text(phrase, "en")} for phrase in phrases]
