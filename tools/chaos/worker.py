"""The worker as it is, but for the internet: what it sends to webhooks leads to the receiver on loopback.

The product has no way to be told so: only this module of the chaos, which is not shipped, gives it another connect.
"""

import os
import runpy
import ssl
from typing import Final

from infra.outward import posting
from tools.town.receiver import Receiver, poster_to

PORT: Final = "CHAOS_RECEIVER_PORT"
"""The variable with the port by which the receiver is reached."""
TRUSTED: Final = "CHAOS_TRUSTED_FILE"
"""The variable with the file of the certificate of the receiver."""


def _poster() -> posting.Poster:
    """Return what posts to the receiver, whichever server is named."""
    trusted = ssl.create_default_context(cafile=os.environ[TRUSTED])
    return poster_to(Receiver(port=int(os.environ[PORT])), trusted)


if __name__ == "__main__":
    posting.Poster = _poster  # type: ignore[assignment,misc]
    runpy.run_module("worker", run_name="__main__")
