from typing import Final

import pytest

from domain.state.waiting import WaitingKind
from rules.language.rule_set import RuleSet
from rules.loading.read_toml import read_set, reading_of
from tests.rules.written import FILES, changed, flaws_of, placed

HEAD: Final = """amends = "walk"
id = "walk"
version = "2"
valid_from = 2027-01-01
title = "En længere gåtur"
description = "Kun det, der er anderledes."
authors = ["Fodslag"]
"""


def folder(english: str = "", **files: str) -> dict[str, str]:
    """Return the walk, and beside it a folder that amends it: its set (`set`) and files of steps."""
    own = {"longer/set.toml": HEAD + files.pop("set", "")}
    own |= {f"longer/{name}.toml": toml for name, toml in files.items()}
    return {**FILES, **own, **({"longer/english.toml": english} if english else {})}


def longer(english: str = "", **files: str) -> RuleSet:
    """Return the whole that the amending folder makes."""
    return read_set("longer", folder(english, **files))


def flaws(english: str = "", **files: str) -> list[str]:
    """Return what is said of the amending folder."""
    return flaws_of(folder(english, **files), "longer")


def home(inside: str) -> str:
    """Return a file that amends the first step."""
    return f'[step]\nid = "home"\n\n{inside}'


def test_a_text_alone_is_changed_where_it_stands() -> None:
    before, after = read_set("walk", FILES), longer(home=home('[[requirements]]\nid = "wants_to"\ntext = "Nu!"\n'))

    one, other = before.steps[0].requirements[0], after.steps[0].requirements[0]
    assert other.text.da == "Nu!"
    assert one.model_copy(update={"text": other.text}) == other
    assert after.examples == before.examples
    assert after.ladders == before.ladders


def test_the_english_of_a_text_that_is_changed_is_not_kept() -> None:
    changed = home('[[requirements]]\nid = "wants_to"\ntext = "Nu!"\n')

    assert longer(home=changed).steps[0].requirements[0].text.en is None
    english = '[requirements.wants_to]\ntext = "Now!"\n'
    assert longer(english, home=changed).steps[0].requirements[0].text.en == "Now!"
    assert longer('[requirements.wants_to]\nmissing = "Ask."\n').steps[0].requirements[0].missing is not None


def test_an_example_of_another_wait_stays_one_when_who_hears_of_it_is_changed() -> None:
    start = "examples = [\n"
    unread = '{ say = "Ulæst.", given = "day_one", waiting = "acknowledgement", told = { 2026-09-09 = "both" } },\n'
    files = changed(("1-home", start, start + unread))
    own = '{ say = "Ulæst.", told = { 2026-09-10 = "both" } }, { say = "Så mindes begge.", until = 2026-09-19 }'
    files["longer/set.toml"] = HEAD
    files["longer/home.toml"] = home(f'[[requirements]]\nid = "wants_to"\nexamples = [{own}]\n')

    examples = {example.say.da: example for example in read_set("longer", files).examples}

    unread_now, reminded = examples["Ulæst."], examples["Så mindes begge."]
    assert (unread_now.waiting, unread_now.requirement) == (WaitingKind.ACKNOWLEDGEMENT, None)
    assert [str(day.on) for day in unread_now.told] == ["2026-09-10"]
    assert (reminded.waiting, reminded.requirement) == (WaitingKind.REQUIREMENT, "wants_to")


def test_the_same_words_keep_their_english() -> None:
    same = home('[[requirements]]\nid = "wants_to"\ntext = "Borgeren vil gerne ud."\n')

    assert longer(home=same).steps[0].requirements[0].text.en == "The citizen wants to go out."
    example = '[[examples]]\nsay = "Uden lyst ingen tur."\ntarget_group = "b"\n'
    assert [(one.say.en, one.target_group) for one in longer(home=home(example)).examples][:1] == [
        ("Without zest no walk.", "b")
    ]


def test_english_alone_may_be_amended() -> None:
    asked = longer('[requirements.wants_to]\nmissing = "Ask."\n').steps[0].requirements[0].missing

    assert asked is not None
    assert (asked.da, asked.en) == ("Spørg borgeren.", "Ask.")
    place = "longer/english.toml, line 2, requirements.wants_too.missing"
    leftover = reading_of("longer", folder('[requirements.wants_too]\nmissing = "Ask."\n'))
    assert list(map(placed, leftover.notes)) == [
        f"{place}: 'wants_too' has no Danish text here; did you mean 'wants_to'?"
    ]


def test_a_number_is_changed_and_keeps_its_label_and_source() -> None:
    most = longer(numbers="[law]\nmost_days = { value = 5 }\n").parameters[0]

    assert (most.label.da, most.source, [row.value for row in most.rows]) == ("Længste tur", "§ 1", [5])


