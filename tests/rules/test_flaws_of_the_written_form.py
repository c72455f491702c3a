import pytest

from rules.loading.read_toml import reading_of
from tests.rules.written import FILES, changed, flaws, flaws_of, line_of, placed

MISSING = "write { answered = … }, or { not = { answered = … } } where it must be missing"
OUT = 'must = { happened = "starts_on" }'
REMIND = 'remind = "late"'


@pytest.mark.parametrize(
    ("file", "before", "after", "field", "message"),
    [
        (
            "1-home",
            'yes = "keen"',
            'yes = "kean"',
            "requirements[0].must[1].yes",
            "the fact 'kean' is not declared; did you mean 'keen'?",
        ),
        (
            "1-home",
            'yes = "keen"',
            'yess = "keen"',
            "requirements[0].must[1]",
            "'yess' is not known here; did you mean 'yes'?",
        ),
        (
            "2-out",
            OUT,
            'must = { answered = "strts_on" }',
            "requirements[0].must.answered",
            "the fact 'strts_on' is not declared; did you mean 'starts_on'?",
        ),
        ("2-out", OUT, "must = { answered = 3 }", "requirements[0].must.answered", "write text in quotation marks"),
        (
            "2-out",
            OUT,
            'must = "agred"',
            "requirements[0].must",
            "'agred' is no named condition; did you mean 'agreed'?",
        ),
        (
            "2-out",
            OUT,
            'must = { days = ["starts_on", "today"], within = "mostdays" }',
            "requirements[0].must.within",
            "the parameter 'mostdays' is not declared; did you mean 'most_days'?",
        ),
        (
            "set",
            'within = "most_days" }',
            'within = "most_dys" }',
            "conditions.short_enough.within",
            "the parameter 'most_dys' is not declared; did you mean 'most_days'?",
        ),
        (
            "set",
            "agreed = [",
            'agreed = ["agreed", ',
            "conditions.agreed[0]",
            "the condition 'agreed' is named within itself; write it out",
        ),
        ("1-home", REMIND, 'remind = "lat"', "requirements[0].remind", "'lat' is no pattern; did you mean 'late'?"),
        (
            "1-home",
            REMIND,
            'remind = { pattern = "late", texts = ["{step}"] }',
            "requirements[0].remind.texts",
            "the pattern has 2 rungs; write a text for each",
        ),
        (
            "1-home",
            REMIND,
            'remind = { patern = "late" }',
            "requirements[0].remind.patern",
            "write { pattern = …, texts = [ … ] }, or a list of rungs",
        ),
        ("1-home", REMIND, "remind = 3", "requirements[0].remind", "write the name of a pattern, or a table"),
        ("1-home", REMIND, 'remnd = "late"', "requirements[0]", "'remnd' is not known here; did you mean 'remind'?"),
        ("1-home", "[[facts]]", "[[fatcs]]", "", "'fatcs' is not known here; did you mean 'facts'?"),
        (
            "1-home",
            'amount = "most_days"',
            'amount = "most_dags"',
            "requirements[0].deadline.amount",
            "'most_dags' is no number of this set, nor a length such as 3 working_days; did you mean 'most_days'?",
        ),
        ("1-home", 'amount = "most_days"', 'amount = "3 days"', "requirements[0].deadline.amount", None),
        ("1-home", 'type = "bool"', 'type = "bol"', "facts[0].type", None),
        (
            "set",
            'after = "soon"',
            'after = "sooon"',
            "reminders.acknowledgement[0].after",
            "'sooon' is no number of this set, nor a length such as 3 working_days; did you mean 'soon'?",
        ),
        ("set", "acknowledgement = [", "acknowledgment = [", "reminders.acknowledgment", None),
        ("set", "purpose = ", "pupose = ", "defaults.pupose", "'pupose' is no default; did you mean 'purpose'?"),
        ("set", "[defaults]", "[default]", "", "'default' is not known here; did you mean 'defaults'?"),
        ("numbers", "value = 2, ", "", "local.soon", "'value' is missing; add it, or 'rows' with one for each date"),
        (
            "numbers",
            'source = "§ 1"',
            'sorce = "§ 1"',
            "law.most_days",
            "'sorce' is not known here; did you mean 'source'?",
        ),
        ("numbers", "c = 4", "d = 4", "law.most_days.groups", "'d' is no target group; use one of a, b, c"),
        ("numbers", "[local]", "[lokal]", "", "'lokal' is not known here; did you mean 'local'?"),
        (
            "english",
            'keen = "Is keen"',
            'keen = "Is {step}"',
            "facts.keen",
            "{step} is filled in messages and reminders only; write it out here",
        ),
        (
            "english",
            "it is time.",
            "it is {tyme}.",
            "patterns.late[0]",
            "the placeholder {tyme} is not known; use one of {day}, {due}, {next}, {role}, {step}",
        ),
        (
            "set",
            "det er tid.",
            "det er {tid}.",
            "patterns.late[0].text",
            "the placeholder {tid} is not known; use one of {day}, {due}, {next}, {role}, {step}",
        ),
    ],
)
def test_a_flaw_is_told_with_the_file_the_line_and_the_field_in_which_it_was_written(
    file: str, before: str, after: str, field: str, message: str | None
) -> None:
    result = flaws((file, before, after))

    place = f"line {line_of(file, before.splitlines()[0])}, {field}".rstrip(", ")
    if message is None:
        assert any(flaw.startswith(f"walk/{file}.toml, {place}: ") for flaw in result), result
    else:
        assert f"walk/{file}.toml, {place}: {message}" in result


