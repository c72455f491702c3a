import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.language.phrases import phrase
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.loading.read_toml import UnreadableError, from_canonical, read_rule_set
from rules.proving.coverage import indecisive, uncovered
from rules.proving.run_examples import ExampleResult, run_examples
from tests.rules.written import placed
from wording.flaws import phrase_text

FILE = Path(__file__).parent / "tried.toml"
TOML = FILE.read_text(encoding="utf-8")
LATER_RUNG = '{ after = "6 working_days", tell = "asked" },'
RULES = read_rule_set(TOML, FILE.name)
OFFICE_HOURS = WorkingTime(customary())

Run = tuple[RuleSet, tuple[ExampleResult, ...]]


@pytest.fixture(scope="module", params=[RULES, *shipped()], ids=lambda rules: f"{rules.id}-{rules.version}")
def run(request: pytest.FixtureRequest) -> Run:
    """Run the examples of a set, once for all tests."""
    return request.param, run_examples(request.param, OFFICE_HOURS)


def reading(was: str, now: str) -> RuleSet:
    """Return the set with one place written otherwise."""
    assert TOML.count(was) == 1
    return read_rule_set(TOML.replace(was, now), FILE.name)


def differing(rule_set: RuleSet) -> list[str]:
    """Return in words what differs from what the examples say."""
    return [
        f"{difference.key}: {', '.join(difference.expected)} -> {', '.join(difference.actual)}"
        for result in run_examples(rule_set, OFFICE_HOURS)
        for difference in result.differences
    ]


def lacking(*sentences: str) -> RuleSet:
    """Return the set without some of its examples."""
    examples = tuple(example for example in RULES.examples if example.say.en not in sentences)
    assert len(examples) == len(RULES.examples) - len(sentences)
    return RULES.model_copy(update={"examples": examples})


# Examples are tests


def test_every_example_comes_out_as_it_says(run: Run) -> None:
    _, results = run

    assert {result.example.say.da: result.differences for result in results if result.differences} == {}


def test_the_examples_of_a_set_leave_nothing_of_it_untried(run: Run) -> None:
    assert uncovered(*run) == ()


def test_examples_are_part_of_the_set_as_it_is_stored() -> None:
    assert from_canonical(RULES.canonical) == RULES
    assert reading('"Group B has a week."', '"Group B has seven days."').sha256 != RULES.sha256


# What differs is named


@pytest.mark.parametrize(
    ("was", "now", "differences"),
    [
        (
            'when = { yes = "tried_out" }\nto = ["talk"]',
            'when = { yes = "tried_out" }\nto = ["work"]',
            ["to: talk -> work"],
        ),
        (
            'must = { note = "observation" }',
            'must = { note = "observation", at_least = 2 }',
            ["warns:  -> lesson_heard"],
        ),
        (
            'id = "work_begun"\n',
            'id = "work_begun"\nlevel = "warn"\n',
            ["holds: work_begun -> ", "warns:  -> work_begun"],
        ),
        (
            "\nstay = true",
            "",
            ["stays: True -> ", "to:  -> work"],
        ),
        (
            "value = 14,",
            "value = 13,",
            [
                "due.talk_held: 2026-09-21 -> 2026-09-20",
                "due.talk_held: 2026-09-24 -> 2026-09-23",
            ],
        ),
        (
            "28 calendar_days",
            "29 calendar_days",
            ["told 2026-10-05: supervisor -> "],
        ),
        (
            '"5 working_days", tell = "supervisor"',
            '"5 working_days", tell = ["asked", "supervisor"]',
            ["told 2026-09-14: supervisor -> caseworker, supervisor"],
        ),
        (
            '"5 working_days", tell = "supervisor" },',
            '"5 working_days", tell = "supervisor" },' + LATER_RUNG,
            ["told 2026-09-15:  -> caseworker"],
        ),
    ],
)
def test_what_the_rules_say_otherwise_is_named(was: str, now: str, differences: list[str]) -> None:
    assert differing(reading(was, now)) == differences


