"""Which proposals wait for somebody to decide on them: those that a colleague made."""

from api.http.dependencies import Services
from api.rulesets.models import RuleSetLine
from api.rulesets.publishing import decides_on_rules
from api.rulesets.routes import line_of
from infra.security.tokens import Claims
from infra.store.registers import rule_sets
from infra.store.registers.rule_sets import RuleSetStatus
from rules.language.formats import Language


async def proposals_to_decide(services: Services, caller: Claims, language: Language) -> list[RuleSetLine]:
    """Return the proposals that the caller may publish, none of them his own; raises StoreAwayError."""
    if not decides_on_rules(caller, services):
        return []
    async with services.store.municipality(caller.municipality) as connection:
        own = await rule_sets.listed(connection)
    waiting = [one for one in own if one.status is RuleSetStatus.PROPOSED and one.proposed_by != caller.person]
    return [await line_of(services, caller, language, one.id, one.version) for one in waiting]
