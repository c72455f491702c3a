"""A municipality's own rule sets over HTTP: checked, proposed by one, published by another, and then never changed."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from cli import app
from clients.caller import Caller
from domain.calendar import danish_day
from infra.clock import SystemClock
from tests.api.vocabulary import case, expect
from tests.municipalities import fresh_municipality
from tests.rules.own_sets import TOML
from tools.town.town import Town

HERE: Final = fresh_municipality()
TODAY: Final = danish_day(SystemClock().now())
_versions = count(1)


@pytest.fixture(scope="module")
def rie(town: Town) -> Caller:
    """The rule editor."""
    return town.speaks("rie", "rule_editor", municipality=HERE)


@pytest.fixture(scope="module")
def sara(town: Town) -> Caller:
    """The supervisor of the whole municipality."""
    return town.speaks("sara", "supervisor", municipality=HERE, units=("*",))


def own(begins: date = TODAY, rule_set: str = "tiny", changes: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a small rule set under a version of its own, with some words changed."""
    toml = TOML.replace('id = "tiny"', f'id = "{rule_set}"').replace('version = "1"', f'version = "k{next(_versions)}"')
    toml = toml.replace("2020-01-01", begins.isoformat(), 1)
    for former, words in changes.items():
        assert former in toml
        toml = toml.replace(former, words)
    return toml


def proposed(rie: Caller, toml: str) -> dict[str, Any]:
    """Let the rule editor propose a set."""
    return rie.does("/v1/rulesets", toml=toml)


def path(line: dict[str, Any], act: str) -> str:
    """Return the address of an act on a version."""
    return f"/v1/rulesets/{line['id']}/versions/{line['version']}/{act}"


def published(rie: Caller, sara: Caller, toml: str) -> dict[str, Any]:
    """Let one propose a set and another publish it."""
    line = proposed(rie, toml)
    return sara.does(path(line, "approve"), sha256=line["sha256"])


def test_a_document_is_checked_with_its_lines_and_nothing_is_written(rie: Caller) -> None:
    slip = own(rule_set="checked", changes={'yes = "agreed"': 'yes = "agred"'})

    wrong = rie.does("/v1/ruleset-checks", toml=slip)
    right = rie.does("/v1/ruleset-checks", toml=own(rule_set="checked"))

    assert not wrong["is_publishable"]
    assert "agreed" in wrong["flaws"][0]["text"]
    assert slip.splitlines()[wrong["flaws"][0]["line"] - 1] == 'must = { yes = "agred" }'
    assert wrong["sha256"] is None
    assert right["is_publishable"], right
    assert (right["id"], right["flaws"]) == ("checked", [])
    assert "checked" not in {item["id"] for item in rie.get("/v1/rulesets")["items"]}


def test_what_cannot_be_published_is_refused_with_every_flaw(rie: Caller) -> None:
    draft = own(TODAY - timedelta(days=1), changes={"authors =": "draft = true\nauthors ="})

    problem = expect(rie.sends("/v1/rulesets", toml=draft), 422, "rules-flawed", "toml")

    told = " ".join(error["problem"] for error in problem["errors"])
    assert "draft = true" in told
    assert TODAY.isoformat() in told
    assert ".." not in told


def test_who_is_led_nowhere_is_told_before_anything_is_published(rie: Caller) -> None:
    nowhere = own(rule_set="nowhere", changes={'talk = "Slut: tal igen"': 'talk = "Slut: tal igen", rest = "Hvile"'})

    checked = rie.does("/v1/ruleset-checks", toml=nowhere)
    problem = expect(rie.sends("/v1/rulesets", toml=nowhere), 422, "rules-flawed", "toml")

    assert not checked["is_publishable"]
    (flaw,) = checked["flaws"]
    assert "Hvile" in flaw["text"]
    assert nowhere.splitlines()[flaw["line"] - 1].startswith("[[steps.routes]]")
    assert "Hvile" in problem["errors"][0]["problem"]
    assert "nowhere" not in {item["id"] for item in rie.get("/v1/rulesets")["items"]}


def test_one_proposes_and_another_publishes_the_very_document_he_read(rie: Caller, sara: Caller) -> None:
    line = proposed(rie, own(rule_set="agreed-on"))
    assert (line["status"], line["is_in_force"], line["proposed_by"]) == ("proposed", False, "rie")

    expect(rie.sends(path(line, "approve"), sha256=line["sha256"]), 403, "rules-own-proposal")
    changed = expect(sara.sends(path(line, "approve"), sha256="0" * 64), 409, "rules-changed")
    assert line["sha256"] in changed["detail"]
    assert "0" * 64 in changed["detail"]

    done = sara.does(path(line, "approve"), sha256=line["sha256"])

    assert (done["status"], done["is_in_force"], done["is_own"]) == ("published", True, True)
    assert (done["proposed_by"], done["approved_by"]) == ("rie", "sara")
    again = sara.does(path(line, "approve"), sha256=line["sha256"])
    assert again == done, "twice is once"


