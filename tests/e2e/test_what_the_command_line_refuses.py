"""What the command line refuses, how it says so, and the exit code of each kind.

1 refused, 2 wrong usage, 3 nothing answers; 4, a check failed, is shown where something
is damaged: tests/faults/system/test_checks.py.
"""

from pathlib import Path

import pytest

from services.cli.samples import COHORT as SAMPLES
from services.moderation.domain.rules import rules_of
from shared.programmes import load_programme
from tests.e2e.terminal import PEOPLE, Terminal, details
from tests.support.processes import AttestUp

NOBODY_LISTENS = "http://127.0.0.1:9"
"""Port 9 is "discard"; nobody runs it any more."""


class TestWrongInput:
    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("submit", "no-such.docx"), "no-such.docx"),
            (("rebuild", "nobody"), "nobody"),
            (("serve", "nobody"), "nobody"),
            (("parked", "release", "no.lane", "--reason", "try it again"), "no.lane"),
            (("parked", "discard", "no.lane", "--reason", "not needed"), "no.lane"),
            (("letters", "--state", "lost"), "state"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
    )
    def test_is_refused_with_what_is_wrong(
        self, terminal: Terminal, arguments: tuple[str, ...], told: str
    ) -> None:
        refused = terminal.run(*arguments)
        assert refused.exit_code == 1
        assert refused.out == ""
        assert told in refused.err

    def test_of_other_rules_is_refused_where_nothing_was_drawn(
        self, terminal: Terminal, tmp_path: Path
    ) -> None:
        sampling = load_programme("ATS").policy.sampling
        path = tmp_path / "rules.json"
        path.write_text(rules_of(sampling).model_dump_json())
        refused = terminal.run(
            "moderation", "plan", "--cohort", SAMPLES, "--what-if", path
        )
        assert refused.exit_code == 1
        assert refused.out == ""
        assert "Nothing is drawn yet" in refused.err

    def test_that_is_no_portfolio_is_refused_by_name(
        self, terminal: Terminal, tmp_path: Path
    ) -> None:
        path = tmp_path / "notes.docx"
        path.write_text("not a document at all")
        refused = terminal.run("submit", path, *details(3))
        assert refused.exit_code == 1
        assert "notes.docx" in refused.err

    def test_that_lacks_something_names_the_options(
        self, terminal: Terminal, folder: Path
    ) -> None:
        (folder / "portfolio.yaml").unlink()
        refused = terminal.run("submit", folder, "--cohort", SAMPLES)
        assert refused.exit_code == 1
        for option in ("--name", "--email", "--organisation", "--mentor"):
            assert option in refused.err

    def test_in_a_list_of_people_is_refused_with_its_line(
        self, terminal: Terminal, tmp_path: Path
    ) -> None:
        path = tmp_path / "people.csv"
        path.write_text(PEOPLE + "rev-sable,Di Sable,no address,set-office,reviewer\n")
        refused = terminal.run("people", "import", path)
        assert refused.exit_code == 1
        assert "4" in refused.err
        assert "no address" not in refused.err

    @pytest.mark.parametrize(
        "arguments",
        [
            ("no-such-command",),
            ("cases", "--limit", "0"),
            ("demo", "--participants", "3"),
            ("parked", "release", "some.lane"),
            ("people", "import", "no-such.csv"),
        ],
        ids=" ".join,
    )
    def test_of_the_command_itself_shows_its_usage(
        self, arguments: tuple[str, ...]
    ) -> None:
        refused = Terminal().run(*arguments)
        assert refused.exit_code == 2
        assert "Usage:" in refused.err


class TestNobodyThere:
    @pytest.mark.parametrize(
        "words",
        [
            ("cases",),
            ("case", "c1"),
            ("events",),
            ("letters",),
            ("parked", "list"),
            ("rebuild", "review"),
            ("doctor",),
            ("demo", "--url", NOBODY_LISTENS),
        ],
        ids=" ".join,
    )
    def test_is_said_with_a_code_of_its_own(self, words: tuple[str, ...]) -> None:
        screen = Terminal({"ATTEST_URL": NOBODY_LISTENS}).run(*words)
        assert screen.exit_code == 3
        assert "attest up" in screen.err

    def test_is_said_when_no_address_is_known(self, tmp_path: Path) -> None:
        terminal = Terminal({"ATTEST_STATE_DIRECTORY": str(tmp_path)})
        assert terminal.run("cases").exit_code == 3

    def test_is_not_said_when_the_directory_knows_the_address(
        self, attest_up: AttestUp
    ) -> None:
        terminal = Terminal({"ATTEST_STATE_DIRECTORY": str(attest_up.state)})
        assert terminal.run("cases").exit_code == 0
