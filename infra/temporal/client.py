"""The connection to Temporal: the environment says where it is (TEMPORAL_ADDRESS …), we what it can read."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from temporalio.client import Client, Interceptor
from temporalio.common import HeaderCodecBehavior
from temporalio.envconfig import ClientConfig
from temporalio.runtime import Runtime
from temporalio.service import RetryConfig

from infra.temporal.codec import data_converter
from infra.temporal.keyring import Keyring

_ADDRESS_UNLESS_TOLD: Final = "localhost:7233"
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
    """Return the process's one client, which encrypts every payload and header it sends; `runtime` tells its metrics.

    With `lazy` it connects when first used, so that the API starts though Temporal is away.
    Otherwise a Temporal that cannot be reached raises RuntimeError.
    """
    told = ClientConfig.load_client_connect_config()
    told.setdefault("target_host", _ADDRESS_UNLESS_TOLD)
    return await Client.connect(
        **told,
        data_converter=data_converter(keyring),
        header_codec_behavior=HeaderCodecBehavior.CODEC,
        interceptors=interceptors,
        retry_config=_RETRY,
        connect_timeout=_CONNECT_WITHIN,
        lazy=lazy,
        runtime=runtime,
    )
