from pathlib import Path

import pytest

from rules.loading.read_toml import UnreadableError, from_canonical, read_rule_set
from rules.loading.toml_lines import TomlLines
from tests.rules.written import placed

TINY = (Path(__file__).parent / "tiny.toml").read_text(encoding="utf-8")


def line_of(text: str) -> int:
    """Return the number of the first line of the tiny set that holds `text`."""
    return next(number for number, line in enumerate(TINY.splitlines(), 1) if text in line)


def flaws(*changes: tuple[str, str]) -> list[str]:
    """Return what is said of the tiny set after some changes, each to its first place."""
    toml = TINY
    for before, after in changes:
        assert before in toml
        toml = toml.replace(before, after, 1)
    with pytest.raises(UnreadableError) as refused:
        read_rule_set(toml, "tiny.toml")
    return [placed(flaw) for flaw in refused.value.flaws]


@pytest.mark.parametrize(
    ("before", "after", "field", "message"),
    [
        (
            'must = { yes = "agreed" }',
            'must = { factt = "agreed", is = true }',
            "steps[0].requirements[0].must",
            "'factt' is not known here; did you mean 'fact'?",
        ),
        (
            'label = "Vej"',
            'label = { da = "Vej", en = "Way" }',
            "steps[0].facts[1].label",
            "write text in quotation marks",
        ),
        (
            'must = { yes = "agreed" }',
            'must = { yes = "agred" }',
            "steps[0].requirements[0].must.yes",
            "the fact 'agred' is not declared; did you mean 'agreed'?",
        ),
        (
            'must = { yes = "agreed" }',
            'must = { fact = "agreed", is = "ja" }',
            "steps[0].requirements[0].must.is",
            "'ja' is no value of type bool that fits here; write true or false",
        ),
        (
            'must = { yes = "agreed" }',
            'must = { fact = "agreed", at_least = true }',
            "steps[0].requirements[0].must.at_least",
            "a value of type bool has no 'at_least'; use answered, is",
        ),
        (
            'must = { yes = "agreed" }',
            'must = { fact = "agreed", is = false, in = [false] }',
            "steps[0].requirements[0].must",
            "use exactly one of 'is', 'in', 'at_least', 'at_most', 'between', 'before', 'after'",
        ),
        (
            'must = { yes = "agreed" }',
            'must = { fact = "agreed", is = { param = "limit" } }',
            "steps[0].requirements[0].must.is.param",
            "the parameter 'limit' is not declared; declare it or remove it",
        ),
        (
            'must = { yes = "agreed" }',
            'must = { present = "caseworker", at = "talk" }',
            "steps[0].requirements[0].must.present",
            "who was present is a fact; declare the fact 'caseworker_at_talk' with type = \"bool\" in the step 'talk'",
        ),
        (
            'must = { yes = "agreed" }',
            'must = { derived = "days_betwen", of = ["today", "today"], is = 1 }',
            "steps[0].requirements[0].must.derived",
            "'days_betwen' is no derived value; did you mean 'days_between'?",
        ),
        (
            'must = { yes = "agreed" }',
            'must = { fact = "agreed", is = { derived = "days_between", of = ["today", "today"] } }',
            "steps[0].requirements[0].must.is",
            "'days_between' gives a value of type int; one of type bool belongs here",
        ),
        ('to = ["work"]', 'to = ["wrok"]', "steps[0].routes[2].to[0]", "'wrok' is no step; did you mean 'work'?"),
        ('tell = "both"', 'tell = "all"', "reminders.requirement[0].tell[0]", None),
        (
            "valid_from = 2020-01-01",
            'valid_from = "soon"',
            "valid_from",
            "write a date such as 2026-07-01",
        ),
        (
            'id = "has_contract"',
            'id = "is_agreed"',
            "steps[2].requirements[0].id",
            "'is_agreed' stands here for the second time; remove it or give it another name",
        ),
        (
            'begun_by = ["work_begun"]',
            'begun_by = ["agreed"]',
            "steps[2].begun_by[0]",
            "a step begins by its own facts, but 'agreed' is one of 'talk'",
        ),
        (
            'kind = "local"\nroles = ["caseworker"]',
            'kind = "local"\nroles = []',
            "steps[0].requirements[0].roles",
            "write at least one",
        ),
        ('id = "agreed"', 'id = "Agreed"', "steps[0].facts[0].id", None),
        (
            'label = "Praktik"',
            'label = "Praktik"\nmessage = "Husk {dato}"',
            "steps[1].message",
            "the placeholder {dato} is not known; use one of {day}, {due}, {next}, {role}, {step}",
        ),
        (
            'label = "Praktik"',
            'label = "Praktik"\nmessage = "Husk {step:d}"',
            "steps[1].message",
            "a placeholder is a name and nothing else, such as {step}",
        ),
    ],
)
def test_a_flaw_is_told_with_its_line_its_field_and_the_remedy(
    before: str, after: str, field: str, message: str | None
) -> None:
    changed = before.splitlines()[-1]
    added = after.count("\n") - before.count("\n")

    result = flaws((before, after))

    assert len(result) == 1
    assert result[0].startswith(f"tiny.toml, line {_line(before, changed) + added}, {field}: ")
    if message is not None:
        assert result[0].endswith(f": {message}")


