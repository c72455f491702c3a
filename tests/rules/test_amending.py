from collections import UserDict
from pathlib import Path

import pytest

from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.read_toml import UnreadableError, from_canonical, read_rule_set
from wording.flaws import phrase_text

TINY = (Path(__file__).parent / "tiny.toml").read_text(encoding="utf-8")
HEAD = """amends = "tiny.toml"
id = "other"
version = "2"
valid_from = 2027-01-01
title = "Ændret regelsæt"
description = "Kun det, der er anderledes."
authors = ["Fodslag"]
"""
WORDED = """
[[facts]]
id = "agreed"
type = "bool"
label = "Helt aftalt"
reporters = ["caseworker"]
"""
NEW_STEP = """
[[steps]]
new = true
id = "pause"
label = "Pause"

[[steps.routes]]
to = ["talk"]
"""


def amending(change: str = "") -> RuleSet:
    """Return the whole that a file beside the tiny set makes."""
    return read_rule_set(HEAD + change, "other.toml", {"tiny.toml": TINY, "other.toml": HEAD + change})


def flaws(change: str, head: str = HEAD, ground: str = TINY) -> list[tuple[str, int, str]]:
    """Return what is wrong with a file that amends, each with its file, line and field."""
    with pytest.raises(UnreadableError) as refused:
        read_rule_set(head + change, "other.toml", {"tiny.toml": ground, "other.toml": head + change})
    return [(flaw.file, flaw.line, flaw.field) for flaw in refused.value.flaws]


def line_of(toml: str, text: str) -> int:
    """Return the number of the first line that holds `text`."""
    return next(number for number, line in enumerate(toml.splitlines(), 1) if text in line)


def test_a_file_that_changes_nothing_has_all_but_the_head_of_the_one_it_amends() -> None:
    ground, result = read_rule_set(TINY, "tiny.toml"), amending()

    assert (result.id, result.version, result.title.da) == ("other", "2", "Ændret regelsæt")
    assert result.approved_by is None, "who approved the one has not approved the other"
    assert (result.facts, result.steps, result.ladders) == (ground.facts, ground.steps, ground.ladders)


def test_what_is_known_by_the_same_name_is_replaced_where_it_stood_and_the_rest_comes_behind() -> None:
    rung = '{ after = "9 working_days", tell = "unit" }'
    decision = f"\n[reminders]\ndecision = [{rung}]\n"
    particular = f'\n[[steps]]\nid = "talk"\nreminders = {{ requirement = [{rung}] }}\n'

    result = amending(WORDED + decision + particular + NEW_STEP)

    ground = read_rule_set(TINY, "tiny.toml")
    assert [fact.id for fact in result.facts] == [fact.id for fact in ground.facts]
    assert [fact.label.da for fact in result.facts if fact.id == "agreed"] == ["Helt aftalt"]
    assert [step.id for step in result.steps] == [*(step.id for step in ground.steps), "pause"]
    assert [(ladder.waiting, ladder.step) for ladder in result.ladders] == [
        *((ladder.waiting, ladder.step) for ladder in ground.ladders),
        ("requirement", "talk"),
    ]
    assert [ladder.rungs[0].after.amount for ladder in result.ladders if ladder.waiting == "decision"] == [9]
    assert Book(result).steps[0] == "talk"


def test_the_whole_is_what_is_stored() -> None:
    result = amending(WORDED)

    assert from_canonical(result.canonical) == result
    assert b"amends" not in result.canonical


def test_a_file_may_amend_one_that_amends_another() -> None:
    third = HEAD.replace("tiny.toml", "other.toml").replace('"other"', '"third"')

    result = read_rule_set(third + NEW_STEP, "third.toml", {"tiny.toml": TINY, "other.toml": HEAD + WORDED})

    assert result.id == "third"
    assert [fact.label.da for fact in result.facts if fact.id == "agreed"] == ["Helt aftalt"]
    assert result.steps[-1].id == "pause"


@pytest.mark.parametrize("amends", ['"tny.toml"', '"other.toml"', "3"])
def test_a_file_amends_another_one_of_its_folder(amends: str) -> None:
    head = HEAD.replace('"tiny.toml"', amends)

    assert flaws("", head) == [("other.toml", 1, "amends")]


def test_what_is_amended_is_named_in_quotation_marks() -> None:
    for amends in ("3", "true", '["tiny.toml"]'):
        with pytest.raises(UnreadableError, match="write-file"):
            read_rule_set(HEAD.replace('"tiny.toml"', amends), "other.toml", {"tiny.toml": TINY})


def test_two_files_do_not_amend_each_other() -> None:
    ground = TINY.replace('id = "tiny"', 'amends = "other.toml"\nid = "tiny"')

    assert flaws("", ground=ground) == [("tiny.toml", line_of(ground, "amends"), "amends")]


def test_a_flaw_is_told_where_it_was_written() -> None:
    misspelt = WORDED.replace("label", "labl")
    unknown = NEW_STEP.replace('"talk"', '"tlk"')

    assert flaws(misspelt) == [("other.toml", line_of(HEAD + misspelt, "labl"), "facts[0]")]
    assert flaws(WORDED + unknown) == [
        ("other.toml", line_of(HEAD + WORDED + unknown, "tlk"), "steps[0].routes[0].to[0]")
    ]
    assert flaws('fact = "agreed"\n') == [("other.toml", line_of(HEAD + "fact =", "fact ="), "")]


