import pytest

from domain.state.verdict import Kind
from rules.loading.read_toml import read_rule_set
from tests.rules.flawed import HEAD_END, LENGTH, MEETING, MUST, PLAN, TRIAL, TWICE, changed, flaws, planned

FIRST_ROUTE = 'carried = "next"\n\n[[steps.routes]]\n'
GO_WITH_TO = "'stay' and 'join' go with 'to'; remove them from a row that closes"
PART_TIME = '{ role = "caseworker", at_most = 2, source = "Lokalt", kind = "local" }'
AMOUNT = LENGTH.replace(".length", ".amount").replace("wait_began", "course_start").replace("= 3\n", "= 3.5\n")
ROW_WRONG = "the parameter 'amount' does not fit: '3.5', its value from 2020-01-01, is none of type"
TIME_WRONG = "'09:30:00' is no value of type time that fits here; write a time of day in quotation marks, such as"
LESSON = '{ id = "lesson", label = "Læring" }'


def test_what_is_planned_dated_and_carried_well_is_accepted() -> None:
    document = read_rule_set(planned(('"1 working_days"', '"length"')), "planned.toml")

    assert document.parameters[0].kind is Kind.LOCAL
    assert document.steps[1].appointments[0].minutes == 45


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("close = true\nstay = true", "", GO_WITH_TO),
        ("close = true\njoin = true", "", GO_WITH_TO),
        (
            'to = ["work"]\nstay = true\njoin = true',
            "",
            "a row that stays enters only steps that are not open beside it; remove 'join'",
        ),
        (
            'to = ["trial"]\nstay = true',
            ".to",
            "a visit to 'trial' that stays opens other steps beside it; name one of them",
        ),
    ],
)
def test_a_visit_stays_or_joins_only_where_that_can_be(row: str, field: str, words: str) -> None:
    document = changed((f"{FIRST_ROUTE}close = true", f"{FIRST_ROUTE}{row}"))

    assert flaws(document) == [(f"steps[1].routes[0]{field}", words)]


def test_what_stands_before_closing_needs_a_route_that_closes() -> None:
    closes = '[[steps.routes]]\nclose = true\n\n[[steps.routes]]\nwhen = { fact = "way", is = "both" }'
    document = changed((MUST, f'{MUST}\nbefore = "close"'), (closes, closes.split("\n\n")[1]))

    words = 'no route of this step closes, so nobody would ever ask; write before = "leave"'
    assert flaws(document) == [("steps[0].requirements[0].before", words)]


@pytest.mark.parametrize("deadline", ['from = "entered", before = "fact:meets_on"', 'dated_by = "today"'])
def test_a_deadline_is_counted_one_way(deadline: str) -> None:
    document = planned((MUST, f'{MUST}\ndeadline = {{ amount = "1 working_days", {deadline} }}'))

    words = "a deadline is counted either 'from' something or back from the day in 'before'"
    assert flaws(document) == [("steps[0].requirements[0].deadline", words)]


def test_a_deadline_is_counted_back_from_the_day_of_a_date_fact() -> None:
    document = planned((MUST, f'{MUST}\ndeadline = {{ amount = "1 working_days", before = "fact:agreed" }}'))

    words = "'agreed' is of type bool; a fact of type date belongs here"
    assert flaws(document) == [("steps[0].requirements[0].deadline.before", words)]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (
            ('day = "meets_on"', 'day = "meets_at"'),
            "[0].day",
            "'meets_at' is of type time; a fact of type date belongs here",
        ),
        (
            ('time = "meets_at"', 'time = "meet_at"'),
            "[0].time",
            "the fact 'meet_at' is not declared; did you mean 'meets_at'?",
        ),
        (
            ("minutes = 45", 'minutes = 45\nheld = "meets_at"'),
            "[0].held",
            "'meets_at' is of type time; a fact of type date belongs here",
        ),
        ((MEETING, MEETING + MEETING), "[1].id", f"'meeting' {TWICE}"),
        (("minutes = 45", "minutes = 0"), "[0].minutes", "the number is too small; write at least 1"),
        (("minutes = 45", "minutes = 1441"), "[0].minutes", "the number is too large; write at most 1440"),
    ],
)
def test_an_appointment_is_planned_by_a_date_and_a_time_of_its_own_step(
    change: tuple[str, str], field: str, words: str
) -> None:
    assert flaws(planned(change)) == [(f"steps[1].appointments{field}", words)]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (
            ('"meets_on", by', '"meets_at", by'),
            "last_day",
            "'meets_at' is of type time; a fact of type date belongs here",
        ),
        (('by = "way"', 'by = "way_of"'), "by", "the fact 'way_of' is not declared; did you mean 'way'?"),
        (('by = "way"', 'by = "way"'), "by", "a step stops by its own facts, but 'way' is one of 'talk'"),
        (('note = "barrier"', 'note = "barriers"'), "note", "'barriers' is no kind of note; did you mean 'barrier'?"),
        (('note = "barrier"', 'note = "question"'), "note", "'question' is no kind of note; use one of"),
    ],
)
def test_a_step_stops_by_a_date_and_a_choice_of_its_own_and_a_note(
    change: tuple[str, str], field: str, words: str
) -> None:
    stop = f'{TRIAL}stop = {{ last_day = "meets_on", by = "way", note = "barrier" }}\n'

    found = flaws(planned((TRIAL, stop), change))

    assert any(place == f"steps[1].stop.{field}" and said.startswith(words) for place, said in found), found


