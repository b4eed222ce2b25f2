"""The command line as a person at a terminal meets it, without a new process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from typer.testing import CliRunner

from services.cli import app
from services.cli.samples import COHORT as SAMPLES

OF_THE_SHELL = ("ATTEST_URL", "ATTEST_TOKEN", "DATABASE_URL", "ROLE_PASSWORDS")
"""What a developer's own shell may hold, and a test must not see."""


PEOPLE = """id,name,email,organisation,roles
rev-quill,Nia Quill,nia@office.example,set-office,reviewer
mod-rowan,Jo Rowan,jo@office.example,set-office,moderator
"""
"""A list of staff that is in order."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a command left behind."""

    exit_code: int
    out: str
    err: str

    def rows(self) -> list[dict[str, Any]]:
        """Return the objects that ``--format json`` printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def row(self) -> dict[str, Any]:
        """Return the only object that was printed."""
        (row,) = self.rows()
        return row


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs ``attest`` with this environment."""

    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: object, **environment: str) -> Screen:
        """Return what ``attest ARGUMENTS`` printed, and its exit code."""
        known: dict[str, str | None] = dict.fromkeys(OF_THE_SHELL)
        result = CliRunner().invoke(
            app,
            [str(argument) for argument in arguments],
            env={**known, **self.environment, **environment},
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Screen(result.exit_code, result.stdout, result.stderr)

    def ask(self, *arguments: object) -> Screen:
        """Return what a command printed as JSON; it must end well."""
        screen = self.run(*arguments, "--format", "json")
        assert screen.exit_code == 0, screen.err
        return screen


def details(number: int) -> tuple[str, ...]:
    """Return the options that say whose a portfolio is: participant *number*."""
    return (
        *("--cohort", SAMPLES, "--name", f"Reader {number}"),
        *("--email", f"reader{number}@example.org"),
        *("--organisation", "reading-college"),
        *("--mentor", f"Mentor {number} <mentor{number}@example.org>"),
    )
