"""What a person may choose of the standalone system: its folder and its ports, by environment variables."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=1, le=65_535)]


class StandaloneSettings(BaseSettings):
    """Each field is read from FODSLAG_ and its name in capitals, such as FODSLAG_API_PORT."""

    model_config = SettingsConfigDict(env_prefix="FODSLAG_", frozen=True)

    var: Path = Path("var")
    """The folder that holds everything: database, courses, keys and logs. Back up this one."""
    api_port: Port = 8080
    metrics_port: Port = 9090
    temporal_port: Port = 7233
    temporal_ui_port: Port = 8233
    postgres_port: Port = 5433

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        ports = [port for name, port in self if name.endswith("_port")]
        if len(set(ports)) < len(ports):
            raise ValueError("To dele kan ikke have samme port. / Two parts cannot share a port.")
        return self
