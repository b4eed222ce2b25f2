"""The checks of the demonstration see every kind of damage: their controls.

Damage is done as the superuser of PostgreSQL, past privileges and triggers.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from services.cli.client import ClientSettings
from services.cli.demo.checks import check_everything
from services.cli.demo.office import import_staff, open_cohort
from services.cli.demo.stage import Stage, until
from services.cli.output import ExitCode
from shared.embedded import RolePasswords
from shared.embedded.ports import LOCALHOST
from shared.embedded.postgres.cluster import SUPERUSER
from tests.e2e.terminal import Terminal
from tests.faults.system.playing import Findings, failed
from tests.support.processes import AttestUp

NOBODYS_CASE = "c0000"


@asynccontextmanager
async def superuser(
    up: AttestUp,
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Connect past every privilege."""
    directory = up.state / "postgres"
    connection = await asyncpg.connect(
        host=LOCALHOST,
        port=int((directory / "port").read_text()),
        user=SUPERUSER,
        password=RolePasswords(directory / "passwords.json").for_role(SUPERUSER),
        database="attest",
    )
    try:
        yield connection
    finally:
        await connection.close()


def play_a_little(url: str) -> None:
    """Let some messages go from one service to others."""
    stage = Stage(ClientSettings(url=url))
    try:
        import_staff(stage)
        open_cohort(stage)
    finally:
        stage.close()


def checks_of(url: str, *cases: str) -> Findings:
    """Return what the checks find, when these cases were to have letters."""
    stage = Stage(ClientSettings(url=url))
    try:
        stage.numbers = {case: number for number, case in enumerate(cases)}
        return list(check_everything(stage))
    finally:
        stage.close()


def all_hold(url: str) -> None:
    """Return once every check holds; messages may still be on their way."""
    until(lambda: not failed(checks_of(url)), "every check to hold")


def names_of(findings: Findings) -> set[str]:
    return {finding["check"] for finding in findings}


class TestChecks:
    @pytest.mark.timeout(240)
    async def test_see_every_kind_of_damage(self, tmp_path: Path) -> None:
        async with AttestUp(tmp_path) as up, superuser(up) as connection:
            await asyncio.to_thread(play_a_little, up.url)
            await asyncio.to_thread(all_hold, up.url)
            letterless = await asyncio.to_thread(checks_of, up.url, NOBODYS_CASE)
            await connection.execute(
                "ALTER TABLE log.inbox DISABLE TRIGGER ALL;"
                "ALTER TABLE log.event DISABLE TRIGGER ALL;"
                "UPDATE submission.cohorts SET programme = 'OTHER';"
                "DELETE FROM log.inbox WHERE ctid = (SELECT min(ctid) FROM log.inbox);"
                "UPDATE log.event SET payload = payload || ' ' WHERE position = 3"
            )
            damaged = await asyncio.to_thread(checks_of, up.url)
            await connection.execute("DELETE FROM log.event WHERE position = 3")
            gapped = await asyncio.to_thread(checks_of, up.url)
            doctor = await asyncio.to_thread(
                Terminal().run, "doctor", ATTEST_URL=up.url
            )

        assert names_of(failed(letterless)) == {
            "cases by state",
            "letters exactly once",
        }
        found = names_of(failed(damaged))
        assert "chain valid" in found
        assert "submission: read models equal a rebuild" in found
        assert sum(name.endswith(": messages") for name in found) == 1
        assert "log gapless" not in found
        assert "log gapless" in names_of(failed(gapped))
        assert doctor.exit_code == ExitCode.CHECK_FAILED
