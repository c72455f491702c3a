"""Refusals: what was asked, why it cannot be, and for which field, in codes that every layer and language shares."""

from enum import StrEnum

from pydantic import Field

from domain.model import Model


class Code(StrEnum):
    """The stable code of a refusal; its words and HTTP status belong to the outer layers."""

    ALREADY_OPEN = "already-open"
    ALREADY_STOPPED = "already-stopped"
    ANOTHER_IS_OPEN = "another-is-open"
    ANSWERED_TOO_OFTEN = "answered-too-often"
    APPOINTMENT_UNKNOWN = "appointment-unknown"
    BEFORE_THE_START = "before-the-start"
    BRIEFING_MISSING = "briefing-missing"
    COMPANY_SHEET_CHANGED = "company-sheet-changed"
    COMPANY_SHEET_STOPPED = "company-sheet-stopped"
    CALLED_OFF = "called-off"
    COURSE_CLOSED = "course-closed"
    COURSE_FORKED = "course-forked"
    COURSE_NOT_FOUND = "course-not-found"
    COURSE_PAUSED = "course-paused"
    DISPUTES_TOO_MANY = "disputes-too-many"
    DISPUTE_UNKNOWN = "dispute-unknown"
    DISPUTED_IN_PERSON = "disputed-in-person"
    ESCALATION_NOT_FOUND = "escalation-not-found"
    FACT_NOT_EXPECTED = "fact-not-expected"
    FACT_NOT_YOURS = "fact-not-yours"
    FACT_UNKNOWN = "fact-unknown"
    FACT_VALUE = "fact-value"
    FOLLOWED_RULES_CHANGED = "followed-rules-changed"
    HELD_BY_ANOTHER = "held-by-another"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    IN_THE_FUTURE = "in-the-future"
    INTERNAL = "internal"
    LAW_NOT_WAIVABLE = "law-not-waivable"
    LESSONS_TOO_MANY = "lessons-too-many"
    MATERIAL_NOTE_HIDDEN = "material-note-hidden"
    NOBODY_IN_ROLE = "nobody-in-role"
    NOBODY_TO_TAKE_OVER = "nobody-to-take-over"
    NOTE_CANNOT_WAIT = "note-cannot-wait"
    NOTE_NOT_FOR_COMPANY = "note-not-for-company"
    NOTE_KIND_UNKNOWN = "note-kind-unknown"
    NOTES_TOO_MANY = "notes-too-many"
    NOTHING_TO_RETRACT = "nothing-to-retract"
    NOTHING_TO_STOP = "nothing-to-stop"
    NOT_THE_PARTY = "not-the-party"
    OBSERVER_CHANGES_NOTHING = "observer-changes-nothing"
    OBSERVER_IS_PARTY = "observer-is-party"
    OBSERVERS_TOO_MANY = "observers-too-many"
    ONE_HUMAN_ONCE = "one-human-once"
    OUTCOME_UNKNOWN = "outcome-unknown"
    PAUSE_PERIOD = "pause-period"
    PROPOSAL_UNKNOWN = "proposal-unknown"
    QUESTION_UNKNOWN = "question-unknown"
    QUIET_PERIOD = "quiet-period"
    REASON_MISSING = "reason-missing"
    RECEIPT_STANDS = "receipt-stands"
    REQUIREMENT_NOT_WAIVABLE = "requirement-not-waivable"
    REQUIREMENT_UNKNOWN = "requirement-unknown"
    REPORTED_NOT_ACKNOWLEDGED = "reported-not-acknowledged"
    REVISION_MISMATCH = "revision-mismatch"
    ROLE_NOT_YOURS = "role-not-yours"
    SAME_PERSON = "same-person"
    SHARED_ROLE_NOT_YOURS = "shared-role-not-yours"
    SHARED_ROLE_PEOPLE = "shared-role-people"
    STEP_UNKNOWN = "step-unknown"
    STORE_AWAY = "store-away"
    STORY_ANSWERED = "story-answered"
    STORY_IS_OWN = "story-is-own"
    STORY_NOT_ASKED = "story-not-asked"
    STORY_NOT_FOUND = "story-not-found"
    SYSTEM_CANNOT_ACKNOWLEDGE = "system-cannot-acknowledge"
    TAKEN = "taken"
    TAKEN_OVER_NOWHERE = "taken-over-nowhere"
    TAKEN_OVER_TWICE = "taken-over-twice"
    TARGET_GROUP_UNKNOWN = "target-group-unknown"
    TIME_NOT_AHEAD = "time-not-ahead"
    VERSION_OUTDATED = "version-outdated"
    VERSION_USED_UP = "version-used-up"
    VISIT_MOVED_ON = "visit-moved-on"
    VISIT_UNKNOWN = "visit-unknown"
    WAIT_PERIOD = "wait-period"
    WAIT_UNKNOWN = "wait-unknown"
    WAIVER_NOT_YOURS = "waiver-not-yours"


class Problem(Model):
    """One thing that is wrong: the field of the request it belongs to and the words' parameters, never the input."""

    code: Code
    field: str | None = None
    params: dict[str, str] = Field(default_factory=dict)


class RefusedError(Exception):
    """A command that cannot be done as the course stands; nothing was changed."""

    def __init__(self, *problems: Problem) -> None:
        """Keep the problems, the first of which names the refusal."""
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def refuse(code: Code, field: str | None = None, **params: object) -> RefusedError:
    """Return the refusal with one problem; the caller raises it."""
    return RefusedError(Problem(code=code, field=field, params={k: str(v) for k, v in params.items()}))
