"""What is proved between two versions of small rule sets, in which one thing differs."""

from typing import Any, Final

from domain.calendar import TimeUnit
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.proof.diff import Diff, diff
from rules.proof.diff_classes import Allowed, Class, OtherEffect, OtherTime, OtherWay, Way
from rules.proof.diff_told import DiffWords
from rules.proof.diff_whom import Whom
from tests.rules.vocabulary import FACTS, WEEKDAYS, Cell, parameter, requirement, row, rule_set

RED: Final[Cell] = {"fact": "colour", "is": "red"}
GREEN: Final[Cell] = {"fact": "colour", "is": "green"}
CLOSE: Final[Cell] = {"close": True}
ON: Final[Cell] = {"to": ["there"]}
BACK: Final[Cell] = {"to": ["here"]}
MANY_HOURS: Final[Cell] = {"fact": "hours", "at_least": {"param": "limit"}}
THERE, HERE = (Way((step,), stays=False, joins=False) for step in ("there", "here"))
YES: Final[Cell] = {"fact": "yes", "is": True}


def between(before: RuleSet, after: RuleSet) -> Diff:
    return diff(Book(before), Book(after), WEEKDAYS)


def classes(before: RuleSet, after: RuleSet) -> list[Class]:
    """Return the classes that are told; there is nothing undecided."""
    found = between(before, after)
    assert found.undecided == ()
    return [one.kind for one in found.classes]


def whom(before: RuleSet, after: RuleSet) -> set[Whom]:
    return {one.whom for one in between(before, after).classes}


def numbered(*rows: Cell, dated_by: str = "course_start") -> RuleSet:
    """Return a set that asks so many hours."""
    return rule_set(requirement(MANY_HOURS), parameters=[parameter(dated_by=dated_by, rows=list(rows))])


def facts_with(name: str, **changed: object) -> list[Cell]:
    return [{**fact, **changed} if fact["id"] == name else fact for fact in FACTS]


def effect(before: Any, after: Any) -> OtherEffect:
    return OtherEffect("here", "asked", before, after)


def asked_within(amount: int | Cell, **more: object) -> RuleSet:
    deadline = {"amount": amount, "unit": "working_days", "from": "entered", **more}
    rows = [row("2010-01-01", 5), row("2010-01-01", 10, "second")]
    used = [parameter(rows=rows)] if isinstance(amount, dict) else []
    return rule_set(requirement(RED, deadline={k: v for k, v in deadline.items() if v is not None}), parameters=used)


def test_a_set_is_equivalent_to_itself_and_to_one_with_other_words() -> None:
    one, other = rule_set(requirement(RED)), rule_set(requirement(RED, text={"da": "Rød."}), title={"da": "Andet"})

    assert between(one, one).is_equivalent
    assert between(one, other).is_equivalent
    assert between(one, other).questions > 0


def test_another_label_of_a_fact_or_a_value_decides_nothing_otherwise() -> None:
    values = [{"id": "red", "label": {"da": "Højrød"}}, {"id": "green", "label": {"da": "Grøn"}}]
    other = rule_set(requirement(RED), facts=facts_with("colour", label={"da": "Kulør"}, values=values))

    assert between(rule_set(requirement(RED)), other).is_equivalent


def test_a_condition_said_otherwise_that_means_the_same_decides_nothing_otherwise() -> None:
    is_not_green: Cell = {"not": {"any": [GREEN, {"not": RED}]}}

    assert between(rule_set(requirement(RED)), rule_set(requirement(is_not_green))).is_equivalent


def test_a_requirement_that_is_added_or_removed_holds_back_or_no_longer_does() -> None:
    without, with_one = rule_set(), rule_set(requirement(RED))

    assert classes(without, with_one) == [effect("free", "holds")]
    assert classes(with_one, without) == [effect("holds", "free")]


def test_a_requirement_that_only_warns_now_is_told_as_such() -> None:
    assert classes(rule_set(requirement(RED)), rule_set(requirement(RED, level="warn"))) == [effect("holds", "warns")]


def test_a_condition_that_is_loosened_frees_and_one_that_is_tightened_holds() -> None:
    tight, loose = rule_set(requirement({"all": [RED, YES]})), rule_set(requirement(RED))

    assert classes(tight, loose) == [effect("holds", "free")]
    assert classes(loose, tight) == [effect("free", "holds")]


def test_a_requirement_that_may_be_waived_no_more_holds_those_of_whom_it_was_waived() -> None:
    (one,) = between(rule_set(requirement(RED)), rule_set(requirement(RED, kind="law"))).classes

    assert one.kind == effect("free", "holds")
    assert one.citizen.waived == ("asked",)


