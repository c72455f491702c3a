"""A municipality with rule sets of its own, whose running courses may be moved from one to another."""

import time
from typing import Any, Final

from clients.caller import Caller
from tests.api.leading import TODAY, Office
from tests.journeys.vocabulary import ANSWER_WITHIN
from tests.rules.own_sets import NUMBER, TOML
from tools.town.town import Town

CLOSES: Final = "\n[[steps.routes]]\nclose = true\n"
"""How the first step of the set ends."""
ASKED_TOO: Final = """
[[steps.requirements]]
id = "is_told"
text = "Vejen er sagt."
missing = "Sig vejen."
source = "Eksempel"
kind = "local"
roles = ["caseworker"]
must = { answered = "way" }

[[steps.routes]]
close = true
"""
"""What another version asks there besides, put in the place of `CLOSES`."""


class Ruled(Office):
    """A municipality with two versions of a small rule set: ten working days for the agreement, and five."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.rie = self.speaks("rie", "rule_editor")
        self.ten, self.five = self.published("ten", 10), self.published("five", 5)

    def published(self, rule_set: str, days: int, **changes: str) -> str:
        """Publish a set and return its hash."""
        toml = TOML.replace('id = "tiny"', f'id = "{rule_set}"').replace("2020-01-01", TODAY.isoformat(), 1)
        deadline = 'must = { yes = "agreed" }\ndeadline = { amount = "days", from = "entered" }'
        toml = toml.replace('must = { yes = "agreed" }', deadline).replace(
            "\n[reminders]\n", f"{NUMBER.format(days=days)}\n[reminders]\n", 1
        )
        for former, words in changes.items():
            toml = toml.replace(former, words, 1)
        line = self.rie.does("/v1/rulesets", toml=toml)
        address = f"/v1/rulesets/{line['id']}/versions/{line['version']}/approve"
        sha256: str = self.whole.does(address, sha256=line["sha256"])["sha256"]
        return sha256

    def begins(self, rule_set: str = "ten", unit: str = "job") -> str:
        """Start a course today."""
        return self.starts(rule_set=rule_set, target_group="a", started_on=TODAY.isoformat(), facts={}, unit=unit)

    def follows(self, course: str) -> str:
        """Return the id of the set that a course follows."""
        rules: str = self.whole.get(f"/v1/courses/{course}")["rules"]["id"]
        return rules

    def over(self, location: str) -> dict[str, Any]:
        """Return a bulk act when nothing of it waits any more."""
        deadline = time.monotonic() + ANSWER_WITHIN
        while (act := self.whole.get(location))["waiting"]:
            assert time.monotonic() < deadline, act
        return act

    def orders(self, caller: Caller, **body: Any) -> dict[str, Any]:
        """Order a re-pin and return the act with its address."""
        answer = caller.http.post("/v1/re-pins", json=body)
        assert answer.status_code == 202, answer.text
        return {**answer.json(), "at": answer.headers["Location"]}