def test_an_example_that_the_course_refuses_differs() -> None:
    unread = reading('given = "ready"\ninformed = ["caseworker"]', 'given = "begun"\ninformed = ["caseworker"]')

    assert "course:  -> briefing-missing (version)" in differing(unread)


# What is untried is named


@pytest.mark.parametrize(
    ("sentences", "words"),
    [
        (
            ["Without work there is no job to end with."],
            ["the requirement 'work_begun' is missing in no example"],
        ),
        (
            ["Once work has begun a job may end the course."],
            ["the requirement 'work_begun' is met in no example"],
        ),
        (
            [
                "Nothing happens without the talk.",
                "Group B has a week.",
                "The deadline is that of the start.",
            ],
            ["no example says when 'talk_held' is due"],
        ),
        (
            ["When the citizen moves, the course ends."],
            ["row 1 of the routes of 'talk' is followed in no example"],
        ),
        (
            ["A talk that is not held reaches the supervisor."],
            ["the reminders of 'talk_held' are followed to their end in no example; add an example with told"],
        ),
        (
            ["Both are reminded of the grant."],
            ["the reminders of 'requirement' are followed to their end in no example; add an example with told"],
        ),
    ],
)
def test_what_no_example_shows_is_named(sentences: list[str], words: list[str]) -> None:
    rules = lacking(*sentences)

    assert [phrase_text(what, "en") for what in uncovered(rules, run_examples(rules, OFFICE_HOURS))] == words


def test_a_ladder_that_is_climbed_halfway_is_untried() -> None:
    first = '2026-09-10 = "both"'
    halfway = reading(f'{first}, 2026-09-14 = "supervisor"', first)

    results = run_examples(halfway, OFFICE_HOURS)

    assert [result for result in results if result.differences] == []
    assert uncovered(halfway, results) == (phrase("untried-ladder", about="requirement"),)


def test_an_example_that_differs_shows_nothing() -> None:
    rules = reading('holds = ["work_begun"], close', "close")

    assert uncovered(rules, run_examples(rules, OFFICE_HOURS)) == (phrase("untried-missing", name="work_begun"),)


def test_a_requirement_that_never_holds_alone_is_called_indecisive() -> None:
    rules = lacking(
        "Without a grant the trial does not begin.",
        "A grant that was wrong is taken back.",
        "The newest statement counts.",
        "A grant of the trial under way is not for a new one.",
    )

    assert indecisive(RULES, run_examples(RULES, OFFICE_HOURS)) == ()
    assert indecisive(rules, run_examples(rules, OFFICE_HOURS)) == ("trial_granted",)


# Flaws are named where they stand


