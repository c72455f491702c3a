"""Connects to Temporal, whose address the environment names (TEMPORAL_ADDRESS …), with encrypted payloads."""

import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NoReturn

from temporalio.client import Client, Interceptor
from temporalio.common import HeaderCodecBehavior
from temporalio.envconfig import ClientConfig
from temporalio.runtime import Runtime
from temporalio.service import RetryConfig

from infra.temporal.converter import data_converter
from infra.temporal.keyring import Keyring

_DEFAULT_ADDRESS: Final = "localhost:7233"
_CONNECT_WITHIN: Final = timedelta(seconds=5)
# Long enough to outlast a restart of the server, short enough that a caller of the API still gets a 503.
_RETRY: Final = RetryConfig(max_elapsed_time_millis=5_000)


async def connect(
    keyring: Keyring,
    *,
    interceptors: Sequence[Interceptor] = (),
    lazy: bool = False,
    runtime: Runtime | None = None,
) -> Client:
    """Return the process's one client, which encrypts every payload and header; `runtime` exports its metrics.

    With `lazy` it connects at its first call, so that the API starts while Temporal is away.
    Without, it raises RuntimeError when Temporal cannot be reached.
    """
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", _DEFAULT_ADDRESS)
    return await Client.connect(
        **config,
        data_converter=data_converter(keyring),
        header_codec_behavior=HeaderCodecBehavior.CODEC,
        interceptors=interceptors,
        retry_config=_RETRY,
        connect_timeout=_CONNECT_WITHIN,
        lazy=lazy,
        runtime=runtime,
    )


def exit_without_teardown(code: int) -> NoReturn:
    """End a process that has connected, at once and with this exit code.

    A thread of the client that hands over its last answer while the interpreter is torn down would abort the process
    (temporalio/sdk-python, issue 300), so the interpreter is not torn down: close and flush everything else before.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
