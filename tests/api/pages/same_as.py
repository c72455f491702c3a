"""Which route of the API answers the same as a page."""

from types import MappingProxyType
from typing import Final

SAME_AS: Final = MappingProxyType(
    {
        "GET /list": "GET /v1/inbox",
        "GET /since-last": "GET /v1/since-last",
        "GET /absences": "PUT /v1/people/{person}/absences",
        "GET /absences/check": "PUT /v1/people/{person}/absences",
        "GET /absences/form": "PUT /v1/people/{person}/absences",
        "POST /absences/form": "PUT /v1/people/{person}/absences",
        "POST /absences/check": "PUT /v1/people/{person}/absences",
        "POST /absences": "PUT /v1/people/{person}/absences",
        "POST /absences/end": "PUT /v1/people/{person}/absences",
        "GET /absences/hand-over/read": "GET /v1/people/{person}/absences/{first_day}/hand-over",
        "GET /absences/hand-over/{first_day}": "GET /v1/people/{person}/absences/{first_day}/hand-over",
        "POST /absences/hand-over/read": "GET /v1/people/{person}/absences/{first_day}/hand-over",
        "POST /absences/hand-over": "POST /v1/people/{person}/absences/{first_day}/hand-over",
        "POST /list/seen": "POST /v1/inbox/{notice}/seen",
        "POST /list/{notice}/seen": "POST /v1/inbox/{notice}/seen",
        "GET /statistics": "GET /v1/statistics",
        "GET /statistics.csv": "GET /v1/statistics",
        "GET /courses/{course}": "GET /v1/courses/{course}/briefing",
        "GET /courses/{course}/briefings/{visit}/{version}": "GET /v1/courses/{course}/briefing",
        "POST /courses/{course}/acknowledgements": "POST /v1/courses/{course}/acknowledgements",
        "POST /courses/{course}/disputes": "POST /v1/courses/{course}/disputes",
        "GET /courses/{course}/visits/{visit}/report": "POST /v1/courses/{course}/notes/preview",
        "GET /courses/{course}/visits/{visit}/note": "POST /v1/courses/{course}/notes/preview",
        "POST /courses/{course}/visits/{visit}/note": "POST /v1/courses/{course}/notes/preview",
        "GET /courses/{course}/visits/{visit}/stop": "POST /v1/courses/{course}/visits/{visit}/stop",
        "POST /courses/{course}/visits/{visit}/stop": "POST /v1/courses/{course}/visits/{visit}/stop",
        "GET /courses/{course}/waits/{key}/answer": "POST /v1/courses/{course}/waits/{key}/answer",
        "POST /courses/{course}/waits/{key}/answer": "POST /v1/courses/{course}/waits/{key}/answer",
        "GET /courses/{course}/proposals": "POST /v1/courses/{course}/proposals",
        "POST /courses/{course}/proposals": "POST /v1/courses/{course}/proposals",
        "GET /courses/{course}/sent": "POST /v1/courses/{course}/notes/preview",
        "POST /courses/{course}/acknowledgements/take-back": "POST /v1/courses/{course}/acknowledgements/take-back",
        "GET /courses/{course}/notes/{note}/supersede": "POST /v1/courses/{course}/notes/preview",
        "POST /courses/{course}/notes/{note}/supersede": "POST /v1/courses/{course}/notes/{note}/supersede",
        "POST /courses/{course}/visits/{visit}/report": "POST /v1/courses/{course}/notes/preview",
        "GET /board": "GET /v1/board",
        "POST /board/escalations/{escalation}/take": "POST /v1/escalations/{escalation}/take",
        "POST /board/takes/plan": "POST /v1/takes/plan",
        "POST /board/takes": "POST /v1/takes",
        "POST /board/pauses/plan": "POST /v1/pauses/plan",
        "POST /board/pauses": "POST /v1/pauses",
        "POST /board/hand-overs/plan": "POST /v1/takes/plan",
        "POST /board/hand-overs": "POST /v1/takes",
        "GET /board/acts": "GET /v1/bulk-acts",
        "GET /board/acts/{bulk}": "GET /v1/bulk-acts/{bulk}",
        "GET /courses/{course}/visits/{visit}/company-sheet": "GET /v1/courses/{course}/company-sheet",
        "GET /courses/{course}/company-sheets/{version}": "GET /v1/courses/{course}/company-sheet",
        "POST /courses/{course}/company-sheet": "POST /v1/courses/{course}/company-sheet",
        "POST /courses/{course}/company-sheet/told": "POST /v1/courses/{course}/company-sheet/told",
        "POST /courses/{course}/notes/{note}/company-approval": (
            "POST /v1/courses/{course}/notes/{note}/company-approval"
        ),
        "POST /courses/{course}/notes/{note}/company-approval/withdraw": (
            "POST /v1/courses/{course}/notes/{note}/company-approval/withdraw"
        ),
        "GET /rules": "GET /v1/rulesets",
        "GET /rules/{rule_set}": "GET /v1/rulesets/{rule_set}/book",
        "GET /rules/{rule_set}/proof": "GET /v1/rulesets/{rule_set}/proof",
        "GET /rules/{rule_set}/changes": "GET /v1/rulesets/{rule_set}/changes",
        "GET /rules/{rule_set}/numbers/{number}/change": "POST /v1/rulesets",
        "POST /rules/{rule_set}/numbers/{number}/change": "POST /v1/rulesets",
        "GET /rules/{rule_set}/requirements/{requirement}/change": "POST /v1/rulesets",
        "POST /rules/{rule_set}/requirements/{requirement}/change": "POST /v1/rulesets",
        "GET /rules/{rule_set}/versions/{version}": "GET /v1/rulesets/{rule_set}",
        "POST /rules/{rule_set}/versions/{version}/approve": (
            "POST /v1/rulesets/{rule_set}/versions/{version}/approve"
        ),
        "POST /rules/{rule_set}/versions/{version}/withdraw": (
            "POST /v1/rulesets/{rule_set}/versions/{version}/withdraw"
        ),
        "GET /rules/{rule_set}/re-pin": "POST /v1/re-pins/plan",
        "POST /rules/{rule_set}/re-pin/plan": "POST /v1/re-pins/plan",
        "POST /rules/{rule_set}/re-pin": "POST /v1/re-pins",
        "POST /board/acts/{bulk}/take-back": "POST /v1/re-pins/{bulk}/take-back",
        "GET /rules/{rule_set}/try": "POST /v1/rulesets/{rule_set}/try",
        "POST /rules/{rule_set}/try": "POST /v1/rulesets/{rule_set}/try",
        "GET /search": "GET /v1/search",
        "POST /search": "GET /v1/search",
        "GET /workplaces/{p_number}": "GET /v1/companies/{p_number}",
        "POST /courses/{course}/call-ins": "POST /v1/courses/{course}/visits/{visit}/stop",
        "GET /courses/{course}/visits/{visit}": "GET /v1/courses/{course}/briefing",
        "GET /courses/{course}/citizen-sheet": "GET /v1/courses/{course}/briefing",
        "GET /courses/{course}/journal": "GET /v1/courses/{course}/journal",
        "POST /courses/{course}/journal/copied": "PUT /v1/courses/{course}/journal/copied",
    }
)
"""Each page, and the route of the API that answers the same."""
