"""What a person may choose of the standalone system: its folder and its ports, by environment variables."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=1, le=65_535)]


class StandaloneSettings(BaseSettings):
    """Each field is read from FODSLAG_ and its name in capitals, such as FODSLAG_API_PORT."""

    model_config = SettingsConfigDict(env_prefix="FODSLAG_", frozen=True)

    var: Path = Path("var")
    """The folder that holds everything: database, courses, keys and logs. Back up this one."""
    api_host: str = "127.0.0.1"
    """The address that the API listens on; with keys and passwords of its own making, this machine's alone."""
    api_port: Port = 8080
    metrics_port: Port = 9090
    temporal_port: Port = 7233
    temporal_ui_port: Port = 8233
    postgres_port: Port = 5433
    mail_port: Port = 2525

    @field_validator("api_host")
    @classmethod
    def _is_of_this_machine(cls, host: str) -> str:
        if host == "localhost" or (_is_address(host) and ip_address(host).is_loopback):
            return host
        raise ValueError(
            "Det selvstændige system lytter kun på denne maskine: brug 127.0.0.1, eller se deploy.md."
            " / The standalone system listens on this machine only: use 127.0.0.1, or see deploy.md."
        )

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        ports = [port for name, port in self if name.endswith("_port")]
        if len(set(ports)) < len(ports):
            raise ValueError("To dele kan ikke have samme port. / Two parts cannot share a port.")
        return self


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