def test_a_published_version_is_never_changed_and_both_hashes_are_named(rie: Caller, sara: Caller) -> None:
    toml = own(rule_set="kept")
    line = published(rie, sara, toml)

    assert proposed(rie, toml)["sha256"] == line["sha256"], "the same again is what is there"
    other = rie.does("/v1/ruleset-checks", toml=toml.replace("Samtale, praktik og job.", "Andre ord."))["sha256"]
    refused = rie.sends("/v1/rulesets", toml=toml.replace("Samtale, praktik og job.", "Andre ord."))

    problem = expect(refused, 409, "rules-changed")
    assert line["sha256"] in problem["detail"]
    assert other in problem["detail"]


def test_a_course_that_starts_follows_the_own_set_in_force(town: Town, rie: Caller, sara: Caller) -> None:
    line = published(rie, sara, own())
    later = published(rie, sara, own(TODAY + timedelta(days=30)))
    system = town.speaks("case-system", "system", municipality=HERE)

    body = case(municipality=HERE, rule_set="tiny", target_group="a", started_on=TODAY.isoformat(), facts={})
    started = system.does("/v1/courses", **body)

    rules = system.get(f"/v1/courses/{started['course']}")["rules"]
    assert (rules["sha256"], rules["version"]) == (line["sha256"], line["version"])
    in_force = {item["version"]: item["is_in_force"] for item in rie.get("/v1/rulesets")["items"] if item["is_own"]}
    assert (in_force[line["version"]], in_force[later["version"]]) == (True, False)


def test_what_has_not_begun_is_withdrawn_and_what_has_begun_is_not(rie: Caller, sara: Caller) -> None:
    now = published(rie, sara, own(rule_set="begun"))
    later = published(rie, sara, own(TODAY + timedelta(days=1), rule_set="begun"))

    expect(rie.sends(path(now, "withdraw"), sha256=now["sha256"]), 409, "rules-in-force")
    withdrawn = rie.does(path(later, "withdraw"), sha256=later["sha256"])

    assert (withdrawn["status"], withdrawn["withdrawn_by"]) == ("withdrawn", "rie")
    expect(sara.sends(path(later, "approve"), sha256=later["sha256"]), 409, "rules-withdrawn")
    assert rie.get("/v1/rulesets/begun", sha256=later["sha256"])["version"] == later["version"], "read for ever"


def test_a_version_is_read_as_it_was_written_and_compared_in_sentences(rie: Caller, sara: Caller) -> None:
    toml = own(rule_set="compared")
    before = published(rie, sara, toml)
    after = proposed(rie, own(rule_set="compared", changes={"Det er aftalt.": "Aftalen er klar."}))

    assert rie.get("/v1/rulesets/compared/document", sha256=before["sha256"])["toml"] == toml
    assert 'id = "ips"' in rie.get("/v1/rulesets/ips/document")["toml"]
    named = {"before": before["sha256"], "after": after["sha256"]}
    lines = rie.get("/v1/rulesets/compared/changes", **named)["lines"]
    assert any("Aftalen er klar." in line for line in lines)


def test_no_other_municipality_reads_it_and_only_who_may_decides(town: Town, rie: Caller, sara: Caller) -> None:
    line = published(rie, sara, own(rule_set="walled"))
    elsewhere = town.speaks("rie", "rule_editor", municipality="0963")
    of_a_unit = town.speaks("signe", "supervisor", municipality=HERE)

    expect(elsewhere.http.get(f"/v1/rulesets/walled?sha256={line['sha256']}"), 404, "rule-set-not-found")
    expect(elsewhere.sends(path(line, "withdraw"), sha256=line["sha256"]), 404, "rule-set-not-found")
    expect(of_a_unit.sends(path(line, "withdraw"), sha256=line["sha256"]), 403, "not-governed")
    expect(sara.sends("/v1/rulesets", toml=own()), 403, "not-permitted")


