"""Reads a list of people: CSV with id, name, email, organisation and roles."""

import csv
import io
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from shared.crypto import AddressError, normalise_address
from shared.errors import BadInputError, RuleViolatedError
from shared.vocabulary import OrganisationId, PersonId, Role

COLUMNS = ("id", "name", "email", "organisation", "roles")
FIRST_LINE = 2
"""The line of the first person: the names of the columns stand above."""

MAX_ROWS = 10_000
LARGEST_LIST_BYTES = 8 * 1024 * 1024
"""Enough for `MAX_ROWS` rows of 800 bytes (P)."""


class PeopleRefusedError(BadInputError):
    """The list of people has rows that cannot be imported; nothing was imported."""


class RowsRefusedError(RuleViolatedError):
    """The directory refused some lines and took the others: mend them, import again."""


def _is_address(text: str) -> str:
    """Return *text* if submission will take it as an address."""
    try:
        normalise_address(text)
    except AddressError:
        message = "not of the form name@domain"
        raise ValueError(message) from None
    return text


def _is_personal(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """Return *roles* if a person may have them."""
    if "service" in roles:
        message = "no person is a service"
        raise ValueError(message)
    return roles


class PersonRow(BaseModel):
    """One row; roles are separated by spaces or semicolons."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id: PersonId
    name: Annotated[str, Field(min_length=1, max_length=200)]
    email: Annotated[str, Field(max_length=254), AfterValidator(_is_address)]
    organisation: OrganisationId
    roles: Annotated[
        tuple[Role, ...],
        Field(min_length=1, max_length=7),
        AfterValidator(_is_personal),
    ]


def read_people(content: bytes) -> tuple[PersonRow, ...]:
    """Return the rows of a CSV file in UTF-8.

    Raises:
        PeopleRefusedError: names every row and column that is wrong and the remedy,
            never the values.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The list is not UTF-8 text: save it as CSV (UTF-8)."
        raise PeopleRefusedError(message) from None
    try:
        return _read(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error:
        message = "The list is not CSV: a field is too long, or a quote never ends."
        raise PeopleRefusedError(message) from None


def _read(reader: "csv.DictReader[str]") -> tuple[PersonRow, ...]:
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        message = f"The list needs the columns {', '.join(COLUMNS)}."
        raise PeopleRefusedError(message, missing=missing)
    return _checked(list(reader))


def _checked(records: list[dict[str, str]]) -> tuple[PersonRow, ...]:
    if not 0 < len(records) <= MAX_ROWS:
        message = f"The list needs at least one and at most {MAX_ROWS} rows."
        raise PeopleRefusedError(message, rows=len(records))
    rows: list[PersonRow] = []
    problems: list[str] = []
    for number, record in enumerate(records, start=FIRST_LINE):
        try:
            rows.append(_row(record))
        except ValidationError as error:
            problems += [
                f"line {number}, {'.'.join(map(str, item['loc']))}: {item['msg']}"
                for item in error.errors()
            ]
    problems += _repeated(rows)
    if problems:
        raise PeopleRefusedError(problems=problems[:50])
    return tuple(rows)


def _row(record: dict[str, str]) -> PersonRow:
    values: dict[str, object] = {name: record.get(name) for name in COLUMNS}
    values["roles"] = (record.get("roles") or "").replace(";", " ").split()
    return PersonRow.model_validate(values)


def _repeated(rows: list[PersonRow]) -> list[str]:
    seen: set[str] = set()
    repeated = []
    for row in rows:
        address = normalise_address(row.email)
        if row.id in seen:
            repeated.append(f"id {row.id}: stands twice in the list")
        if address in seen:
            repeated.append(f"id {row.id}: another line has the same email")
        seen |= {row.id, address}
    return repeated
