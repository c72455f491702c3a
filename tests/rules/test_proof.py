"""Each question of the proof, asked of small sets in which the fault is the only one, and shown by a citizen."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from domain.identity import Role
from rules.language.examples import Circumstances
from rules.language.rule_set import RuleSet
from rules.language.steps import Requirement
from rules.proof.findings import Finding
from rules.proof.proof import prove
from rules.proof.told import told
from tests.rules.vocabulary import FACTS, WEEKDAYS, Cell, parameter, requirement, row, rule_set, rung

RED: Cell = {"fact": "colour", "is": "red"}
CLOSE: Cell = {"close": True}
ON: Cell = {"to": ["there"]}
MUCH: Cell = {"fact": "hours", "at_least": 10}
LITTLE: Cell = {"fact": "hours", "at_most": 5}
ASKED = requirement(RED)
PAID = ["plan", "worked", "day", "other_day", "today"]


def found(question: str, *here: Cell, **more: Any) -> list[Finding]:
    """Return what the proof finds of one question in a set."""
    return of(question, rule_set(*here, **more))


def of(question: str, sample_rules: RuleSet) -> list[Finding]:
    return [one for one in prove(sample_rules, WEEKDAYS).findings if one.question == question]


def facts_with(name: str, **changed: object) -> list[Cell]:
    """Return the facts of the vocabulary, one of them changed."""
    return [{**fact, **changed} if fact["id"] == name else fact for fact in FACTS]


def two(first: Cell, second: Cell, **more: Any) -> tuple[Cell, Cell]:
    return requirement(first, **more), requirement(second, **{**more, "id": "asked_too"})


def test_what_may_be_waived_may_be_passed_unmet_and_the_law_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    by_law, by_method = (rule_set(requirement(RED, kind=kind)) for kind in ("law", "method"))

    assert of("unasked", by_method) == of("unasked", by_law) == []

    monkeypatch.setattr(Requirement, "waivers", frozenset({Role.SUPERVISOR}))  # As if the law could be waived.
    (one,) = of("unasked", by_law)

    assert one.path == ("steps", 0, "routes", 1)
    assert of("unasked", by_method) == []


def test_a_waiver_hides_no_contradiction_and_is_no_silence() -> None:
    asked = two(MUCH, LITTLE, kind="local")

    assert len(found("contradict", *asked)) == 1
    assert found("by-itself", requirement({"fact": "said_here", "is": True}, kind="local")) == []


def test_who_is_led_nowhere_by_an_answer_is_shown() -> None:
    gaps = found("gap", routes=[CLOSE, {"when": RED, **ON}])

    assert [one.path for one in gaps] == [("steps", 0, "routes")]
    assert gaps[0].citizen is not None
    assert gaps[0].citizen.facts == {"colour": "green"}


def test_a_gap_that_an_example_shows_is_meant() -> None:
    waits = {
        "say": {"da": "Grøn venter."},
        "given": "begun",
        "facts": {"colour": "green"},
        "expect": {"undecided": True},
    }
    begun = {"id": "begun", "step": "here", "target_group": "first", "today": "2026-09-16"}

    routes = [CLOSE, {"when": RED, **ON}]

    assert found("gap", routes=routes, situations=[begun], examples=[waits]) == []


def test_a_value_that_is_added_without_a_way_is_a_gap_whatever_the_examples_show() -> None:
    waits = {
        "say": {"da": "Grøn venter."},
        "given": "begun",
        "facts": {"colour": "green"},
        "expect": {"undecided": True},
    }
    begun = {"id": "begun", "step": "here", "target_group": "first", "today": "2026-09-16"}
    colours = [{"id": name, "label": {"da": name}} for name in ("red", "green", "blue")]

    routes = [CLOSE, {"when": RED, **ON}]
    gaps = found("gap", routes=routes, situations=[begun], examples=[waits], facts=facts_with("colour", values=colours))

    assert [one.citizen.facts for one in gaps if one.citizen] == [{"colour": "blue"}]


def test_requirements_that_contradict_each_other_are_named() -> None:
    (one,) = found("contradict", *two(MUCH, LITTLE), requirement({"fact": "yes", "is": True}, id="asked_besides"))

    assert len(dict(one.phrase.values)["names"]) == 2  # type: ignore[arg-type]  # a tuple of texts
    assert one.path == ("steps", 0, "routes", 1)


def test_a_row_below_one_that_always_comes_first_is_never_followed() -> None:
    (one,) = found("never-followed", ASKED, routes=[CLOSE, ON, {"when": RED, **ON}])

    assert one.path == ("steps", 0, "routes", 2)


def test_a_way_that_only_another_system_opens_is_told() -> None:
    (one,) = found("by-nobody", ASKED, facts=facts_with("colour", reporters=["system"]))

    assert one.path == ("steps", 0, "routes", 1)


def test_a_target_group_for_which_the_way_is_always_closed_is_shown() -> None:
    closed = two(MUCH, LITTLE, when={"fact": "target_group", "is": "second"})

    closed_to = found("group", *closed)

    assert [one.citizen.target_group for one in closed_to if one.citizen] == ["second"]


def test_a_way_that_is_not_meant_for_a_group_is_no_fault() -> None:
    first = {"fact": "target_group", "is": "first"}

    assert found("group", ASKED, routes=[CLOSE, {"when": first, **ON}, {"when": {"not": first}, **ON}]) == []


def test_who_came_from_another_target_group_and_cannot_get_on_is_shown() -> None:
    amounts = {"least": ("course_start", 10, 0), "most": ("today", 10, 5)}
    numbers = [
        parameter(
            name, dated_by=dated_by, rows=[row("2010-01-01", first, "first"), row("2010-01-01", second, "second")]
        )
        for name, (dated_by, first, second) in amounts.items()
    ]
    cells = ({"fact": "hours", "at_least": {"param": "least"}}, {"fact": "hours", "at_most": {"param": "most"}})

    (one,) = found("moved", *two(*cells), parameters=numbers)

    assert one.citizen is not None
    assert one.citizen.target_group == "first"
    assert "target_group" in one.citizen.facts


def test_a_requirement_that_silence_meets_is_told() -> None:
    (one,) = found("silent", requirement({"fact": "yes", "is_missing": True}))

    assert one.path == ("steps", 0, "requirements", 0)


def test_a_requirement_that_who_is_asked_cannot_meet_is_told() -> None:
    (one,) = found(
        "unanswerable",
        requirement({"fact": "said_here", "is": True}, roles=["caseworker"]),
        facts=facts_with("said_here", reporters=["company_consultant"]),
    )

    assert one.path == ("steps", 0, "requirements", 0)


def test_what_is_asked_afterwards_of_a_left_step_and_keeps_everybody_where_he_is_is_told() -> None:
    few, many = {"fact": "count", "at_most": 5}, {"fact": "count", "at_least": 10}
    there = requirement(many, id="asked_there")

    stuck = found("afterwards", requirement(few), there=[there])

    assert [(one.path, one.is_undecided) for one in stuck] == [
        (("steps", 0, "routes"), False),
        (("steps", 1, "routes"), False),
    ]
    assert len(dict(stuck[1].phrase.values)["names"]) == 1  # type: ignore[arg-type]  # a tuple of texts


def test_what_is_asked_afterwards_and_can_be_met_beside_what_is_asked_here_is_no_fault() -> None:
    there = requirement({"fact": "count", "at_least": 3}, id="asked_there")

    assert found("afterwards", requirement({"fact": "count", "at_most": 5}), there=[there]) == []


def test_a_step_from_which_no_course_ends_is_told() -> None:
    sample = rule_set(ASKED, routes=[ON])
    open_end = tuple(
        step.model_copy(update={"routes": step.routes[1:]}) if step.id == "there" else step for step in sample.steps
    )

    assert [one.path for one in of("endless", sample.model_copy(update={"steps": open_end}))] == [
        ("steps", 0, "routes"),
        ("steps", 1, "routes"),
    ]


def test_a_course_that_goes_round_while_nobody_speaks_is_shown() -> None:
    (one,) = found("by-itself")

    assert one.citizen is not None


def test_a_round_on_which_somebody_has_to_speak_is_no_fault() -> None:
    asked = requirement({"fact": "said_here", "is": True})

    assert found("by-itself", asked) == []


def test_a_round_that_no_single_course_can_go_is_no_fault() -> None:
    asked, other = requirement({"fact": "yes", "is": True}), requirement({"fact": "yes", "is": False}, id="asked_there")

    assert found("by-itself", asked, there=[other]) == []


def test_an_outcome_that_can_never_be_recorded_is_told() -> None:
    never = {"all": [MUCH, LITTLE]}
    job = {"fact": "closing_outcome", "is": "job"}

    (one,) = found("outcome-never", requirement(never, before="close", when=job))

    assert dict(one.phrase.values)["outcome"].da == "job"  # type: ignore[attr-defined]  # a text


def test_an_outcome_of_which_nobody_can_be_shown_is_undecided_and_refused() -> None:
    paid = {"derived": "total_paid_hours", "of": PAID, "between": ["0.2", "0.4"]}
    job = {"fact": "closing_outcome", "is": "job"}

    (one,) = found("outcome-never", requirement(paid, before="close", when=job))

    assert one.is_undecided


def test_a_step_to_which_no_way_leads_any_more_must_have_an_end_too() -> None:
    """A course may stand there that came by the ways of a former version."""
    sample = rule_set(ASKED, routes=[CLOSE])
    round_only = sample.steps[1].model_copy(update={"routes": sample.steps[1].routes[1:]})
    alone = round_only.model_copy(update={"routes": (round_only.routes[0].model_copy(update={"to": ("there",)}),)})

    ends = of("endless", sample.model_copy(update={"steps": (sample.steps[0], alone)}))

    assert [one.path for one in ends] == [("steps", 1, "routes")]


def test_a_number_without_a_row_for_a_group_is_told() -> None:
    limit = parameter(rows=[row("2010-01-01", 5, "first")])

    (one,) = found("number-gap", requirement({"fact": "count", "at_most": {"param": "limit"}}), parameters=[limit])

    assert dict(one.phrase.values)["group"].da == "second"  # type: ignore[attr-defined]  # a text


LADDERS: Sequence[Cell] = [
    {"waiting": kind, "rungs": [rung(1, "both"), rung(2, "supervisor", repeat=True)]}
    for kind in ("requirement", "decision", "acknowledgement", "dispute", "assignment", "question", "pause", "silence")
]


def test_a_wait_without_a_ladder_is_told() -> None:
    assert found("no-ladder", ASKED, ladders=LADDERS) == []
    assert len(found("no-ladder", ASKED, ladders=LADDERS[1:])) == 1


def test_a_ladder_that_ends_at_no_supervisor_is_told() -> None:
    quiet = {"waiting": "requirement", "rungs": [rung(1, "both")]}

    assert [one.path for one in found("ends-elsewhere", ASKED, ladders=[quiet, *LADDERS[1:]])] == [
        ("ladders", 0, "rungs", 0)
    ]


def test_a_ladder_that_does_not_rise_in_one_target_group_is_told() -> None:
    later = parameter("later", dated_by="wait_began", rows=[row("2010-01-01", 5), row("2010-01-01", 1, "second")])
    falls = {"waiting": "requirement", "rungs": [rung(1, "both"), rung(2, "both"), rung({"param": "later"}, "asked")]}

    assert [one.path for one in found("falls", ASKED, ladders=[falls, *LADDERS[1:]], parameters=[later])] == [
        ("ladders", 0, "rungs", 2)
    ]


def test_what_no_citizen_can_show_is_undecided_and_refused() -> None:
    paid = {"derived": "total_paid_hours", "of": PAID, "between": ["0.2", "0.4"]}

    (one,) = found("ready", requirement(paid))

    assert one.is_undecided
    assert one.citizen is None


def test_a_sound_set_has_no_fault() -> None:
    there = requirement({"fact": "is_there", "is": True}, id="asked_there")

    assert prove(rule_set(ASKED, there=[there], ladders=LADDERS), WEEKDAYS).findings == ()


def test_a_citizen_is_told_as_people_would_tell_of_her() -> None:
    day = date(2026, 9, 16)
    (one,) = found("gap", routes=[CLOSE, {"when": RED, **ON}])
    assert one.citizen is not None
    citizen = one.citizen.model_copy(update={"started_on": day, "entered_on": day, "today": day})

    assert told(rule_set(), citizen).en == (
        "A citizen in the target group “first” began the course on 16 September 2026 and “Sample” on "
        "16 September 2026; it is 16 September 2026. Stated is “colour: green”. Nothing else is stated."
    )


def test_what_was_waived_of_a_citizen_is_told() -> None:
    day = date(2026, 9, 16)
    citizen = Circumstances(
        target_group="first", step="here", started_on=day, entered_on=day, today=day, waived=("asked",)
    )

    assert "A supervisor has waived “It must be so”." in str(told(rule_set(ASKED), citizen).en)


def test_a_proof_says_how_much_was_asked() -> None:
    assert prove(rule_set(ASKED), WEEKDAYS).questions > 10
