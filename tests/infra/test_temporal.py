import subprocess
import sys

import pytest
from temporalio.common import HeaderCodecBehavior

from infra.temporal.client import connect
from infra.temporal.codec import EncryptionCodec
from tests.infra.static_keyring import StaticKeyring


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> pytest.MonkeyPatch:
    for name in (
        "TEMPORAL_ADDRESS",
        "TEMPORAL_NAMESPACE",
        "TEMPORAL_PROFILE",
        "TEMPORAL_API_KEY",
        "TEMPORAL_TLS",
    ):
        monkeypatch.delenv(name, raising=False)
    nothing = tmp_path_factory.mktemp("temporal") / "temporal.toml"
    nothing.touch()
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(nothing))
    return monkeypatch


async def test_the_environment_says_where_temporal_is(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    environment.setenv("TEMPORAL_NAMESPACE", "kommune")

    client = await connect(StaticKeyring(), lazy=True)

    assert client.service_client.config.target_host == "127.0.0.1:1"
    assert client.namespace == "kommune"


async def test_unless_told_otherwise_temporal_is_on_this_machine() -> None:
    client = await connect(StaticKeyring(), lazy=True)

    assert client.service_client.config.target_host == "localhost:7233"
    assert client.namespace == "default"


async def test_the_client_encrypts_payloads_and_headers() -> None:
    client = await connect(StaticKeyring(), lazy=True)

    assert isinstance(client.data_converter.payload_codec, EncryptionCodec)
    assert client.config()["header_codec_behavior"] == HeaderCodecBehavior.CODEC


def test_a_process_that_has_connected_ends_with_its_words_and_code_and_without_teardown() -> None:
    program = (
        "import atexit, sys; from infra.temporal.client import exit_without_teardown;"
        "atexit.register(print, 'torn down'); print('words'); print('error', file=sys.stderr); exit_without_teardown(3)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (3, "words\n", "error\n")
