"""`make chaos`: many courses are driven over HTTP while parts are killed, away, slow and cut; then all is compared.

The figures are printed and written to `var/chaos.json`, and what clients sent and heard to a ledger beside it.
The exit code is 1 when anything was found; a seed repeats what is said and what is broken in which order, and never
the instant at which they meet.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tools.chaos.checking import KINDS
from tools.chaos.ledger import Ledger
from tools.chaos.running import Wanted, run


def main() -> None:
    """Run, print the figures, write them to a file, and name what was found."""
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("--courses", type=int, default=500, help="how many courses are driven")
    parser.add_argument("--seed", type=int, default=1, help="repeats what is said and what is broken, in which order")
    parser.add_argument("--at-once", type=int, default=20, help="how many courses are driven together")
    parser.add_argument("--away", type=float, default=600.0, help="how many seconds the store is away once")
    parser.add_argument("--longest", type=float, default=4.0, help="how many seconds other faults last at most")
    parser.add_argument("--pause", type=float, default=4.0, help="how many seconds are at most between two faults")
    parser.add_argument("--pairs", type=int, default=2, help="how many APIs there are, and how many workers")
    parser.add_argument("--only", nargs="*", default=[], help='what is broken, such as "kill API 1"; else everything')
    parser.add_argument("--once", action="store_true", help="break nothing more once everything was broken")
    parser.add_argument("--events", type=float, default=420.0, help="how many seconds the last events may take")
    parser.add_argument("--to", type=Path, default=Path("var/chaos.json"), help="where the figures are written")
    asked = parser.parse_args()
    console = Console()
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    book = asked.to.with_suffix(".ledger.jsonl")
    book.unlink(missing_ok=True)
    ledger = Ledger(book)
    only = tuple(asked.only)
    wanted = Wanted(
        courses=asked.courses,
        seed=asked.seed,
        at_once=asked.at_once,
        away=asked.away,
        longest=asked.longest,
        pause=asked.pause,
        pairs=asked.pairs,
        only=only,
        is_once=asked.once,
        events_within=asked.events,
    )
    figures, all_findings = asyncio.run(run(wanted, ledger, console))
    ledger.close()
    for finding in all_findings:
        console.print(f"{finding.kind}: course {finding.course}: {finding.what}", style="red", markup=False)
    console.print(_table(figures))
    asked.to.write_text(json.dumps(figures, indent=2) + "\n")
    sys.exit(1 if all_findings else 0)


def _table(figures: dict[str, Any]) -> Table:
    """Return the figures as people read them; what should be none is red when it is not."""
    table = Table("figure", "number", title="Chaos")
    for name, figure in figures.items():
        shown = ", ".join(f"{what} {times}" for what, times in figure.items()) if isinstance(figure, dict) else figure
        table.add_row(name, str(shown), style="red" if name in KINDS and figure else None)
    return table


if __name__ == "__main__":
    main()
