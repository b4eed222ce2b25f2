"""Commands for those who run attest: people, migrate, log, rebuild, doctor, serve."""

import asyncio
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.cli.client import SERVICES, Client, connected
from services.cli.output import (
    ExitCode,
    Format,
    FormatOption,
    errors,
    progress_bar,
    refusals,
    show,
    show_rows,
)
from shared.database import migrate as migrate_database
from shared.database import raise_epoch
from shared.errors import BadInputError
from shared.settings import read_settings

people = typer.Typer(help="The directory of people.", no_args_is_help=True)
log = typer.Typer(help="The event log.", no_args_is_help=True)


class AdminSettings(BaseSettings):
    """What the owner of the database gives to migrate it."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    database_url: SecretStr
    """The owner's; never a service's."""
    role_passwords: dict[str, SecretStr] = {}
    """JSON object: password by service, set at every migration."""


class UnknownServiceError(BadInputError):
    """There is no service of that name."""


@people.command("import")
def people_import(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="CSV, UTF-8"),
    ],
    format_: FormatOption = Format.TEXT,
) -> None:
    """Put a list of people into the directory: id, name, email, organisation, roles."""
    with refusals(), connected() as client:
        content = file.read_bytes()
        with errors.status(f"Importing {file.name} ..."):
            answer = client.post("/operations/imports", content=content)
        show(answer, format_)


def migrate(
    *,
    demonstration: Annotated[
        bool, typer.Option(help="A new log may run ahead of the wall clock")
    ] = False,
) -> None:
    """Bring the database to this version's schema; the only command that runs DDL."""
    with refusals():
        settings = read_settings(AdminSettings)
        passwords = {
            name: password.get_secret_value()
            for name, password in settings.role_passwords.items()
        }
        asyncio.run(
            migrate_database(
                settings.database_url.get_secret_value(),
                role_passwords=passwords,
                demonstration=demonstration,
            )
        )
        typer.echo("The database has the schema of this version.")


def topics(
    replication_factor: Annotated[
        int | None,
        typer.Option(min=1, help="Where there are fewer brokers than the file wants"),
    ] = None,
) -> None:
    """Create the topics of deploy/topics.yaml that a Kafka cluster lacks; check all.

    KAFKA_BOOTSTRAP_SERVERS says where it is. Topics that exist are never changed.
    """
    from services.cli.topics import ensure_topics  # noqa: PLC0415

    with refusals():
        count = ensure_topics(replication_factor)
        typer.echo(f"The brokers have all {count} topics, as they must be.")


@log.command("restore")
def log_restore() -> None:
    """Raise the epoch of a log that was restored from a backup, before services start.

    Consumers then take messages of the lost future for what they are.
    """
    with refusals():
        settings = read_settings(AdminSettings)
        epoch = asyncio.run(raise_epoch(settings.database_url.get_secret_value()))
        typer.echo(f"The log is in epoch {epoch} now.")


def rebuild(
    name: Annotated[str, typer.Argument(help=", ".join(SERVICES))],
) -> None:
    """Fold the log anew into a service's read models and put them in place."""
    with refusals(), connected() as client:
        _known(name)
        result = streamed(client, "POST", f"/{name}/maintenance/rebuild", name)
        typer.echo(f"{name}: read models rebuilt at position {result['position']}.")


def doctor(format_: FormatOption = Format.TEXT) -> None:
    """Check log, read models and messages; exit code 4 if something is wrong."""
    with refusals(), connected(roles=("operations", "auditor")) as client:
        findings = list(examine(client))
        show_rows(findings, ("check", "holds", "found"), format_)
        if not all(finding["holds"] for finding in findings):
            raise typer.Exit(ExitCode.CHECK_FAILED)


def examine(client: Client) -> Iterator[dict[str, Any]]:
    """Yield what each check of the whole system found."""
    verdict = streamed(client, "GET", "/operations/log/verification", "log")
    yield _finding("log gapless", verdict["gapless"], f"{verdict['events']} events")
    yield _finding(
        "chain valid", verdict["chain_valid"], verdict["first_wrong_position"] or "-"
    )
    yield _scanner(client.get("/submission/uploads/scanner"))
    files = {name: client.get(f"/{name}/maintenance/programmes") for name in SERVICES}
    yield _finding("programme files alike", *alike(files))
    for name in SERVICES:
        path = f"/{name}/maintenance/differences"
        differences = streamed(client, "GET", path, name)["differences"]
        wrong = {table: count for table, count in differences.items() if count}
        yield _finding(f"{name}: read models equal a rebuild", not wrong, wrong or "0")
    for report in client.get("/operations/messages/reconciliation")["consumers"]:
        found = {
            name: report[name]
            for name in ("lost", "duplicated", "out_of_order", "parked")
        }
        holds = not any(found.values())
        yield _finding(f"{report['consumer']}: messages", holds, found)


def alike(files: dict[str, dict[str, str]]) -> tuple[bool, str]:
    """Tell whether all services have read the same programmes, and where not."""
    told = {frozenset(each.items()) for each in files.values()}
    if len(told) == 1:
        return True, f"{len(files[SERVICES[0]])} versions"
    both = frozenset.intersection(*told)
    versions = sorted({version for each in told for version, _ in each - both})
    return False, f"not the same in every service: {'; '.join(versions)}"


def _scanner(told: dict[str, Any]) -> dict[str, Any]:
    """Return what holds of the malware scanner; to have none is a choice, and said."""
    found = "answers" if told["answers"] else "does not answer: no upload is taken in"
    if not told["is_configured"]:
        found = "none: uploads are not scanned"
    holds = told["answers"] or not told["is_configured"]
    return _finding("malware scanner", holds, found)


def _finding(check: str, holds: object, found: object) -> dict[str, Any]:
    return {"check": check, "holds": bool(holds), "found": found}


def streamed(client: Client, method: str, path: str, label: str) -> dict[str, Any]:
    """Return the result of long work, showing its progress on standard error."""
    with progress_bar(label) as bar:
        for line in client.lines(method, path):
            if "result" in line:
                result: dict[str, Any] = line["result"]
                return result
            bar(line["done"], line["total"])
    message = "The service stopped before it was finished: try again."
    raise BadInputError(message)


def serve(
    name: Annotated[str, typer.Argument(help=", ".join(SERVICES))],
) -> None:
    """Serve one service alone; settings come from the environment."""
    with refusals():
        _known(name)
    importlib.import_module(f"services.{name}.__main__").main()


def stand_ins() -> None:
    """Serve a development issuer and a mailbox: for demonstrations, never for people.

    Whoever reaches it can sign in as anybody. Settings come from the environment.
    """
    from services.cli.stand_ins import serve_stand_ins  # noqa: PLC0415

    with refusals():
        serve_stand_ins()


def _known(name: str) -> None:
    if name not in SERVICES:
        raise UnknownServiceError(name=name, known=", ".join(SERVICES))