def test_a_flaw_that_a_change_makes_elsewhere_is_told_there() -> None:
    other_type = WORDED.replace('"bool"', '"date"')

    line = line_of(TINY, 'must = { yes = "agreed"')
    assert flaws(other_type) == [("tiny.toml", line, "steps[0].requirements[0].must.yes")]


def test_what_is_amended_must_be_sound_by_itself() -> None:
    in_its_head = TINY.replace("approved_by", "aproved_by")
    in_what_is_replaced = TINY.replace('label = "Aftalt"', 'labl = "Aftalt"')

    assert flaws(WORDED, ground=in_its_head) == [("tiny.toml", line_of(in_its_head, "aproved_by"), "")]
    assert flaws(WORDED, ground=in_what_is_replaced) == [
        ("tiny.toml", line_of(in_what_is_replaced, "labl"), "steps[0].facts[0]")
    ]
    assert flaws(WORDED, ground="id =")[0][:2] == ("tiny.toml", 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (WORDED + WORDED, "facts[1].id"),
        ("facts = 3\n", "facts"),
        ("facts = [3]\n", "facts[0]"),
        ("reminders = { talking = [] }\n", "reminders.talking"),
    ],
)
def test_what_is_written_twice_or_is_no_part_is_told_and_not_lost(change: str, field: str) -> None:
    result = flaws(change)

    assert ("other.toml", field) in [(file, place) for file, _, place in result]


GROUPS = """
[[facts]]
id = "target_group"
type = "enum"
values = { b = "B" }
label = "Målgruppe"
reporters = ["caseworker"]
"""


def mapping(former: str, now: str, fact: str = "target_group") -> str:
    """Return which value stands for a former one."""
    return f'\n[mappings.{fact}]\n{former} = "{now}"\n'


def messages_of(change: str) -> list[tuple[str, str]]:
    """Return what is said of a file that amends, each with its field."""
    with pytest.raises(UnreadableError) as refused:
        amending(change)
    return [(flaw.field, phrase_text(flaw.phrase, "en")) for flaw in refused.value.flaws]


def test_every_target_group_that_is_no_more_becomes_another_one() -> None:
    assert [result.from_ for result in amending(GROUPS + mapping("a", "b")).mappings] == ["a"]
    assert messages_of(GROUPS) == [
        ("facts[0].values", "nothing says what becomes of a; add each to [mappings.target_group]")
    ]


def test_a_mapping_is_from_a_value_of_what_is_amended() -> None:
    assert messages_of(GROUPS + mapping("a", "b") + 'c = "b"\n') == [
        ("mappings.target_group.c", "'c' is no value of 'target_group' in what is amended; use one of a")
    ]
    assert messages_of(mapping("agin", "again", "way")) == [
        ("mappings.way.agin", "'agin' is no value of 'way' in what is amended; did you mean 'again'?")
    ]


def test_what_was_mapped_before_may_be_mapped_again_or_stay() -> None:
    second = HEAD + GROUPS + mapping("a", "b")
    third = HEAD.replace("tiny.toml", "other.toml").replace('"other"', '"third"')
    folder = {"tiny.toml": TINY, "other.toml": second}

    stayed = read_rule_set(third, "third.toml", folder)
    again = read_rule_set(
        third + GROUPS.replace('b = "B"', 'c = "C"') + mapping("a", "c") + 'b = "c"\n', "third.toml", folder
    )

    assert [(result.from_, result.to) for result in stayed.mappings] == [("a", "b")]
    assert [(result.from_, result.to) for result in again.mappings] == [("a", "c"), ("b", "c")]


def test_only_what_is_amended_is_read() -> None:
    class Folder(UserDict[str, str]):
        def __getitem__(self, name: str) -> str:
            assert name == "tiny.toml"
            return super().__getitem__(name)

    folder = Folder({"tiny.toml": TINY, "broken.toml": "= ", "other.toml": HEAD})

    assert read_rule_set(HEAD, "other.toml", folder).id == "other"
    assert read_rule_set(TINY, "tiny.toml", folder).id == "tiny"


def test_the_closing_outcomes_that_clarify_are_kept_unless_others_are_listed() -> None:
    base = TINY.replace("\n[reminders]", '\nclarifying = ["job"]\n\n[reminders]', 1)
    files = {"tiny.toml": base, "other.toml": HEAD}

    kept = read_rule_set(HEAD, "other.toml", files)
    others = read_rule_set(
        HEAD + "clarifying = []\n", "other.toml", {**files, "other.toml": HEAD + "clarifying = []\n"}
    )

    assert (kept.clarifying, others.clarifying) == (("job",), ())


def test_what_a_reader_is_to_know_is_kept_unless_the_change_says_something_else() -> None:
    base = TINY.replace("\n[reminders]", '\nnotes = "En jurist skal bekræfte det."\n\n[reminders]', 1)
    files = {"tiny.toml": base}
    said = HEAD + 'notes = "Det er bekræftet."\n'
    kept = read_rule_set(HEAD, "other.toml", {**files, "other.toml": HEAD})
    others = read_rule_set(said, "other.toml", {**files, "other.toml": said})

    assert kept.notes is not None
    assert others.notes is not None
    assert (kept.notes.da, others.notes.da) == ("En jurist skal bekræfte det.", "Det er bekræftet.")