@pytest.mark.parametrize(
    ("story", "field", "words"),
    [
        (
            'ask = "company_consultant", hours = "meets_on"',
            "hours",
            "'meets_on' is of type date; a fact of type schedule",
        ),
        ('ask = "company_consultant", hours = "meet_on"', "hours", "the fact 'meet_on' is not declared"),
        ('ask = "supervisor", hours = "meets_on"', "ask", "nobody is asked as 'supervisor' in a course"),
    ],
)
def test_a_step_asks_one_of_the_two_roles_for_a_story_with_hours_of_its_own(story: str, field: str, words: str) -> None:
    found = flaws(planned((TRIAL, f"{TRIAL}story = {{ {story} }}\n")))

    assert any(place == f"steps[1].story.{field}" and said.startswith(words) for place, said in found), found


SECRET = """
[[steps.facts]]
id = "meets_secret"
type = "enum"
values = { x = "X" }
label = "S"
reporters = ["caseworker"]
sensitivity = "special"
"""


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ('facts = ["met_on"]', "facts[0]", "the fact 'met_on' is not declared"),
        ('facts = ["meets_secret"]', "facts[0]", "“meets_secret” is confidential or special"),
        ('facts = ["target_group"]', "facts[0]", "the company hears of facts of the step itself"),
        ('notes = ["gossip"]', "notes[0]", "'gossip' is no kind of note"),
        ('notes = ["question"]', "notes[0]", "'question' is no kind of note"),
        ('notes = ["barrier"]', "notes[0]", "notes of the kind “barrier” are special"),
        ('considerations = ["barrier"]', "", "considerations take the citizen’s consent"),
        ('consent = "meets_on"', "consent", "'meets_on' is of type date"),
        ('consent = "meets_secret", given = ["perhaps"]', "given[0]", "'perhaps' is no value of 'meets_secret'"),
    ],
)
def test_a_company_is_told_ordinary_facts_and_nothing_special_without_consent(
    told: str, field: str, words: str
) -> None:
    company = f'{TRIAL}company = {{ purpose = "Why", {told} }}\n'
    found = flaws(planned((TRIAL, company), (PLAN, f"{SECRET}{PLAN}")))

    place = f"steps[1].company.{field}".rstrip(".")
    assert any(at == place and said.startswith(words) for at, said in found), found


def test_somebody_may_say_that_a_step_stops() -> None:
    by_system = PLAN.replace('"meets_at"\ntype = "time"', '"ended_by"\ntype = "enum"\nvalues = { x = "X" }')
    by_system = by_system.rpartition('["caseworker"]')[0] + '["system"]\n\n'
    stop = f'{TRIAL}stop = {{ last_day = "meets_on", by = "ended_by", note = "barrier" }}\n'

    words = "neither role may report both 'meets_on' and 'ended_by'; give them a reporter in common"
    assert flaws(changed((TRIAL, stop + by_system))) == [("steps[1].stop.by", words)]


@pytest.mark.parametrize(
    ("fact", "carried", "field", "remedy"),
    [
        (
            "agreed",
            "first",
            "steps[0].facts[0]",
            'heads every briefing belongs to the course; declare it outside the steps or write carried = "next"',
        ),
        (
            "target_group",
            "next",
            "facts[0]",
            'one visit teaches the next belongs to a step; write carried = "first" or remove it',
        ),
    ],
)
def test_a_fact_is_carried_only_to_where_it_is_not_told_anyway(
    fact: str, carried: str, field: str, remedy: str
) -> None:
    document = changed((f'id = "{fact}"\n', f'id = "{fact}"\ncarried = "{carried}"\n'))

    assert flaws(document) == [(f"{field}.carried", f"what {remedy}")]


