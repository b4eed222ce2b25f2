"""Every command once: its help, its JSON, and what it does."""

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from services.cli import app
from services.cli.client import SERVICES, ClientSettings, connected
from services.cli.samples import COHORT as SAMPLES
from tests.e2e.terminal import PEOPLE, Terminal, details
from tests.support.embedded import FreshDatabase
from tests.support.processes import AttestUp, attest


def commands() -> Iterator[tuple[str, ...]]:
    """Yield the words of every command."""
    root = typer.main.get_command(app)
    groups: list[tuple[tuple[str, ...], object]] = [((), root)]
    for words, group in groups:
        for name, command in getattr(group, "commands", {}).items():
            groups.append(((*words, name), command))
            yield (*words, name)


class TestHelp:
    @pytest.mark.parametrize("words", list(commands()), ids=" ".join)
    def test_says_what_the_command_does(self, words: tuple[str, ...]) -> None:
        screen = Terminal().run(*words, "--help")
        assert screen.exit_code == 0
        assert "Usage:" in screen.out
        assert f"attest {' '.join(words)}".removeprefix("attest ") in screen.out


class TestReading:
    def test_lists_cases(self, terminal: Terminal) -> None:
        cases = terminal.ask("cases", "--cohort", SAMPLES, "--limit", 1).rows()
        assert [case["state"] for case in cases] == ["submitted"]
        table = terminal.run("cases", "--cohort", SAMPLES)
        assert table.exit_code == 0
        assert cases[0]["case_id"] in table.out

    def test_shows_a_case(self, terminal: Terminal) -> None:
        case_id = terminal.ask("cases", "--cohort", SAMPLES).rows()[0]["case_id"]
        lines = terminal.ask("case", case_id).rows()
        assert "Portfolio submitted" in [line["what"] for line in lines]
        earlier = terminal.ask("case", case_id, "--as-of", lines[0]["position"]).rows()
        assert earlier == lines[:1]

    def test_filters_events(self, terminal: Terminal) -> None:
        query = ("--category", "cohort", "--type", "submission.CohortOpened")
        events = terminal.ask("events", *query).rows()
        assert {event["type"] for event in events} == {"submission.CohortOpened"}

    def test_lists_letters_and_parked_lanes(self, terminal: Terminal) -> None:
        assert terminal.ask("letters", "--state", "failed").rows() == []
        assert terminal.ask("parked", "list").rows() == []

    async def test_follows_events_until_it_is_interrupted(
        self, attest_up: AttestUp, tmp_path: Path
    ) -> None:
        follow = attest(
            *("events", "--follow", "--type", "submission.CohortOpened"),
            *("--format", "json"),
            log=tmp_path / "follow.log",
            environment={"ATTEST_URL": attest_up.url},
        )

        async def printed(cohort_id: str) -> None:
            log = follow.program.log
            while cohort_id not in log.read_text():  # noqa: ASYNC110 - a file
                await asyncio.sleep(0.05)

        body = {"cohort_id": "ats-live", "programme": "ATS", "deadline": "2099-10-31"}
        try:
            await asyncio.wait_for(printed(SAMPLES), 30)
            with connected(ClientSettings(url=attest_up.url)) as client:
                client.post("/submission/cohorts", body)
            await asyncio.wait_for(printed("ats-live"), 30)
        finally:
            await follow.stop(signal.SIGINT, grace_seconds=10)
        lines = follow.program.log.read_text().splitlines()
        assert {json.loads(line)["type"] for line in lines if line[:1] == "{"} == {
            "submission.CohortOpened"
        }


class TestChanging:
    def test_submits_a_file_once(self, terminal: Terminal, workbook: Path) -> None:
        answer = terminal.ask("submit", workbook, *details(1)).row()
        again = terminal.ask("submit", workbook, *details(1)).row()
        assert again["case_id"] == answer["case_id"]
        assert again["snapshot_sha256"] == answer["snapshot_sha256"]

    def test_submits_a_folder(
        self, terminal: Terminal, workbook: Path, folder: Path
    ) -> None:
        answer = terminal.ask("submit", folder, *details(2)).row()
        found = terminal.ask("cases", "--cohort", SAMPLES).rows()
        templates = {case["case_id"]: case["template"] for case in found}
        assert templates[answer["case_id"]] == "phases"
        other = terminal.run("submit", workbook, *details(2))
        assert other.exit_code == 1
        assert "handed in" in other.err

    def test_imports_people(self, terminal: Terminal, tmp_path: Path) -> None:
        path = tmp_path / "people.csv"
        path.write_text(PEOPLE)
        assert terminal.ask("people", "import", path).row()["people"] == 2

    @pytest.mark.parametrize("service", SERVICES)
    def test_rebuilds_read_models(self, terminal: Terminal, service: str) -> None:
        screen = terminal.run("rebuild", service)
        assert screen.exit_code == 0, screen.err
        assert f"{service}: read models rebuilt at position" in screen.out

    def test_examines_everything(self, terminal: Terminal) -> None:
        findings = terminal.ask("doctor").rows()
        assert len(findings) > len(SERVICES)
        assert all(finding["holds"] for finding in findings), findings


class TestOwning:
    def test_migrates_and_begins_an_epoch(self, fresh_database: FreshDatabase) -> None:
        terminal = Terminal({"DATABASE_URL": fresh_database.url})
        for _ in range(2):
            screen = terminal.run("migrate")
            assert screen.exit_code == 0, screen.err
        restored = terminal.run("log", "restore")
        assert restored.exit_code == 0
        assert "epoch 2" in restored.out

    def test_makes_no_real_log_one_for_demonstration(
        self, fresh_database: FreshDatabase
    ) -> None:
        terminal = Terminal({"DATABASE_URL": fresh_database.url})
        assert terminal.run("migrate").exit_code == 0
        refused = terminal.run("migrate", "--demonstration")
        assert refused.exit_code == 1
        assert "demonstration" in refused.err

    @pytest.mark.parametrize("words", [("migrate",), ("log", "restore")], ids=" ".join)
    def test_names_the_setting_that_is_missing(self, words: tuple[str, ...]) -> None:
        refused = Terminal().run(*words)
        assert refused.exit_code == 1
        assert "DATABASE_URL" in refused.err

    def test_serves_no_service_without_its_settings(self) -> None:
        refused = Terminal().run("serve", "review")
        assert refused.exit_code == 1
        assert "KEYSTORE_URL" in refused.out + refused.err

    def test_starts_nothing_twice_on_a_directory(self, attest_up: AttestUp) -> None:
        refused = Terminal().run("up", "--directory", attest_up.state, "--port", 0)
        assert refused.exit_code == 1
        assert str(attest_up.child.pid) in refused.err

    def test_starts_nothing_on_a_port_that_is_taken(
        self, attest_up: AttestUp, tmp_path: Path
    ) -> None:
        directory = tmp_path / "other"
        refused = Terminal().run(
            *("up", "--directory", directory, "--port", attest_up.port)
        )
        assert refused.exit_code == 1
        assert "--port" in refused.err
        assert not directory.exists()