@pytest.mark.parametrize(
    ("before", "after", "field", "message"),
    [
        ("keen = ", "kean = ", "facts.kean", "'kean' has no Danish text here; did you mean 'keen'?"),
        (
            "refused = ",
            "refusd = ",
            "requirements.is_out.refusd",
            "'refusd' has no Danish text here; did you mean 'refused'?",
        ),
        (
            '"{step}: the walk is missing."]',
            '"{step}: the walk is missing.", "more"]',
            "requirements.is_out.remind[2]",
            "'2' has no Danish text here; use one of 0, 1",
        ),
        ("soon = ", "son = ", "numbers.son", "'son' has no Danish text here; did you mean 'soon'?"),
        (
            'ingen tur." =',
            'ingn tur." =',
            "examples.Uden lyst ingn tur.",
            "'Uden lyst ingn tur.' has no Danish text here; did you mean 'Uden lyst ingen tur.'?",
        ),
    ],
)
def test_english_to_which_no_danish_text_belongs_is_a_note_and_no_flaw(
    before: str, after: str, field: str, message: str
) -> None:
    reading = reading_of("walk", changed(("english", before, after)))

    assert [placed(note) for note in reading.notes] == [
        f"walk/english.toml, line {line_of('english', before)}, {field}: {message}"
    ]
    assert reading.rule_set.id == "walk"


def test_a_set_may_be_without_any_english() -> None:
    files = {name: toml for name, toml in FILES.items() if name != "walk/english.toml"}

    assert reading_of("walk", files).notes == ()
    assert flaws_of({**files, "walk/english.toml": "[facts]\nkeen = 3\n"}) == [
        "walk/english.toml, line 2, facts.keen: write text in quotation marks"
    ]


@pytest.mark.parametrize(
    ("written", "key", "remedy"),
    [
        ('{ fact = "keen", is_missing = true }', "is_missing", MISSING),
        ('{ all = ["agreed", { yes = "keen" }] }', "all", "write a list: [ … ]; all in it must hold"),
        ('{ fact = "keen", is = true }', "is", "write { yes = \"…\" } here instead of 'is'"),
        (
            '{ derived = "days_between", of = ["starts_on", "today"], at_least = 0 }',
            "derived",
            "write { days = [ … ] } here instead of 'derived'",
        ),
        ('{ days = ["starts_on", "today"], at_most = 3 }', "at_most", "write within here instead of 'at_most'"),
        (
            '{ derived = "days_since", of = ["keen", "today"], within = 3 }',
            "within",
            "write at_most here instead of 'within'",
        ),
        (
            '{ days = ["starts_on", "today"], between = [0, { param = "most_days" }] }',
            "between",
            "write between = \"…\" here instead of 'between'",
        ),
    ],
)
def test_a_cell_that_has_a_short_word_is_written_by_it_alone(written: str, key: str, remedy: str) -> None:
    told = [flaw for flaw in flaws(("2-out", OUT, f"must = {written}")) if f"requirements[0].must.{key}: " in flaw]

    assert [flaw.endswith(remedy) for flaw in told] == [True], told


def test_what_an_entry_lacks_is_told_at_its_beginning() -> None:
    line = line_of("1-home", "[[requirements]]")
    assert flaws(("1-home", 'source = "Metoden"\n', "")) == [
        f"walk/1-home.toml, line {line}, requirements[0]: 'source' is missing; add it"
    ]


def test_a_pattern_that_does_not_fit_is_told_where_it_is_used() -> None:
    line = line_of("1-home", "remind")
    words = "only a ladder about a requirement that has a deadline is counted from it"
    result = flaws(("1-home", 'deadline = { amount = "most_days", from = "entered" }\n', ""))

    assert result[0].startswith(f"walk/1-home.toml, line {line - 1}, requirements[0].remind: {words}")


def test_a_number_that_does_not_fit_is_told_where_it_is_written() -> None:
    result = flaws(("numbers", "value = 9", 'value = "ni"'))

    place = f"line {line_of('numbers', 'value = 9')}, law.most_days.value"
    assert result[0].startswith(f"walk/numbers.toml, {place}: the parameter 'most_days' does not fit")


def test_a_folder_begins_with_its_head() -> None:
    files = {name: toml for name, toml in FILES.items() if name != "walk/set.toml"}

    words = "every folder of a rule set has a file 'set.toml', which begins with its id; add it"
    assert flaws_of(files) == [f"walk/set.toml, line 1: {words}"]


def test_what_is_no_toml_is_told_of_its_own_file() -> None:
    assert flaws(("2-out", 'label = "Ude"', "label = Ude")) == [
        f'walk/2-out.toml, line {line_of("2-out", "Ude")}: text is written in quotation marks: "Ude"'
    ]


def test_what_two_files_say_is_told_of_the_second() -> None:
    assert flaws(("numbers", "[law.most_days]", '[defaults]\npurpose = "Andet"\n\n[law.most_days]')) == [
        "walk/numbers.toml, line 1, defaults: 'defaults' is written in walk/set.toml already; write it in one file"
    ]
    assert flaws(("1-home", "[[facts]]", 'label = "To"\n\n[[facts]]'))[0].startswith("walk/1-home.toml, line ")


def test_the_file_of_a_step_begins_with_it() -> None:
    files = changed(("1-home", "[step]", "[stap]"))
    files["walk/1-home.toml"] = files["walk/1-home.toml"].replace("[stap]", "[x]\n[step]")

    assert "walk/1-home.toml, line 2, step: [step] comes first in the file of a step; move it up" in flaws_of(files)
