"""By whose word the API knows who somebody is: the keys of tokens, and the provider at which people log in."""

from functools import partial
from typing import Final

import httpx

from infra.security.keys import keys_of
from infra.security.openid import Client, Provider, fetch
from infra.security.tokens import Verifier
from infra.settings import Settings

CALLBACK: Final = "/login/callback"


def verifier_of(settings: Settings, http: httpx.AsyncClient) -> Verifier:
    """Return what verifies the tokens of an installation."""
    keys = keys_of(settings.jwt_key.get_secret_value(), partial(fetch, http))
    return Verifier(keys, settings.jwt_issuer, settings.jwt_audience, settings.lifetimes)


def provider_of(settings: Settings, http: httpx.AsyncClient) -> Provider | None:
    """Return where people log in, None where the installation names nobody."""
    if not settings.oidc_issuer:
        return None
    client = Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        scope=settings.oidc_scope,
        redirect_uri=f"{settings.public_url.rstrip('/')}{CALLBACK}",
    )
    return Provider(client, http)