@pytest.mark.parametrize(
    ("added", "field", "words"),
    [
        (
            f"note_kinds = [{LESSON.replace('lesson', 'barrier')}]",
            "note_kinds[0].id",
            "every rule set has the kind 'barrier'; choose another id",
        ),
        (f"note_kinds = [{LESSON}, {LESSON}]", "note_kinds[1].id", f"'lesson' {TWICE}"),
        (
            f"caseloads = [{PART_TIME.replace('caseworker', 'supervisor')}]",
            "caseloads[0].role",
            "nobody is asked as 'supervisor' in a course; use one of caseworker, company_consultant",
        ),
        (
            f"caseloads = [{PART_TIME.replace('caseworker', 'caseworkr')}]",
            "caseloads[0].role",
            "nobody is asked as 'caseworkr' in a course; use one of caseworker, company_consultant",
        ),
        (
            f"caseloads = [{PART_TIME.replace('at_most = 2', 'at_most = 0')}]",
            "caseloads[0].at_most",
            "the number is too small; write more than 0",
        ),
        (f"caseloads = [{PART_TIME}, {PART_TIME}]", "caseloads[1].role", f"'caseworker' {TWICE}"),
        (
            'mappings.target_group = { old = "b" }',
            "mappings.target_group.old",
            "'b' is no value of 'target_group'; use one of a",
        ),
        (
            'mappings.agreed = { old = "a" }',
            "mappings.agreed.old",
            "'agreed' is of type bool; a fact of type enum belongs here",
        ),
    ],
)
def test_kinds_of_notes_caseloads_and_mappings_say_one_thing_once(added: str, field: str, words: str) -> None:
    assert flaws(changed((HEAD_END, f"{HEAD_END}{added}\n"))) == [(field, words)]


@pytest.mark.parametrize(
    ("must", "field", "words"),
    [
        ('fact = "way", is = "agin"', "is", "'agin' is no value of type enum that fits here; did you mean 'again'?"),
        (
            'fact = "way", in = ["work", "xx"]',
            "in",
            "'xx' is no value of type enum that fits here; use one of again, both, trial, work",
        ),
        (
            'fact = "meets_on", before = "1.7.2026"',
            "before",
            "'1.7.2026' is no value of type date that fits here; write a date such as 2026-07-01, from 1900 to 2199",
        ),
        (
            'fact = "meets_on", after = 1899-12-31',
            "after",
            "'1899-12-31' is no value of type date that fits here; write a date such as 2026-07-01, from 1900 to 2199",
        ),
        (
            'fact = "meets_at", is = 09:30:00',
            "is",
            f'{TIME_WRONG} "09:30"',
        ),
        (
            'fact = "meets_for", at_least = "1,5"',
            "at_least",
            "'1,5' is no value of type decimal that fits here; write a number such as 7.5, at least 0.5, at most 8",
        ),
        (
            'days = ["meets_on", "today"], within = 1.5',
            "within",
            "'1.5' is no value of type int that fits here; write a whole number such as 14",
        ),
        (
            'fact = "agreed", is = { param = "amount" }',
            "is.param",
            f"{ROW_WRONG} bool that fits here; write true or false",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_how_to_write_it(must: str, field: str, words: str) -> None:
    hours = """
[[steps.facts]]
id = "meets_for"
type = "decimal"
min = 0.5
max = 8
label = "Timer"
reporters = ["caseworker"]
"""
    document = planned((MUST, f"must = {{ {must} }}"), (PLAN, hours + PLAN), ("[[facts]]", f"{AMOUNT}[[facts]]"))

    assert flaws(document) == [(f"steps[0].requirements[0].must.{field}", words)]


def test_the_amount_of_a_deadline_is_a_whole_number_from_nought() -> None:
    deadline = 'deadline = { amount = "amount", from = "entered" }'
    document = planned((MUST, f"{MUST}\n{deadline}"), ("[[facts]]", f"{AMOUNT}[[facts]]"))

    words = f"{ROW_WRONG} int that fits here; write a whole number such as 14, at least 0"
    assert flaws(document) == [("local.amount.value", words)]