@pytest.mark.parametrize(
    ("was", "now", "flaw"),
    [
        (
            'builds_on = "ready"',
            'builds_on = "redy"',
            "steps[1].situations[0].builds_on: 'redy' is no situation above",
        ),
        ('builds_on = "begun"', 'builds_on = "ready"', "situations[1].builds_on: 'ready' is no situation above this"),
        ('id = "ready"', 'id = "talked"', "situations[2].id: 'talked' stands here for the second time;"),
        ('\ntarget_group = "a"', "", "situations[0]: a situation that builds on no other says its 'target_group';"),
        (
            "entered_on = 2026-09-10\ntoday = 2026-09-14",
            "entered_on = 2026-09-15\ntoday = 2026-09-14",
            "steps[1].situations[0]: 'entered_on' (2026-09-15) is after",
        ),
        ('target_group = "b"\nexpect', 'target_group = "c"\nexpect', "examples[1].target_group: 'c' is no value of"),
        ("facts = { granted = true }\n\n", "facts = { grantet = true }\n\n", "facts.grantet: 'grantet' is no fact;"),
        ('09-08, way = "trial" }', '09-08, way = "trail" }', "situations[1].facts.way: 'trail' is no value of 'way'"),
        ("09-08, value = true }", "09-08, value = 3 }", "examples[5].facts.granted: '3' is no value of 'granted'"),
        ("ahead = { granted", "ahead = { grant", "examples[22].ahead.grant: 'grant' is no fact;"),
        (
            "{ talk_held_on = 2026-09-07 }",
            "{ tried_out = true }",
            "no system may report 'tried_out';",
        ),
        ('waived = ["trial_granted"]', 'waived = ["granted"]', "examples[7].waived: 'granted' is no requirement;"),
        (
            'without = ["granted"]',
            'without = ["tried_out"]',
            "examples[4].without: 'tried_out' was not said in the situation '",
        ),
        (
            'without_notes = ["barrier"]',
            'without_notes = ["resource"]',
            "without_notes: 'resource' was not said",
        ),
        ('note = "observation", by', 'note = "gossip", by', "examples[20].notes[0].note: 'gossip' is no kind of note;"),
        ('beside = ["work"]', 'beside = ["job"]', "examples[16].beside: 'job' is no step;"),
        ("due = { talk_held = 2026-09-21", "due = { barrier_noted = 2026-09-21", "'barrier_noted' has no deadline;"),
        ('expect = { to = ["talk"]', 'expect = { to = ["job"]', "examples[10].expect.to: 'job' is no step;"),
        ('expect = { to = ["talk"]', 'expect = { to = ["talk"], close = "job"', "expect: say where the visit leads:"),
        (
            'waiting = "decision"\ntold',
            'waiting = "decision"\nrequirement = "talk_held"\ntold',
            "'talk_held' is never refused;",
        ),
        ('waiting = "decision"\ntold', "told", "an example either says what it expects ('expect') or which wait"),
        (
            '2026-09-08 = "unit"',
            '2026-09-08 = "citizen"',
            "told.2026-09-08: 'citizen' is not known here;",
        ),
        ('expect = { to = ["talk"] }', 'expect = { to = ["talk"] }\npaused = true', "'paused' belongs to 'waiting';"),
        (
            'say = "Gruppe B har en uge."',
            'say = "Uden samtale sker der intet."',
            "examples[1].say: 'Uden samtale sker der intet.'",
        ),
        ("value = true }, {", "value = true, onn = 3 }, {", "examples[5].facts.granted[0]: 'onn' is not known here;"),
    ],
)
def test_an_example_that_cannot_be_meant_is_refused_where_it_stands(was: str, now: str, flaw: str) -> None:
    with pytest.raises(UnreadableError) as unreadable:
        reading(was, now)

    assert flaw in placed(unreadable.value.flaws[0])


# The command line


def run_in(folder: Path, toml: str) -> tuple[int, str]:
    """Return how `fodslag rules try` ends, and what it prints."""
    file = folder / "mine.toml"
    file.write_text(toml, encoding="utf-8")
    ended = CliRunner().invoke(app, ["rules", "try", str(file)])
    return ended.exit_code, ended.output


def test_a_set_whose_examples_come_out_is_fine(tmp_path: Path) -> None:
    code, lines = run_in(tmp_path, TOML)

    assert code == 0
    assert "ok       Uden samtale sker der intet.\n" in lines
    assert lines.endswith("34 eksempler, 0 afviger; 3 af 3 krav afgør alene\n")


def test_an_example_that_differs_is_told_with_its_line_what_it_says_what_is_so_and_what_to_do(tmp_path: Path) -> None:
    was = 'holds = ["work_begun"], close'
    code, lines = run_in(tmp_path, TOML.replace(was, 'warns = ["lesson_heard"], close'))

    assert code == 1
    say = "Uden arbejde er der intet job at slutte med."
    line = TOML[: TOML.index(f'say = "{say}"')].count("\n")
    place, more, less = lines.splitlines()[:3]
    assert place == f"afviger  mine.toml, linje {line}: eksemplet »{say}« (situationen »in_trial«)"
    assert "Reglerne siger, at »work_begun« holder trinnet tilbage; det står ikke i holds." in more
    assert "Er det meningen, så skriv »work_begun« i holds; ellers sæt det, der mangler, i situationen eller" in more
    assert "Eksemplet siger i warns, at »lesson_heard« giver en advarsel; det gør det ikke efter reglerne." in less
    assert "Er det meningen, så slet »lesson_heard« i warns; ellers ret kravet." in less


