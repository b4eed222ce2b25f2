"""A PostgreSQL 18 of our own, from a wheel, on 127.0.0.1.

Signing in always takes a password (scram-sha-256): the port is open to every account
of the machine. The superuser is for the migrator only; services use roles of their
own.

Invariant: whoever starts a server holds the lock on its directory, so two never work
on the same data and everything else found there is a leftover.
"""

import signal
import time
from pathlib import Path
from typing import ClassVar

import structlog

from shared.embedded.account import account_for
from shared.embedded.child import ChildProcess, Program
from shared.embedded.lock import DirectoryLock
from shared.embedded.ports import LOCALHOST
from shared.embedded.postgres.cluster import ENVIRONMENT, PROGRAMS, SUPERUSER, Cluster
from shared.embedded.postgres.configuration import arguments
from shared.embedded.postgres.leftovers import clear_leftovers
from shared.embedded.postgres.passwords import RolePasswords
from shared.embedded.postgres.session import (
    PostgresNotRunningError,
    answers,
    ensure_database,
)
from shared.embedded.server import EmbeddedServer
from shared.errors import UnavailableError

_log = structlog.get_logger(__name__)

DATABASE = "attest"
_MAINTENANCE_DATABASE = "postgres"
_STOP_SECONDS = 30.0


class PostgresServer(EmbeddedServer):
    """The server whose everything is in *directory* (a path of its own).

    ``data/`` the cluster, ``port`` the remembered port, ``passwords.json`` the roles'
    passwords, ``server.log`` the log of this run. ``fsync=False`` trades safety at
    a power cut for speed; a crash of programs loses nothing either way.
    """

    not_running: ClassVar[type[UnavailableError]] = PostgresNotRunningError

    def __init__(self, directory: Path, *, fsync: bool = True) -> None:
        super().__init__(directory)
        self.passwords = RolePasswords(self.directory / "passwords.json")
        self._fsync = fsync
        self._lock = DirectoryLock(self.directory)

    @property
    def url(self) -> str:
        """The superuser's URL of the database ``attest``; for the migrator only."""
        return self.url_for(SUPERUSER, DATABASE)

    def url_for(self, role: str, database: str = DATABASE) -> str:
        """Return the URL with which *role* signs in to *database*.

        The role gets its password now if it has none yet; creating the role with
        that password is the migrator's part.
        """
        password = self.passwords.for_role(role)
        return f"postgresql://{role}:{password}@{LOCALHOST}:{self.port}/{database}"

    async def stop(self) -> None:
        """Stop it: sessions are ended, the data are written (a fast shutdown)."""
        if self._child is not None:
            await self._child.stop(signal.SIGINT, grace_seconds=_STOP_SECONDS)
        self._lock.release()

    async def _start(self) -> None:
        began = time.monotonic()
        self.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._lock_once()
        try:
            await self._prepare()
            await self._start_on_some_port()
            await ensure_database(self._superuser_url(), DATABASE)
        except BaseException:
            await self.kill()
            self._lock.release()
            raise
        seconds = round(time.monotonic() - began, 3)
        _log.info("postgres.started", port=self.port, seconds=seconds)

    def _lock_once(self) -> None:
        if not self._lock.held:
            self._lock.acquire()

    async def _prepare(self) -> None:
        cluster = self._cluster()
        if cluster.data.exists():
            cluster.check_version()
            await clear_leftovers(cluster.data)
        else:
            await cluster.create(self.passwords.for_role(SUPERUSER))

    def _cluster(self) -> Cluster:
        data = self.directory / "data"
        return Cluster(data, account_for(data, PROGRAMS), fsync=self._fsync)

    def _launch(self) -> ChildProcess:
        cluster = self._cluster()
        settings = arguments(port=self.port, fsync=self._fsync)
        program = Program(
            name="PostgreSQL",
            command=[str(PROGRAMS / "postgres"), "-D", str(cluster.data), *settings],
            log=self.directory / "server.log",
            environment=ENVIRONMENT,
            death_signal=signal.SIGINT,
            account=cluster.account,
        )
        self._child = ChildProcess(program)
        self._child.start()
        return self._child

    async def _answers(self, child: ChildProcess) -> bool:
        return await answers(self._superuser_url(), child)

    def _superuser_url(self) -> str:
        return self.url_for(SUPERUSER, _MAINTENANCE_DATABASE)
