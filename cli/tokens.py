"""Signs tokens, and refuses a command with a message."""

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Never

import typer
from pydantic import ValidationError

from domain.identity import WHOLE_MUNICIPALITY, Role
from infra.clock import SystemClock
from infra.settings import Settings, SettingsError, TokenSettings
from standalone.settings import StandaloneSettings

_A_DAY: Final = timedelta(days=1)
_AN_HOUR: Final = timedelta(hours=1)


def signed(
    roles: Sequence[Role],
    person: str,
    municipality: str,
    units: Sequence[str] = (WHOLE_MUNICIPALITY,),
    lifetime: timedelta | None = None,
) -> str:
    """Return a signed token, or end the program with the flaws of what cannot be signed.

    It lives for a day, or as long as such a token may; a longer `lifetime` is a flaw.
    """
    from infra.security.tokens import sign

    longest = _longest(roles)
    if lifetime is not None and lifetime > longest:
        refuse(
            f"Et sådant token må højst gælde {longest / _AN_HOUR:.0f} timer; "
            "se FODSLAG_PERSON_TOKEN_HOURS og FODSLAG_SYSTEM_TOKEN_DAYS.\n"
            f"Such a token may live for {longest / _AN_HOUR:.0f} hours at most; "
            "see FODSLAG_PERSON_TOKEN_HOURS and FODSLAG_SYSTEM_TOKEN_DAYS."
        )
    try:
        return sign(
            os.environ.get("FODSLAG_JWT_KEY") or _standalone_signing_key(),
            person=person,
            roles=roles,
            municipality=municipality,
            units=units,
            lifetime=min(_A_DAY, longest) if lifetime is None else lifetime,
            now=SystemClock().now(),
        )
    except ValidationError as error:
        refuse(in_lines(error))


def _longest(roles: Sequence[Role]) -> timedelta:
    try:
        return TokenSettings.from_environment().lifetimes.longest(roles)
    except SettingsError as error:
        refuse(str(error))


def standalone_settings() -> StandaloneSettings:
    try:
        return StandaloneSettings()
    except ValidationError as error:
        refuse(in_lines(error, prefix="FODSLAG_"))


def settings_here() -> Settings:
    """Return the settings of the environment, or else of the system that `fodslag run` keeps in its folder."""
    from standalone.environment import use_standalone_system
    from standalone.errors import StandaloneError

    try:
        use_standalone_system(standalone_settings())
        return Settings.from_environment()
    except (SettingsError, StandaloneError) as error:
        refuse(str(error))


def _standalone_signing_key() -> str:
    from standalone.keys import key_file

    file = key_file(standalone_settings().var, "FODSLAG_JWT_KEY")
    if not file.exists():
        refuse(
            f"Ingen nøgle i {file}. Start `fodslag run` først, eller sæt FODSLAG_JWT_KEY.\n"
            f"No key in {file}. Start `fodslag run` first, or set FODSLAG_JWT_KEY."
        )
    return file.read_text()


def in_lines(error: ValidationError, prefix: str = "") -> str:
    """Return the errors as lines; with a `prefix` each has the name of its environment variable."""
    lines = []
    for detail in error.errors():
        name = prefix + ".".join(map(str, detail["loc"]))
        lines.append(f"{name.upper() if prefix else name}: {detail['msg']}")
    return "\n".join(lines)


def refuse(message: str) -> Never:
    typer.echo(message, err=True)
    raise typer.Exit(2)
