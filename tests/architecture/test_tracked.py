"""What is installed, built or measured on a machine stays on it."""

from shutil import which
from subprocess import run

import pytest

from tests.architecture.files import ROOT, must_be_none


def test_nothing_that_git_is_told_to_ignore_is_kept_in_it() -> None:
    git = which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("This is no working tree of git, so nothing is tracked here.")
    tracked = [git, "-C", str(ROOT), "ls-files", "--cached", "--ignored", "--exclude-standard"]

    must_be_none(
        run(tracked, capture_output=True, check=True, text=True).stdout.splitlines(),
        "Take it out of git with `git rm --cached`: every machine makes its own.",
    )
