"""A PostgreSQL 18 of our own, from a wheel, on 127.0.0.1.

Signing in always takes a password (scram-sha-256): the port is open to every account
of the machine. The superuser is for the migrator only; services use roles of their
own.

Invariant: whoever starts a server holds the lock on its directory, so two never work
on the same data and everything else found there is a leftover.
"""

import asyncio
import signal
import time
from pathlib import Path

import structlog

from shared.embedded.account import account_for
from shared.embedded.child import ChildProcess, Program
from shared.embedded.lock import DirectoryLock
from shared.embedded.ports import LOCALHOST, fresh_port, is_free, remembered_port
from shared.embedded.postgres.cluster import ENVIRONMENT, PROGRAMS, SUPERUSER, Cluster
from shared.embedded.postgres.configuration import arguments
from shared.embedded.postgres.leftovers import clear_leftovers
from shared.embedded.postgres.passwords import RolePasswords
from shared.embedded.postgres.session import (
    PostgresNotRunningError,
    answers,
    ensure_database,
)

_log = structlog.get_logger(__name__)

DATABASE = "attest"
_MAINTENANCE_DATABASE = "postgres"
_STOP_SECONDS = 30.0
_PORT_ATTEMPTS = 3


class PostgresServer:
    """The server whose everything is in *directory* (a path of its own).

    ``data/`` the cluster, ``port`` the remembered port, ``passwords.json`` the roles'
    passwords, ``server.log`` the log of this run. ``fsync=False`` trades safety at
    a power cut for speed; a crash of programs loses nothing either way.
    """

    def __init__(self, directory: Path, *, fsync: bool = True) -> None:
        self.directory = directory.absolute()
        self.passwords = RolePasswords(self.directory / "passwords.json")
        self._fsync = fsync
        self._lock = DirectoryLock(self.directory)
        self._child: ChildProcess | None = None
        self._port: int | None = None
        self._starting = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether the server process is alive."""
        return self._child is not None and self._child.running

    @property
    def ended_by_itself(self) -> bool:
        """Whether it was started and ended without `stop` or `kill`."""
        return self._child is not None and self._child.ended_by_itself

    @property
    def pid(self) -> int:
        """Process id of the server (its postmaster).

        Raises:
            PostgresNotRunningError: it was not started.
        """
        if self._child is None:
            raise PostgresNotRunningError
        return self._child.pid

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1; stays the same after `stop` and `kill`.

        Raises:
            PostgresNotRunningError: it was never started.
        """
        if self._port is None:
            raise PostgresNotRunningError
        return self._port

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

    async def start(self) -> None:
        """Start the server and return when it answers; creates what is missing.

        Raises:
            DirectoryInUseError: somebody else serves this directory.
            ClusterVersionError: the data are of another PostgreSQL.
            ChildEndedError: it did not come up; the message has the end of its log.
        """
        async with self._starting:
            if not self.running:
                await self._start()

    async def stop(self) -> None:
        """Stop it: sessions are ended, the data are written (a fast shutdown)."""
        if self._child is not None:
            await self._child.stop(signal.SIGINT, grace_seconds=_STOP_SECONDS)
        self._lock.release()

    async def kill(self) -> None:
        """End all its processes as ``kill -9`` does; `start` then recovers the data."""
        if self._child is not None:
            await self._child.kill()

    async def _start(self) -> None:
        began = time.monotonic()
        self.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._lock_once()
        try:
            cluster = await self._prepare()
            await self._start_on_some_port(cluster)
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

    async def _prepare(self) -> Cluster:
        data = self.directory / "data"
        cluster = Cluster(data, account_for(data, PROGRAMS), fsync=self._fsync)
        if data.exists():
            cluster.check_version()
            await clear_leftovers(data)
        else:
            await cluster.create(self.passwords.for_role(SUPERUSER))
        return cluster

    async def _start_on_some_port(self, cluster: Cluster) -> None:
        memory = self.directory / "port"
        self._port = remembered_port(memory)
        for attempt in range(_PORT_ATTEMPTS):
            self._child = self._launch(cluster, self._port)
            if await answers(self._superuser_url(), self._child):
                return
            lost_the_port = not is_free(self._port)
            if not lost_the_port or attempt == _PORT_ATTEMPTS - 1:
                raise self._child.ended()
            self._port = fresh_port(memory)

    def _launch(self, cluster: Cluster, port: int) -> ChildProcess:
        settings = arguments(port=port, fsync=self._fsync)
        program = Program(
            name="PostgreSQL",
            command=[str(PROGRAMS / "postgres"), "-D", str(cluster.data), *settings],
            log=self.directory / "server.log",
            environment=ENVIRONMENT,
            death_signal=signal.SIGINT,
            account=cluster.account,
        )
        child = ChildProcess(program)
        child.start()
        return child

    def _superuser_url(self) -> str:
        return self.url_for(SUPERUSER, _MAINTENANCE_DATABASE)