def _line(before: str, changed: str) -> int:
    """Return the line on which the last line of `before` stands."""
    return TINY[: TINY.index(before)].count("\n") + 1 + before.splitlines().index(changed)


@pytest.mark.parametrize(
    ("before", "after", "field", "remedy"),
    [
        ("[[facts]]", "[[parameters]]\n[[facts]]", "parameters", "write numbers in [law], [method] or [local]"),
        ("[[facts]]", "[[ladders]]\n[[facts]]", "ladders", "write [reminders], or remind beside the requirement"),
        ("[[facts]]", "[[mappings]]\n[[facts]]", "mappings", 'such as [mappings.target_group] former = "new"'),
        ('values = { a = "A" }', "values = []", "facts[0].values", 'write a table, such as { yes = "Ja" }'),
        ('id = "way"', 'id = "way"\nscope = "talk"', "steps[0].facts[1].scope", "in whose file it stands"),
        ('"0 working_days"', '"0 working_days", counted_from = "due"', "[0].counted_from", "write after_deadline"),
        (
            'must = { yes = "agreed" }',
            'must = { yes = "agreed" }\ndeadline = { amount = "3 working_days", unit = "days" }',
            "deadline.unit",
            "write the unit in the amount",
        ),
    ],
)
def test_what_only_the_engine_has_is_not_written(before: str, after: str, field: str, remedy: str) -> None:
    told = flaws((before, after))

    assert any(f"{field}: " in flaw and remedy in flaw for flaw in told), told


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("Lille regelsæt til afprøvning", "title"),
        ("Målgruppe", "facts[0].label"),
        ("A", "facts[0].values.a"),
        ("Praktik", "steps[1].label"),
        ("Der er en kontrakt.", "steps[2].requirements[0].text"),
    ],
)
def test_a_placeholder_is_refused_where_none_is_filled(words: str, field: str) -> None:
    (told,) = flaws((f'"{words}"', f'"{words} {{step}}"'))

    assert told.endswith(f"{field}: {{step}} is filled in messages and reminders only; write it out here")


def test_all_flaws_of_a_kind_are_told_at_once_and_by_line() -> None:
    result = flaws(
        ('to = ["work"]', "to = 3"),
        ('must = { yes = "agreed"', 'must = { yess = "agreed"'),
        ('label = "Vej"', 'labl = "Vej"'),
        ('"2 working_days"', '"two working_days"'),
        ('roles = ["company_consultant"]', 'roles = ["consultant"]'),
    )

    places = {
        "reminders.acknowledgement[1].after": '"2 working_days"',
        "steps[0].facts[1]": 'label = "Vej"',
        "steps[0].requirements[0].must": 'yes = "agreed"',
        "steps[0].routes[2].to": 'to = ["work"]',
        "steps[2].requirements[0].roles[0]": 'roles = ["company_consultant"]',
    }
    expected = [f"tiny.toml, line {line_of(text)}, {field}" for field, text in places.items()]
    assert [flaw.split(": ")[0] for flaw in result] == expected