def test_a_reminder_a_condition_and_a_pattern_are_changed() -> None:
    rung = '{ after_deadline = "soon", tell = "both", text = "Nu." }'
    changed = longer(
        set=f'\n[patterns]\nlate = [{rung}]\n\n[conditions]\nshort_enough = {{ yes = "keen" }}\n',
        home=home('[[requirements]]\nid = "wants_to"\nremind = { pattern = "late", texts = ["Tid."] }\n'),
        out='[step]\nid = "out"\n\n[[requirements]]\nid = "is_out"\nremind = "late"\n',
    )

    assert [len(one.rungs) for one in changed.ladders if one.waiting == "requirement"] == [1, 1]
    when = changed.steps[1].requirements[0].when
    assert when is not None
    assert [part.model_dump(exclude_defaults=True) for part in getattr(when, "all")] == [  # noqa: B009
        {"fact": "keen", "is_": True},
        {"fact": "keen", "is_": True},
    ]


def test_what_is_added_says_that_it_is_new() -> None:
    fact = '[[facts]]\nid = "kean"\ntype = "bool"\nlabel = "Vil gerne"\ninformational = true\n'

    words = "'kean' replaces nothing; write new = true if it is new, or did you mean 'keen'?"
    assert flaws(home=home(fact)) == [f"longer/home.toml, line 4, facts[0]: {words}"]
    added = longer(home=home(fact.replace("]]", "]]\nnew = true")))
    assert [one.id for one in added.facts][-1] == "kean"


@pytest.mark.parametrize(
    ("file", "toml", "place"),
    [
        ("numbers", '[local]\nsooon = { label = "S", value = 1, unit = "working_days" }\n', "line 2, local.sooon"),
        ("set", '\n[conditions]\nshort_enogh = { yes = "keen" }\n', "line 10, conditions.short_enogh"),
        ("home", home('[[requirements]]\nid = "wants_too"\n'), "line 4, requirements[0]"),
        ("home", home('[[routes]]\nid = "away"\nto = ["out"]\n'), "line 4, routes[0]"),
        ("home", '[step]\nid = "hoem"\n', "line 1, step"),
        ("set", '\n[[note_kinds]]\nid = "wsh"\n', "line 9, note_kinds[0]"),
        ("home", home('[[situations]]\nid = "day_on"\n'), "line 4, situations[0]"),
    ],
)
def test_a_slip_in_an_id_is_a_flaw_where_it_is_written(file: str, toml: str, place: str) -> None:
    result = flaws(**{file: toml})

    assert any(flaw.startswith(f"longer/{file}.toml, {place}: ") and "replaces nothing" in flaw for flaw in result), (
        result
    )


def test_what_replaces_something_is_not_new() -> None:
    assert flaws(home=home('[[facts]]\nnew = true\nid = "keen"\nlabel = "Lyst"\n')) == [
        "longer/home.toml, line 5, facts[0].new: this is not new, for it replaces what is amended; remove 'new'"
    ]


def test_a_requirement_is_removed_with_its_reminder_and_the_examples_beside_it() -> None:
    removed = longer(set='\n[remove]\nrequirements = ["wants_to"]\nfacts = ["keen"]\n' + _WITHOUT_KEEN)

    assert removed.steps[0].requirements == ()
    assert [one.requirement for one in removed.ladders if one.waiting == "requirement"] == ["is_out"]
    assert [example.say.da for example in removed.examples] == ["Turen kan høre op."]
    assert "keen" not in {fact.id for fact in removed.facts}


_WITHOUT_KEEN: Final = '\n[conditions]\nagreed = "short_enough"\n'


def test_what_is_not_there_cannot_be_removed() -> None:
    where = "remove.requirements[0]"
    assert flaws(set='\n[remove]\nrequirements = ["wants_too"]\nfact = ["keen"]\n') == [
        f"longer/set.toml, line 10, {where}: 'wants_too' is not there to remove; did you mean 'wants_to'?",
        "longer/set.toml, line 11, remove.fact: 'fact' is no list to remove from; did you mean 'facts'?",
    ]
    assert flaws(set="\nremove = 3\n")[0].startswith("longer/set.toml, line 9, remove: write a table")


def test_a_key_of_an_entry_is_removed() -> None:
    changed = home(
        '[[requirements]]\nid = "wants_to"\nremove = ["deadline"]\nremind = [{ after = "soon", tell = "both" }]\n'
    )

    where = "requirements[0].remove[0]"
    assert longer(home=changed).steps[0].requirements[0].deadline is None
    assert flaws(home=changed.replace('"deadline"', '"deadlin"')) == [
        f"longer/home.toml, line 6, {where}: 'deadlin' is not there to remove; did you mean 'deadline'?"
    ]


def test_reminders_patterns_conditions_and_examples_are_removed() -> None:
    examples = '["Turen kan høre op.", "Så mindes begge."]'
    removed = longer(set=f'\n[remove]\nreminders = ["acknowledgement", "wants_to"]\nexamples = {examples}\n')

    assert [one.requirement for one in removed.ladders] == ["is_out", "is_out"]
    assert [example.say.da for example in removed.examples] == ["Uden lyst ingen tur."]