def test_examples_that_differ_in_the_same_way_are_told_once_with_their_lines_and_days(tmp_path: Path) -> None:
    code, lines = run_in(tmp_path, TOML.replace("value = 14,", "value = 13,"))

    first, *places, _, _, how, counts = lines.splitlines()
    assert code == 1
    assert first == "afviger  2 eksempler på samme måde:"
    assert places[0].startswith("         mine.toml, linje ")
    assert places[1] == "           »talk_held«: eksemplet siger 2026-09-21; efter reglerne er det 2026-09-20."
    assert how.strip().startswith("Fristen for »talk_held« er en anden. Er det meningen, så ret datoen i due;")
    assert counts.startswith("34 eksempler, 2 afviger")


def test_of_many_examples_that_differ_alike_only_the_lines_are_told(tmp_path: Path) -> None:
    asked = TOML.replace('{ note = "barrier", by = "caseworker" }\n', '{ note = "barrier", at_least = 2 }\n', 1)
    differing = [r for r in run_examples(read_rule_set(asked, FILE.name), OFFICE_HOURS) if r.differences]

    _, lines = run_in(tmp_path, asked)

    assert len(differing) > 5
    assert f"afviger  {len(differing)} eksempler på samme måde:\n         mine.toml, linje " in lines
    assert lines.count("\n") < len(differing)


def test_leftover_and_missing_english_is_noted_and_the_trial_goes_well(tmp_path: Path) -> None:
    english = TOML.replace('"Uden samtale sker der intet." = "', '"Uden samtaler sker der intet." = "')
    line = next(n for n, text in enumerate(english.splitlines(), 1) if text.startswith('"Uden samtaler'))

    code, lines = run_in(tmp_path, english)

    assert code == 0
    assert (
        f"bemærk: mine.toml, linje {line}: »Uden samtaler sker der intet.« har ingen dansk tekst her; mente du" in lines
    )
    assert "bemærk: den danske tekst bruges også på engelsk for " in lines


def test_while_an_example_differs_what_is_untried_is_not_told(tmp_path: Path) -> None:
    code, lines = run_in(tmp_path, TOML.replace('holds = ["work_begun"], close', 'warns = ["lesson_heard"], close'))

    assert code == 1
    assert "work_begun" in lines
    assert "ikke afprøvet" not in lines
    assert "usikkert" not in lines


def test_the_same_flaw_in_many_places_is_told_once_with_its_lines(tmp_path: Path) -> None:
    changed = TOML.replace('id = "granted"', 'id = "grantd"')
    lines = [
        number for number, line in enumerate(changed.splitlines(), 1) if "granted" in line and "grantd" not in line
    ]

    code, told = run_in(tmp_path, changed)

    assert code == 2
    (first,) = [line for line in told.splitlines() if "oplysningen »granted« findes ikke; mente du »grantd«?" in line]
    also = told[told.index(first) + len(first) + 1 :].splitlines()[0]
    assert also.startswith("    det samme gælder mine.toml, linje ")
    numbers = {int(number) for number in re.findall(r"[0-9]+", f"{first} {also}")}
    assert len(numbers) >= 5
    assert numbers <= set(lines)


def test_a_set_that_cannot_be_read_is_refused_with_its_flaws(tmp_path: Path) -> None:
    line = TOML[: TOML.index('given = "in_trial"')].count("\n") + 1
    code, lines = run_in(tmp_path, TOML.replace('given = "in_trial"', 'given = "in_trail"'))

    assert code == 2
    assert f"mine.toml, linje {line}: situationen »in_trail« findes ikke; mente du »in_trial«?\n" in lines
