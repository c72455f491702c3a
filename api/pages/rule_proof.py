"""What is proved of a rule set, and the citizens who refute it, each of whom the rules can be tried on."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.http.access import Approver
from api.pages.rendering import render_page
from api.pages.report.entry import Wrong
from api.pages.rule_request import GivenRuleRequest
from api.pages.trying import trial_address
from api.rulesets.proved import read_proof
from api.rulesets.versions import GivenBook
from wording.labels import Labels

router = APIRouter(include_in_schema=False)


@router.get("/rules/{rule_set}/proof")
async def show_proof(asked: GivenRuleRequest, rule_set: GivenBook, caller: Approver) -> HTMLResponse:
    """Show what `GET /v1/rulesets/{rule_set}/proof` tells, in the words of the guide to what is proved."""
    proof, rules = await read_proof(rule_set, caller, asked.language, asked.reading), rule_set.rule_set
    faults = [Wrong(one.text, see=trial_address(rules, one.citizen) if one.citizen else None) for one in proof.faults]
    return render_page(
        asked.request,
        "rule_proof",
        reader=asked.reader,
        rules=rules,
        title=Labels(rule_set, asked.language).text(rules.title),
        proof=proof,
        wrong=[*faults, *map(Wrong, proof.differing)],
    )