def test_routes_with_ids_are_changed_one_by_one_and_others_as_a_whole() -> None:
    whole = longer(home=home('[[routes]]\nclose = true\n\n[[routes]]\nwhen = { yes = "keen" }\nto = ["out"]\n'))

    assert [row.to for row in whole.steps[0].routes] == [(), ("out",)]
    assert whole.steps[0].routes[1].when is not None
    named = {
        **FILES,
        "walk/1-home.toml": FILES["walk/1-home.toml"].replace('to = ["out"]\n', 'id = "away"\nto = ["out"]\n'),
    }
    own = folder(home=home('[[routes]]\nid = "away"\nwhen = { yes = "keen" }\n'))
    changed = read_set("longer", {**own, **{name: toml for name, toml in named.items() if name.startswith("walk/1")}})
    assert [(row.close, row.to) for row in changed.steps[0].routes] == [(True, ()), (None, ("out",))]
    assert changed.steps[0].routes[1].when is not None


def test_the_values_of_a_fact_are_mapped_to_those_that_take_their_place() -> None:
    groups = '\n[[facts]]\nid = "target_group"\nvalues = { d = "D", e = "E" }\n'
    numbers = "[law]\nmost_days = { value = 5 }\n"
    situation = home('[[situations]]\nid = "day_one"\ntarget_group = "d"\n')
    mapped = '\n[mappings.target_group]\na = "d"\nb = "d"\nc = "e"\n'

    moved = longer(set=groups + mapped, numbers=numbers, home=situation)
    assert [(one.fact, one.from_, one.to) for one in moved.mappings] == [
        ("target_group", "a", "d"),
        ("target_group", "b", "d"),
        ("target_group", "c", "e"),
    ]
    slip = flaws(set=groups + mapped.replace('c = "e"', 'c = "f"'), numbers=numbers, home=situation)
    assert slip == [
        "longer/set.toml, line 16, mappings.target_group.c: 'f' is no value of 'target_group'; use one of d, e"
    ]


def test_a_situation_may_build_on_one_that_is_new() -> None:
    new = '[[situations]]\nnew = true\nid = "eve"\ntarget_group = "a"\ntoday = 2026-09-07\n'
    started = "started_on = 2026-09-07\nentered_on = 2026-09-07\n"

    changed = longer(home=home(f'{new}{started}\n[[situations]]\nid = "day_one"\nbuilds_on = "eve"\n'))

    assert [situation.id for situation in changed.situations] == ["eve", "day_one"]


def test_a_situation_that_is_amended_still_builds_on_the_same_one() -> None:
    later = '[[situations]]\nid = "later"\nbuilds_on = "day_one"\ntoday = 2026-09-08\n\n[[requirements]]'
    base = {**FILES, "walk/1-home.toml": FILES["walk/1-home.toml"].replace("[[requirements]]", later, 1)}

    changed = read_set("longer", {**folder(home=home('[[situations]]\nid = "later"\ntoday = 2026-09-09\n')), **base})

    assert [(one.id, one.step, one.builds_on) for one in changed.situations] == [
        ("day_one", "home", None),
        ("later", None, "day_one"),
    ]


def test_what_the_amended_set_names_and_the_change_needs_no_more_may_stay() -> None:
    own = home('[[requirements]]\nid = "wants_to"\nremind = [{ after = "soon", tell = "both" }]\n')
    out = '[step]\nid = "out"\n\n[[requirements]]\nid = "is_out"\nremind = [{ after = "soon", tell = "both" }]\n'

    assert len(longer(home=own, out=out).ladders) == len(read_set("walk", FILES).ladders)
    unused = '\n[patterns]\nlate = [{ after = "soon", tell = "both" }]\n'
    assert flaws(set=unused, home=own, out=out) == [
        "longer/set.toml, line 10, patterns.late: nothing uses the pattern 'late'; use it or remove it"
    ]


def test_a_step_that_is_amended_in_several_files_is_told_twice_and_not_lost() -> None:
    both = flaws(home=home(""), again=home(""))

    assert any("'home'" in flaw for flaw in both)


def test_nothing_says_new_or_remove_where_nothing_is_amended() -> None:
    alone = {**FILES, "walk/set.toml": FILES["walk/set.toml"] + '\n[remove]\nfacts = ["keen"]\n'}

    assert "'remove' belongs to a set that amends another; remove it" in flaws_of(alone)[0]
    alone = {**FILES, "walk/2-out.toml": FILES["walk/2-out.toml"].replace("[[facts]]", "[[facts]]\nnew = true", 1)}
    assert "'new' belongs to a set that amends another; remove it" in flaws_of(alone)[0]
