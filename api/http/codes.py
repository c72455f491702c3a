"""Every code a problem can carry over HTTP, and its status; the words are in `locales/` under the same code."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.errors import Code


class ApiCode(StrEnum):
    """The refusals that are made at the door, before a course is asked."""

    ABSENCE_NOT_FOUND = "absence-not-found"
    BODY_NOT_JSON = "body-not-json"
    BODY_TOO_LARGE = "body-too-large"
    BRIEFING_OVER = "briefing-over"
    BULK_ACT_NOT_FOUND = "bulk-act-not-found"
    CLOSED_TOO_LONG = "closed-too-long"
    COMPANY_CHANGED = "company-changed"
    COMPANY_NOT_FOUND = "company-not-found"
    COMPANY_SHEET_INCOMPLETE = "company-sheet-incomplete"
    COMPANY_SHEET_NOT_HERE = "company-sheet-not-here"
    CONDITION_MISSING = "condition-missing"
    COURSE_AWAY = "course-away"
    COVERS_ONESELF = "covers-oneself"
    COVER_UNSUITABLE = "cover-unsuitable"
    CPR_MALFORMED = "cpr-malformed"
    CPR_NOT_ALLOWED = "cpr-not-allowed"
    CROSS_SITE = "cross-site"
    CURSOR_INVALID = "cursor-invalid"
    CURSOR_LOST = "cursor-lost"
    DELIVERY_NOT_FOUND = "delivery-not-found"
    DOCUMENT_LATE = "document-late"
    ELSEWHERE = "elsewhere"
    FIELD_MISSING = "field-missing"
    FIELD_TWICE = "field-twice"
    FIELD_UNKNOWN = "field-unknown"
    GROUPS_UNMAPPED = "groups-unmapped"
    HEADERS_TOO_LARGE = "headers-too-large"
    HEADER_MALFORMED = "header-malformed"
    LIST_TOO_LONG = "list-too-long"
    LOGIN_AWAY = "login-away"
    LOGIN_NEEDED = "login-needed"
    LOGIN_REFUSED = "login-refused"
    MEDIA_TYPE_UNSUPPORTED = "media-type-unsupported"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    NOBODY_HERE = "nobody-here"
    NOTICE_NOT_FOUND = "notice-not-found"
    NOT_ACCEPTABLE = "not-acceptable"
    NOT_A_DATE = "not-a-date"
    NOT_AN_INSTANT = "not-an-instant"
    NOT_IN_RANGE = "not-in-range"
    NOT_FOR_OBSERVERS = "not-for-observers"
    NOT_GOVERNED = "not-governed"
    NOT_PERMITTED = "not-permitted"
    NOTHING_TO_ORDER = "nothing-to-order"
    NO_RULES_IN_FORCE = "no-rules-in-force"
    ONLY_A_SYSTEM = "only-a-system"
    OWN_WEBHOOKS_TOO_MANY = "own-webhooks-too-many"
    PERSON_NOT_FOUND = "person-not-found"
    PERSON_OR_UNIT = "person-or-unit"
    PERSON_WITHOUT_ROLE = "person-without-role"
    REFERENCE_TAKEN = "reference-taken"
    REQUEST_INVALID = "request-invalid"
    REQUEST_MALFORMED = "request-malformed"
    REQUEST_TOO_SLOW = "request-too-slow"
    ROUTE_UNKNOWN = "route-unknown"
    RULES_CHANGED = "rules-changed"
    RULES_FLAWED = "rules-flawed"
    RULES_IN_FORCE = "rules-in-force"
    RULES_OWN_PROPOSAL = "rules-own-proposal"
    RULES_WITHDRAWN = "rules-withdrawn"
    RULE_SET_NOT_FOUND = "rule-set-not-found"
    RULE_SET_UNKNOWN = "rule-set-unknown"
    SOURCE_EVENT_REUSED = "source-event-reused"
    TEXT_EMPTY = "text-empty"
    TEXT_NOT_ONE_LINE = "text-not-one-line"
    TEXT_TOO_LONG = "text-too-long"
    TEXT_UNUSABLE = "text-unusable"
    TOKEN_EXPIRED = "token-expired"  # noqa: S105 - The name of a refusal, not a secret.
    TOKEN_INVALID_CLAIMS = "token-invalid-claims"  # noqa: S105 - As above.
    TOKEN_INVALID_SIGNATURE = "token-invalid-signature"  # noqa: S105 - As above.
    TOKEN_MISSING = "token-missing"  # noqa: S105 - As above.
    TOO_MANY_REQUESTS = "too-many-requests"
    TOO_MANY_STREAMS = "too-many-streams"
    UNIT_NOT_FOUND = "unit-not-found"
    URL_UNUSABLE = "url-unusable"
    VALUE_MALFORMED = "value-malformed"
    VALUE_NOT_ALLOWED = "value-not-allowed"
    VERSION_UNKNOWN = "version-unknown"
    WEBHOOKS_TOO_MANY = "webhooks-too-many"
    WEBHOOK_NOT_FOUND = "webhook-not-found"
    WRONG_TYPE = "wrong-type"


AnyCode = Code | ApiCode

UNPROCESSABLE: Final = 422
"""The status of what the caller must put right in the request itself; every code not named below has it."""

_OTHER_STATUSES: Final[dict[int, tuple[AnyCode, ...]]] = {
    400: (ApiCode.BODY_NOT_JSON, ApiCode.REQUEST_MALFORMED),
    401: (
        ApiCode.LOGIN_NEEDED,
        ApiCode.LOGIN_REFUSED,
        ApiCode.TOKEN_EXPIRED,
        ApiCode.TOKEN_INVALID_CLAIMS,
        ApiCode.TOKEN_INVALID_SIGNATURE,
        ApiCode.TOKEN_MISSING,
    ),
    403: (
        ApiCode.NOBODY_HERE,
        ApiCode.COVERS_ONESELF,
        ApiCode.CROSS_SITE,
        ApiCode.ELSEWHERE,
        ApiCode.NOT_FOR_OBSERVERS,
        ApiCode.NOT_GOVERNED,
        ApiCode.NOT_PERMITTED,
        ApiCode.RULES_OWN_PROPOSAL,
        Code.FACT_NOT_YOURS,
        Code.OBSERVER_CHANGES_NOTHING,
        Code.NOT_THE_PARTY,
        Code.ROLE_NOT_YOURS,
        Code.SHARED_ROLE_NOT_YOURS,
        Code.STORY_IS_OWN,
        Code.SYSTEM_CANNOT_ACKNOWLEDGE,
        Code.WAIVER_NOT_YOURS,
    ),
    404: (
        ApiCode.ABSENCE_NOT_FOUND,
        ApiCode.BULK_ACT_NOT_FOUND,
        ApiCode.COMPANY_NOT_FOUND,
        ApiCode.DELIVERY_NOT_FOUND,
        ApiCode.NOTICE_NOT_FOUND,
        ApiCode.PERSON_NOT_FOUND,
        ApiCode.ROUTE_UNKNOWN,
        ApiCode.RULE_SET_NOT_FOUND,
        ApiCode.UNIT_NOT_FOUND,
        ApiCode.WEBHOOK_NOT_FOUND,
        Code.COURSE_NOT_FOUND,
        Code.DISPUTE_UNKNOWN,
        Code.ESCALATION_NOT_FOUND,
        Code.STORY_NOT_FOUND,
        Code.WAIT_UNKNOWN,
        Code.NOTHING_TO_RETRACT,
    ),
    405: (ApiCode.METHOD_NOT_ALLOWED,),
    406: (ApiCode.NOT_ACCEPTABLE,),
    408: (ApiCode.REQUEST_TOO_SLOW,),
    409: (
        Code.RECEIPT_STANDS,
        ApiCode.BRIEFING_OVER,
        ApiCode.OWN_WEBHOOKS_TOO_MANY,
        ApiCode.COMPANY_SHEET_INCOMPLETE,
        ApiCode.COMPANY_SHEET_NOT_HERE,
        ApiCode.REFERENCE_TAKEN,
        ApiCode.RULES_CHANGED,
        ApiCode.RULES_IN_FORCE,
        ApiCode.RULES_WITHDRAWN,
        ApiCode.WEBHOOKS_TOO_MANY,
        Code.ALREADY_OPEN,
        Code.ALREADY_STOPPED,
        Code.ANOTHER_IS_OPEN,
        Code.ANSWERED_TOO_OFTEN,
        Code.BRIEFING_MISSING,
        Code.COMPANY_SHEET_CHANGED,
        Code.COMPANY_SHEET_STOPPED,
        Code.COURSE_CLOSED,
        Code.DISPUTED_IN_PERSON,
        Code.COURSE_PAUSED,
        Code.FACT_NOT_EXPECTED,
        Code.CALLED_OFF,
        Code.FOLLOWED_RULES_CHANGED,
        Code.HELD_BY_ANOTHER,
        Code.LESSONS_TOO_MANY,
        Code.NOBODY_IN_ROLE,
        Code.NOBODY_TO_TAKE_OVER,
        Code.DISPUTES_TOO_MANY,
        Code.NOTES_TOO_MANY,
        Code.NOTHING_TO_STOP,
        Code.OBSERVER_IS_PARTY,
        Code.REPORTED_NOT_ACKNOWLEDGED,
        Code.OBSERVERS_TOO_MANY,
        Code.ONE_HUMAN_ONCE,
        Code.LAW_NOT_WAIVABLE,
        Code.REQUIREMENT_NOT_WAIVABLE,
        Code.STORY_ANSWERED,
        Code.STORY_NOT_ASKED,
        Code.TAKEN,
        Code.VERSION_OUTDATED,
        Code.VERSION_USED_UP,
        Code.VISIT_MOVED_ON,
    ),
    410: (ApiCode.CURSOR_LOST,),
    412: (ApiCode.COMPANY_CHANGED, Code.REVISION_MISMATCH),
    413: (ApiCode.BODY_TOO_LARGE,),
    415: (ApiCode.MEDIA_TYPE_UNSUPPORTED,),
    428: (ApiCode.CONDITION_MISSING,),
    429: (ApiCode.TOO_MANY_REQUESTS, ApiCode.TOO_MANY_STREAMS),
    431: (ApiCode.HEADERS_TOO_LARGE,),
    500: (Code.COURSE_FORKED, Code.INTERNAL),
    503: (ApiCode.COURSE_AWAY, ApiCode.DOCUMENT_LATE, ApiCode.LOGIN_AWAY, Code.STORE_AWAY),
}

STATUS: Final = MappingProxyType(
    dict.fromkeys((*Code, *ApiCode), UNPROCESSABLE)
    | {code: status for status, codes in _OTHER_STATUSES.items() for code in codes}
)
"""From every code to its HTTP status."""