def test_a_number_of_one_target_group_is_told_of_that_group_alone() -> None:
    before = numbered(row("2010-01-01", 10))
    after = numbered(row("2010-01-01", 10), row("2010-01-01", 20, "second"))

    assert classes(before, after) == [effect("free", "holds")]
    assert whom(before, after) == {Whom(groups=("second",), groups_on="course_start", unsure=True)}


def test_a_number_from_a_day_on_is_told_from_that_day_on() -> None:
    before = numbered(row("2010-01-01", 10))
    after = numbered(row("2010-01-01", 10), row("2030-05-01", 20))

    (one,) = between(before, after).classes

    assert (one.whom.days_of, str(one.whom.since), one.whom.until) == ("course_start", "2030-05-01", None)
    assert one.citizen.started_on is not None
    assert one.citizen.started_on >= one.whom.since  # type: ignore[operator]  # as just said


def test_a_number_dated_otherwise_is_told_of_who_began_before_its_day_and_stands_there_after_it() -> None:
    rows = (row("1900-01-01", 10), row("2030-05-01", 20))

    (one,) = between(numbered(*rows), numbered(*rows, dated_by="today")).classes

    assert one.kind == effect("free", "holds")
    assert str(one.citizen.started_on) < "2030-05-01" <= str(one.citizen.today)


def test_a_way_to_another_step_and_another_order_of_ways_are_told() -> None:
    asks = requirement({"any": [RED, GREEN]})
    before = rule_set(asks, routes=[CLOSE, {"when": RED, **ON}, BACK])
    elsewhere = rule_set(asks, routes=[CLOSE, {"when": RED, **BACK}, ON])
    other_order = rule_set(asks, routes=[CLOSE, {"when": YES, **BACK}, {"when": RED, **ON}, BACK])
    first_order = rule_set(asks, routes=[CLOSE, {"when": RED, **ON}, {"when": YES, **BACK}, BACK])

    assert classes(before, elsewhere) == [OtherWay("here", THERE, HERE), OtherWay("here", HERE, THERE)]
    assert OtherWay("here", THERE, HERE) in classes(first_order, other_order)


def test_an_answer_that_is_new_goes_where_only_the_new_version_leads() -> None:
    colours = [{"id": name, "label": {"da": name}} for name in ("red", "green", "blue")]
    blue: Cell = {"when": {"fact": "colour", "is": "blue"}, **BACK}
    before = rule_set(routes=[CLOSE, {"when": RED, **ON}])
    after = rule_set(routes=[CLOSE, {"when": RED, **ON}, blue], facts=facts_with("colour", values=colours))

    (one,) = between(before, after).classes

    assert one.kind == OtherWay("here", None, HERE)
    assert one.citizen.facts["colour"] == "blue"


def test_an_answer_and_a_fact_that_are_renamed_are_the_same() -> None:
    values = [{"id": "crimson", "aliases": ["red"], "label": {"da": "Rød"}}, {"id": "green", "label": {"da": "Grøn"}}]
    facts = facts_with("colour", id="hue", aliases=["colour"], values=values)
    other = rule_set(requirement({"fact": "hue", "is": "crimson"}), facts=facts)

    assert between(rule_set(requirement(RED)), other).is_equivalent


def test_an_answer_that_goes_by_a_name_which_the_other_version_does_not_know_holds_there() -> None:
    values = [{"id": "crimson", "aliases": ["red"], "label": {"da": "Rød"}}, {"id": "green", "label": {"da": "Grøn"}}]
    renamed = rule_set(requirement({"fact": "colour", "is": "crimson"}), facts=facts_with("colour", values=values))

    (one,) = between(renamed, rule_set(requirement(RED))).classes

    assert one.kind == effect("free", "holds")
    assert one.citizen.facts["colour"] == "crimson"


def test_an_amount_that_only_one_version_can_read_holds_in_the_other() -> None:
    asks = requirement({"fact": "count", "at_least": 1})

    found = between(rule_set(asks), rule_set(asks, facts=facts_with("count", max="50")))

    (one,) = found.classes
    assert one.kind == effect("free", "holds")
    assert int(str(one.citizen.facts["count"])) > 50


def test_another_deadline_is_told_with_both_times() -> None:
    five, ten = (Allowed(amount, TimeUnit.WORKING_DAYS, "entered", is_back=False) for amount in (5, 10))
    back = Allowed(5, TimeUnit.WORKING_DAYS, "fact:day", is_back=True)

    assert classes(asked_within(5), asked_within(10)) == [OtherTime("here", "asked", five, ten)]
    assert classes(asked_within(5), asked_within(5, before="fact:day", **{"from": None})) == [
        OtherTime("here", "asked", five, back)
    ]
    assert classes(rule_set(requirement(RED)), asked_within(5)) == [OtherTime("here", "asked", None, five)]


