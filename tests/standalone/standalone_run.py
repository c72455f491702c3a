"""Runs the supervisor as `fodslag run` does, with a program of the test's own in the place of worker and API."""

import sys
from collections.abc import Mapping, Sequence

from rich.console import Console

from standalone.child_process import ChildProcess
from standalone.settings import StandaloneSettings
from standalone.supervisor import Program, run


def stand_in(settings: StandaloneSettings, environment: Mapping[str, str]) -> Sequence[ChildProcess]:
    return [Program("Stand-in", ["-c", sys.argv[1]], environment, log=settings.var / "log" / "stand-in.log")]


if __name__ == "__main__":
    sys.exit(run(StandaloneSettings(), Console(), stand_in))
