"""What a rule set says of a requirement that is refused: checked like any condition, and explained (P2, P8)."""

import pytest

from domain.state.verdict import Outcome
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.explain.explain import explain
from tests.domain.jobfirst import RULES, JobFirst
from tests.domain.vocabulary import ANNA, BO
from tests.rules.flawed import changed, flaws

MUST = 'must = { yes = "agreed" }'
REFUSED = f"""{MUST}
[steps.requirements.refused]
when = {{ fact = "agreed", is = false }}
missing = "Vælg en anden vej."
"""


@pytest.mark.parametrize(
    ("was", "now", "field", "words"),
    [
        ('"agreed", is = false', '"agreeed", is = false', "when.fact", "the fact 'agreeed' is not declared"),
        ("is = false", 'is = "no"', "when.is", "write true or false"),
        ("missing =", "mising =", "", "'mising'"),
    ],
)
def test_a_slip_in_what_is_refused_is_named_where_it_stands(was: str, now: str, field: str, words: str) -> None:
    found = flaws(changed((MUST, REFUSED.replace(was, now))))

    at = f"steps[0].requirements[0].refused{'.' + field if field else ''}"
    assert any(place.startswith(at) and words in said for place, said in found), found


def test_a_rejected_grant_is_explained_by_what_rejects_it_and_what_to_do_instead() -> None:
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.reports(BO, visit_outcome="trial")
    story.reports(ANNA, trial_decision="rejected")

    (visit,) = explain(RULES, story.state, story.now, WorkingTime(customary())).visits

    (told,) = (r for r in visit.requirements if r.id == "trial_granted")
    (need,) = visit.would_advance_with.needs
    assert told.outcome is Outcome.REFUSED
    assert told.refused is not None
    assert told.refused.answer == "yes"
    assert told.missing == need.missing
    assert "another way" in (need.missing.en or "")
    assert need.because == ()