def test_a_deadline_that_is_another_for_one_group_is_told_of_that_group() -> None:
    (one, unsure) = between(asked_within(5), asked_within({"param": "limit"})).classes

    ten = Allowed(10, TimeUnit.WORKING_DAYS, "entered", is_back=False)
    by_kind = {each.kind: each for each in (one, unsure)}
    told = by_kind[OtherTime("here", "asked", Allowed(5, TimeUnit.WORKING_DAYS, "entered", is_back=False), ten)]
    assert told.whom.groups == ("second",)


def test_what_steps_and_groups_only_one_version_has_is_named_and_not_compared() -> None:
    groups = [{"id": name, "label": {"da": name}} for name in ("first", "third")]
    found = between(rule_set(), rule_set(facts=facts_with("target_group", values=groups)))

    assert found.classes == ()
    assert not found.is_equivalent
    assert [label.da for label in found.before.own_groups] == ["second"]
    lines = [*DiffWords(found, "en").lines()]
    assert "Only before there is: the target group “second”. Who is there is not compared." in lines
    assert "All others are decided on the same. It is proved of all that there can be." in lines


def test_every_citizen_who_is_shown_is_told_in_both_languages() -> None:
    found = between(rule_set(), rule_set(requirement(RED)))

    (danish,) = (line for line in DiffWords(found, "da").lines() if line.startswith("- "))
    (english,) = (line for line in DiffWords(found, "en").lines() if line.startswith("- "))
    assert danish.startswith(
        "- »Det skal være sådan« holder tilbage, hvor det før ikke gjorde. For eksempel: En borger"
    )
    assert english.startswith("- “It must be so” holds back where it did not before. For example: A citizen")


def test_values_and_groups_in_another_order_are_the_same() -> None:
    only_second = requirement({"all": [RED, {"fact": "target_group", "is": "second"}]})
    values = [{"id": name, "label": {"da": name}} for name in ("green", "red")]
    groups = [{"id": name, "label": {"da": name}} for name in ("second", "first")]
    turned = [{**fact, "values": groups} if fact["id"] == "target_group" else fact for fact in FACTS]
    turned = [{**fact, "values": values} if fact["id"] == "colour" else fact for fact in turned]

    assert between(rule_set(only_second), rule_set(only_second, facts=turned)).is_equivalent


def test_what_is_asked_no_more_because_something_else_was_refused_is_told() -> None:
    def entered(**more: object) -> RuleSet:
        here = [requirement(RED, before="enter", **more), requirement(YES, id="asked_too", before="enter")]
        return rule_set(there=here)

    refusing = entered(refused={"when": GREEN, "missing": {"da": "Find en anden vej."}})

    assert classes(entered(), refusing) == [OtherEffect("here", "asked_too", "holds", "free")]


def test_on_a_way_that_keeps_the_visit_open_what_is_asked_before_leaving_only_warns() -> None:
    routes = [CLOSE, {"when": YES, **ON, "stay": True}, {"when": {"fact": "yes", "is": False}, **ON}]

    found = classes(rule_set(routes=routes), rule_set(requirement(RED), routes=routes))

    assert found == [effect("free", "warns"), effect("free", "holds")]


def test_who_is_in_no_group_that_can_be_used_is_shown_with_two_sources() -> None:
    asks = requirement({"any": [{"fact": "hours", "at_most": 0}, MANY_HOURS]})
    certain = rule_set(asks, parameters=[parameter(rows=[row("1900-01-01", 0)])])
    by_group = rule_set(
        asks, parameters=[parameter(rows=[row("1900-01-01", 0, "first"), row("1900-01-01", 0, "second")])]
    )

    (one,) = between(certain, by_group).classes

    assert one.kind == effect("free", "holds")
    assert "target_group" in one.citizen.systems


def test_a_group_of_which_only_one_version_knows_a_former_name_is_named() -> None:
    first, second = ({"id": name, "label": {"da": name}} for name in ("first", "second"))
    former = [{**first, "aliases": ["oldest"]}, second]

    found = between(rule_set(facts=facts_with("target_group", values=former)), rule_set())

    assert found.classes == ()
    assert not found.is_equivalent
    assert "the target group “first” by a former name" in next(DiffWords(found, "en").only())
    assert between(rule_set(), rule_set(facts=facts_with("target_group", values=former))).is_equivalent


def test_what_only_the_first_version_asks_is_told_in_its_words() -> None:
    before, after = rule_set(requirement(RED, text={"da": "Rød."})), rule_set(requirement(RED, id="other"))

    lines = [*DiffWords(between(before, after), "en").lines()]

    assert any("“Rød” does not hold back where it did before" in line for line in lines)
