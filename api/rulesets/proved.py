"""What is proved of a version of a rule set, or which made-up citizen refutes it."""

from fastapi import APIRouter
from pydantic import Field

from api.http.access import Approver
from api.http.conditional import GivenReading
from api.http.negotiation import CallersLanguage
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.rulesets.checking import proved_now
from api.rulesets.trying import CitizenToTry, body_of
from api.rulesets.versions import GivenBook
from wording.flaws import phrase_text
from wording.labels import Labels

router = APIRouter(tags=["rule sets"])


class FaultRead(ReadModel):
    """What does not hold of every citizen, or what nobody can tell."""

    text: str
    is_undecided: bool
    citizen: CitizenToTry | None = Field(
        description="The made-up citizen who shows it, as `POST …/try` takes her; null where nobody alone does."
    )


class RuleSetProof(ReadModel):
    """What examples and proof say of a version today."""

    id: str
    version: str
    sha256: str
    is_proved: bool = Field(description="Whether every example fits and nothing is refuted or undecided.")
    examples: int
    questions: int = Field(description="How many questions were asked of all citizens; none while an example differs.")
    differing: list[str] = Field(description="The sentences of the examples that come out otherwise than they say.")
    faults: list[FaultRead]


@router.get("/v1/rulesets/{rule_set}/proof", summary="What is proved of a rule set?", responses=problems(404))
async def read_proof(
    rule_set: GivenBook, _caller: Approver, language: CallersLanguage, _reading: GivenReading
) -> RuleSetProof:
    """Examine a version as proposing it does: try its examples, then prove the rest of every citizen.

    It takes some seconds for a version that was not examined lately, and longer for a large one.
    """
    rules, labels = rule_set.rule_set, Labels(rule_set, language)
    results, proof = await proved_now(rules)
    findings = proof.findings if proof else ()
    return RuleSetProof.of(
        rules.reference,
        is_proved=proof is not None and not findings,
        examples=len(results),
        questions=proof.questions if proof else 0,
        differing=[labels.text(result.example.say) for result in results if result.differences],
        faults=[
            FaultRead(
                text=phrase_text(found.phrase, language),
                is_undecided=found.is_undecided,
                citizen=body_of(found.citizen) if found.citizen else None,
            )
            for found in findings
        ],
    )
