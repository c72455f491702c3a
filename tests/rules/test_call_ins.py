"""What a company that calls may say: facts of the step and words that can wait, in the set's own language."""

import pytest

from rules.engine.book import Book
from rules.language.planning import CallIn
from rules.loading.library import shipped
from rules.loading.read_toml import read_rule_set
from rules.reading.rule_book import rule_book
from tests.rules.flawed import PLAN, TRIAL, flaws, planned

CALL = f'{TRIAL}call_ins = [{{ id = "there", label = "Mødt", {{}} }}]\n'
OF_A_SYSTEM = PLAN.replace('"meets_at"\ntype = "time"', '"counted"\ntype = "int"')
OF_A_SYSTEM = OF_A_SYSTEM.rpartition('["caseworker"]')[0] + '["system"]\n\n'


def saying(call: str) -> str:
    """Return what stands at the trial when a company may say this."""
    return CALL.replace("{}", call).replace("{{", "{").replace("}}", "}")


@pytest.mark.parametrize(
    ("call", "field", "words"),
    [
        ('facts = { met_on = "x" }', ".facts.met_on", "the fact 'met_on' is not declared"),
        ("facts = { agreed = true }", ".facts.agreed", "a company calls about facts of the step itself"),
        ("facts = { meets_on = 7 }", ".facts.meets_on", "'7' is no value of 'meets_on'"),
        ('day = "meets_at"', ".day", "'meets_at' is of type time"),
        ('day = "meets_on", note = "gossip"', ".note", "'gossip' is no kind of note"),
        ('day = "meets_on", note = "question"', ".note", "'question' is no kind of note"),
        ('day = "meets_on", note = "barrier"', ".note", "notes of the kind “barrier” cannot wait"),
        ('note = "resource"', "", "“there” says nothing; write facts, day or words"),
    ],
)
def test_a_company_calls_about_facts_of_the_step_and_says_something(call: str, field: str, words: str) -> None:
    found = flaws(planned((TRIAL, saying(call))))

    assert any(at == f"steps[1].call_ins[0]{field}" and said.startswith(words) for at, said in found), found


def test_one_of_the_two_roles_may_report_all_that_is_said() -> None:
    found = flaws(planned((TRIAL, saying('facts = { counted = 1 }, day = "meets_on"')), (PLAN, OF_A_SYSTEM)))

    words = "neither role may report all that “there” says; give the facts a reporter in common"
    assert ("steps[1].call_ins[0]", words) in found, found


def test_the_same_thing_to_say_stands_once() -> None:
    twice = saying('words = "Ja."').replace("}]", '}, { id = "there", label = "Her", words = "Jo." }]')

    assert [at for at, _ in flaws(planned((TRIAL, twice)))] == ["steps[1].call_ins[1].id"]


def test_a_fact_that_a_company_may_say_is_read() -> None:
    came = (PLAN, f'{PLAN}[[steps.facts]]\nid = "came"\ntype = "bool"\nlabel = "Mødt"\nreporters = ["caseworker"]\n\n')

    assert "nothing reads the fact 'came'" in flaws(planned(came))[0][1]
    reads = read_rule_set(planned(came, (TRIAL, saying("facts = { came = true }"))), "tiny.toml")
    assert reads.steps[1].call_ins[0].facts == {"came": True}


def calls(rule_set: str, step: str) -> dict[str, CallIn]:
    """Return what may be said at a step of a shipped set."""
    rules = next(rules for rules in shipped() if rules.id == rule_set)
    return {call.id: call for each in rules.steps if each.id == step for call in each.call_ins}


@pytest.mark.parametrize(
    ("rule_set", "step"),
    [("jobfirst", "trial"), ("jobfirst", "paid_hours"), ("jobfirst-vitas", "trial"), ("ips", "job")],
)
def test_every_set_lets_a_company_say_the_same_four_things(rule_set: str, step: str) -> None:
    found = calls(rule_set, step)

    labels = [call.label.da for call in found.values()]
    assert labels == ["Ikke mødt", "Syg", "Går godt", "Vil tale om timer"]
    assert all(call.label.en and (call.words is None or call.words.en) for call in found.values())


def test_an_amending_set_changes_what_is_recorded_and_keeps_what_is_said() -> None:
    changed = calls("jobfirst-vitas", "trial")

    assert calls("jobfirst", "trial")["not_there"].facts == {"absence_kind": "unknown"}
    assert (changed["not_there"].facts, changed["not_there"].day) == ({}, "stayed_away_on")
    assert changed["hours"].words == calls("jobfirst", "trial")["hours"].words


def test_the_rule_book_says_what_a_call_records() -> None:
    jobfirst = next(rules for rules in shipped() if rules.id == "jobfirst")
    book = "\n".join(rule_book(Book(jobfirst), "da"))

    assert "- Går godt: »Går det?« besvares med »Som aftalt«." in book
    assert "»Hvilken dag var borgeren der ikke?« er dagen for opkaldet." in book
