from difflib import unified_diff

import pytest

from tests.architecture.fingerprint import Fingerprint, kept, taken

WHAT_NOW = """
The workflows ask other things of Temporal than the courses that are running now have in their histories.
A worker with this code could not replay such a course: the course would stand still until the code is put right.

1. Keep the old way for running courses: `if workflow.patched("what-changes"): new … else: old …`.
   A name that Temporal has written down (workflow, update, query, queue, search attribute) is never changed.
   Fewer events per run break every run that is already longer.
2. Keep the histories of the old way, and record the new way beside them: `python -m tests.replay.record`.
3. When `tests/replay` is green for all of them, renew: `python -m tests.architecture.fingerprint`.
"""


def differences(before: Fingerprint, after: Fingerprint) -> list[str]:
    """Return the lines in which two fingerprints differ."""
    return list(unified_diff(lines(before), lines(after), "kept", "now", lineterm="", n=0))


def lines(fingerprint: Fingerprint) -> list[str]:
    return [
        f"{part} / {name} / {line}"
        for part, names in fingerprint.items()
        for name, found in names.items()
        for line in found
    ]


def test_the_workflows_ask_of_temporal_what_running_courses_have_in_their_histories() -> None:
    different = differences(kept(), taken())

    if different:
        pytest.fail("\n".join([*different, WHAT_NOW]), pytrace=False)


def test_the_fingerprint_names_what_history_would_miss() -> None:
    found = lines(taken())

    assert "commands / course / CourseWorkflow is workflow.defn 'Course'" in found
    assert "commands / course / CourseWorkflow._apply: execute_local_activity ports.apply" in found
    assert "commands / course / CourseWorkflow._next_occasion: wait_condition without timeout" in found
    assert "commands / alarm / Alarm._ring: sleep" in found
