"""One import from beginning to end: read, try dry, take over, report."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console

from clients.caller import AwayError, Caller
from clients.importing.lines import Line, UnreadableFileError, read
from clients.importing.report import open_report, print_results, with_progress, write_report
from clients.importing.sending import Outcome, Result, each

_DONE: Final = 0
_REFUSED: Final = 1
_UNUSABLE: Final = 2
_STOPPED: Final = 130


class Import:
    """A file on its way into one installation."""

    def __init__(self, file: Path, caller: Caller, quiet_until: str | None, console: Console) -> None:
        """Take the file, the caller, the day on which reminders begin, and the console."""
        self._file = file
        self._caller = caller
        self._quiet_until = quiet_until
        self._console = console
        self._results: list[Result] = []

    def run(self, defaults: Mapping[str, str], *, dry_run: bool, leave_out_refused: bool) -> int:
        """Return the exit code.

        0: every line is ready, taken over or there already. 1: some were refused. 2: the file, or the API, cannot
        be used. 130: stopped by a person; running it again goes on where it stopped.
        """
        try:
            lines = read(self._file, defaults)
            with open_report(self._report_file) as report:
                code = self._send_all(lines, dry_run=dry_run, leave_out_refused=leave_out_refused)
                print_results(self._results, self._console)
                write_report(self._results, report)
        except UnreadableFileError as error:
            self._refuse(str(error))
            return _UNUSABLE
        except OSError as error:
            self._refuse(
                f"{self._report_file} kan ikke skrives: {error.strerror}. Luk den, hvis den er åben.\n"
                f"{self._report_file} cannot be written: {error.strerror}. Close it if it is open."
            )
            return _UNUSABLE
        self._print(f"Rapport / Report: {self._report_file}")
        return code

    def _send_all(self, lines: list[Line], *, dry_run: bool, leave_out_refused: bool) -> int:
        """Return the exit code, also when the API is away or a person stops it."""
        try:
            return self._run(lines, dry_run=dry_run, leave_out_refused=leave_out_refused)
        except AwayError as error:
            self._print(
                f"{error} svarer ikke. Kør igen, når den gør. / {error} does not answer. Run again when it does."
            )
            return _UNUSABLE
        except KeyboardInterrupt:
            self._print("Standset. Kør igen for at fortsætte. / Stopped. Run again to go on.")
            return _STOPPED

    def _run(self, lines: list[Line], *, dry_run: bool, leave_out_refused: bool) -> int:
        """Try every line dry; when all are well, or the rest may be left out, take them over."""
        self._send(lines, "Prøver / Trying", dry_run=True)
        refused = [result for result in self._results if result.outcome is Outcome.REFUSED]
        if dry_run or (refused and not leave_out_refused):
            if refused and not dry_run:
                self._print(
                    "Intet er overtaget. Ret linjerne, eller brug --leave-out-refused.\n"
                    "Nothing was taken over. Correct the lines, or use --leave-out-refused."
                )
            return _REFUSED if refused else _DONE
        self._results = refused
        wrong = {result.line.number for result in refused}
        self._send([line for line in lines if line.number not in wrong], "Overtager / Taking over", dry_run=False)
        return _REFUSED if any(result.outcome is Outcome.REFUSED for result in self._results) else _DONE

    def _send(self, lines: list[Line], title: str, *, dry_run: bool) -> None:
        sent = each(self._caller, lines, dry_run=dry_run, quiet_until=self._quiet_until)
        for result in with_progress(sent, len(lines), title, self._console):
            self._results.append(result)

    @property
    def _report_file(self) -> Path:
        return self._file.with_name(f"{self._file.stem}.report.csv")

    def _refuse(self, text: str) -> None:
        self._console.print(text, style="red", markup=False, highlight=False, soft_wrap=True)

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