def test_an_amendment_of_a_default_set_comes_before_it(rie: Caller, sara: Caller) -> None:
    toml = (
        'amends = "ips"\nid = "ips"\nversion = "k1"\ntitle = "IPS hos os"\ndescription = "Vores."\n'
        f'authors = ["Rie"]\nvalid_from = {TODAY}\n'
    )

    line = published(rie, sara, toml)

    assert (line["amends"], line["follows"], line["not_carried_on_to"]) == ("ips", None, [])
    read = rie.get("/v1/rulesets/ips")
    assert (read["title"], read["is_own"], read["sha256"]) == ("IPS hos os", True, line["sha256"])


def run(town: Town, *words: str, expected: int = 0) -> str:
    """Give a command here, and return what it prints."""
    url = {"FODSLAG_JWT_KEY": town.keys["FODSLAG_JWT_KEY"], "FODSLAG_API_PORT": str(town.settings.api_port)}
    ended = CliRunner().invoke(app, [*words, "--municipality", HERE, "--language", "en"], env=url)
    assert ended.exit_code == expected, ended.output
    return ended.stdout if expected < 2 else ended.output


def token_of(speaker: Caller) -> str:
    """Return the token by which somebody speaks."""
    return speaker.http.headers["authorization"].removeprefix("Bearer ")


def test_the_command_line_does_the_same(town: Town, rie: Caller, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(own(TODAY + timedelta(days=1), rule_set="by-hand"))
    ours = partial(run, town, "rulesets")

    assert "differ" in ours("check", str(file))
    sha256 = json.loads(run(town, "rules", "publish", str(file), "--as", "rie", "--json"))["sha256"]
    named = f"by-hand@{rie.get('/v1/rulesets/by-hand', sha256=sha256)['version']}"
    assert "rules-own-proposal" in ours("approve", named, sha256, "--as", "rie", expected=2)
    assert "published" in ours("approve", named, sha256, "--as", "ruth")
    assert ours("show", named) == file.read_text()
    assert named in ours("list")
    assert "Nothing differs" in ours("compare", named, named)
    assert "withdrawn" in ours("withdraw", named, sha256, "--as", "ruth")


def test_publishing_a_file_proposes_it_and_says_that_somebody_else_approves_it_and_where(
    town: Town, rie: Caller, sara: Caller, tmp_path: Path
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(own(rule_set="by-file"))

    told = run(town, "rules", "publish", str(file), "--as", "rie")
    line = next(item for item in rie.get("/v1/rulesets")["items"] if item["id"] == "by-file")
    told_as_json = json.loads(run(town, "rules", "publish", str(file), "--as", "rie", "--json"))

    assert (line["status"], line["proposed_by"], line["approved_by"]) == ("proposed", "rie", None)
    assert f"/rules/by-file/versions/{line['version']}" in told
    assert f"fodslag rulesets approve by-file@{line['version']} {line['sha256']} --municipality {HERE}" in told
    assert (told_as_json["status"], told_as_json["sha256"]) == ("proposed", line["sha256"])
    assert told_as_json["page"].endswith(f"/rules/by-file/versions/{line['version']}")

    sara.does(path(line, "approve"), sha256=line["sha256"])

    again = run(town, "rules", "publish", str(file), "--as", "rie")
    assert "published" in again
    assert "approve" not in again


def test_publishing_a_file_that_must_be_put_right_ends_with_one_and_who_may_not_with_two(
    town: Town, tmp_path: Path
) -> None:
    file = tmp_path / "rules.toml"
    nowhere = {'talk = "Slut: tal igen"': 'talk = "Slut: tal igen", rest = "Hvile"'}
    file.write_text(own(rule_set="by-slip", changes=nowhere))
    publish = partial(run, town, "rules", "publish", str(file), "--as", "rie")

    assert "Hvile" in publish(expected=1)
    assert json.loads(publish("--json", expected=1))["code"] == "rules-flawed"
    assert "not-permitted" in publish(
        "--token", token_of(town.speaks("anna", "caseworker", municipality=HERE)), expected=2
    )


def test_what_another_has_proposed_meanwhile_stays(town: Town, rie: Caller) -> None:
    ruth = town.speaks("ruth", "rule_editor", municipality=HERE)
    first = own(rule_set="crossing")
    line = proposed(rie, first)
    second = first.replace("Det er aftalt.", "Aftalen er klar.")

    newer = rie.does("/v1/rulesets", toml=second, instead_of=line["sha256"])
    late = ruth.sends("/v1/rulesets", toml=first.replace("Det er aftalt.", "Aftalt."), instead_of=line["sha256"])

    problem = expect(late, 409, "rules-changed")
    assert newer["sha256"] in problem["detail"]
    assert rie.does("/v1/rulesets", toml=second, instead_of=line["sha256"]) == newer, "twice is once"
