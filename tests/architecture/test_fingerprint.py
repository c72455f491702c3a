from difflib import unified_diff

import pytest

from tests.architecture.fingerprint import Fingerprint, committed, current

WHAT_NOW = """
The workflows give Temporal other commands than running courses have in their histories.
A worker with this code could not replay such a course: the course would stand still until the code is put right.

Before version 1.0.0 no course has to survive (ADR 0048): do step 3, and record the histories anew in the same commit.

1. Keep the old commands for running courses: `if workflow.patched("what-changes"): new … else: old …`.
   A name that Temporal has stored (workflow, update, query, queue, search attribute) is never changed.
   Fewer events per run break every run that is already longer.
2. Keep the recorded histories under other names, and record new ones beside them: `python -m tests.replay.record`.
3. When `tests/replay` is green for all of them, renew: `python -m tests.architecture.fingerprint`.
"""


def differences(before: Fingerprint, after: Fingerprint) -> list[str]:
    """Return the lines in which two fingerprints differ."""
    return list(unified_diff(lines(before), lines(after), "committed", "current", lineterm="", n=0))


def lines(fingerprint: Fingerprint) -> list[str]:
    return [
        f"{part} / {name} / {line}"
        for part, names in fingerprint.items()
        for name, listed in names.items()
        for line in listed
    ]


def test_the_workflows_give_the_commands_that_running_courses_have_in_their_histories() -> None:
    different = differences(committed(), current())

    if different:
        pytest.fail("\n".join([*different, WHAT_NOW]), pytrace=False)


def test_the_fingerprint_names_what_history_would_miss() -> None:
    listed = lines(current())

    assert "commands / course / CourseWorkflow is workflow.defn 'Course'" in listed
    assert "commands / course / CourseWorkflow._apply: execute_local_activity ports.apply" in listed
    assert "commands / course / CourseWorkflow._wait_for_command_or_alarm: wait_condition without timeout" in listed
    assert "commands / alarm / Alarm._ring: sleep" in listed
