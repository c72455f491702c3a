"""The mailbox of the standalone system: every mail becomes a file that any mail program opens, and none leaves."""

import re
import signal
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_NOT_IN_NAMES: Final = re.compile(r"[^\w@.,-]+")


class Mailbox:
    """Keeps each mail in a file named by when it came, to whom and with what subject."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - so named
        """Write the mail; only then it is taken."""
        content = envelope.original_content or b""
        mail = message_from_bytes(content, policy=default)
        name = f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f} {mail['to']} {mail['subject']}"
        (self._folder / f"{_NOT_IN_NAMES.sub(' ', name)[:150].strip()}.eml").write_bytes(content)
        return "250 OK"


def serve(port: int, folder: Path) -> None:
    """Take mails on a port of this machine until a signal ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    stopping = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait(stopping)
    controller.stop()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