def test_a_misspelt_key_is_told_once_and_not_also_as_a_missing_one() -> None:
    line = line_of('label = "Vej"')

    assert flaws(('label = "Vej"', 'labl = "Vej"')) == [
        f"tiny.toml, line {line}, steps[0].facts[1]: 'labl' is not known here; did you mean 'label'?"
    ]


def test_a_set_without_the_two_facts_of_every_course_is_refused() -> None:
    result = flaws(('id = "target_group"', 'id = "group"'), ('id = "closing_outcome"', 'id = "outcome"'))

    remedy = 'declare it with type = "enum", outside the steps'
    for name in ("target_group", "closing_outcome"):
        assert f"tiny.toml, line {line_of('[[facts]]')}, facts: '{name}' is missing; {remedy}" in result


def test_what_is_no_toml_is_told_with_its_line() -> None:
    line = line_of("material = false")

    assert flaws(("material = false", "material = maybe")) == [
        f'tiny.toml, line {line}: text is written in quotation marks: "maybe"'
    ]
    assert flaws((TINY, 'id = "open'))[0].startswith(
        'tiny.toml, line 1: a quotation mark (") is missing at the end of the line'
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("{ since = 2020-01-01, value = 1 }, { since = 2020-01-01, value = 2 }", "for the second time"),
        ("{ since = 2020-01-01, groups = { b = 1 } }", "'b' is no target group"),
        ('{ since = 2020-01-01, value = "soon" }', "the parameter 'limit' does not fit"),
        ("{ since = 2020-01-01, value = -1 }", "the parameter 'limit' does not fit"),
    ],
)
def test_parameters_are_checked_where_they_stand_and_where_they_are_used(rows: str, message: str) -> None:
    parameter = f"""[law.limit]
label = "Grænse"
unit = "calendar_days"
source = "§ 1"
dated_by = "course_start"
rows = [{rows}]

[[steps]]
id = "trial\""""
    deadline = 'must = { yes = "agreed" }\ndeadline = '
    deadline += '{ amount = "limit", from = "entered" }'

    result = flaws(('[[steps]]\nid = "trial"', parameter), ('must = { yes = "agreed" }', deadline))

    assert len(result) == 1
    assert message in result[0]


def test_a_set_is_the_same_after_it_was_stored() -> None:
    result = read_rule_set(TINY, "tiny.toml")

    again = from_canonical(result.canonical)

    assert again == result
    assert again.reference == result.reference


def test_another_word_makes_another_hash() -> None:
    result = read_rule_set(TINY, "tiny.toml")

    other = read_rule_set(TINY.replace('"Vej"', '"Retning"'), "tiny.toml")

    assert other.sha256 != result.sha256


def test_lines_are_found_in_every_way_of_writing_toml() -> None:
    locator = TomlLines(
        "# first\n"
        'a.b = """\n[not] = a table\n"""\n'
        '[c."d e"]\n'
        "f = [1, # one\n  { g = 'x = ]' },\n  [\n 3]]\n"
        '[[h]]\nwhen = 2026-01-01 10:00:00\n[[h.i]]\nj = 1\n[[h]]\n[[h.i]]\n[[h.i]]\nj.k = "\\""\n'
    )

    lines = {
        ("a", "b"): 2,
        ("c", "d e"): 5,
        ("c", "d e", "f", 0): 6,
        ("c", "d e", "f", 1, "g"): 7,
        ("c", "d e", "f", 2): 8,
        ("c", "d e", "f", 2, 0): 9,
        ("h", 0, "when"): 11,
        ("h", 0, "i", 0, "j"): 13,
        ("h", 1, "i", 0): 15,
        ("h", 1, "i", 1, "j", "k"): 17,
        ("h", 1, "i", 1, "never"): 16,
        ("never",): 1,
    }
    assert {path: locator.line(path) for path in lines} == lines
