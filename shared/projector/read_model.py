"""One question and its table: which row a fact belongs to, and how it changes it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import asyncpg
from pydantic import BaseModel

from shared.database import Connection
from shared.decider import Fact
from shared.eventlog import Codec, StoredEvent

R = TypeVar("R", bound=BaseModel)

Decoded = Sequence[tuple[Fact, StoredEvent]]


@dataclass(frozen=True, slots=True)
class ReadModel(Generic[R]):
    """One question, answered by a table in the service's own schema.

    The table has ``key text primary key`` and one column per field of *row*; fields
    that are not scalars are ``jsonb``.
    """

    table: str
    row: type[R]
    key: Callable[[Any, StoredEvent], str | None]
    """The row a fact belongs to; None when the fact does not matter here."""
    fold: Callable[[R | None, Any, StoredEvent], R | None]
    """The row after the fact; pure. None while there is no row yet."""


def decode(codec: Codec, events: Iterable[StoredEvent]) -> Decoded:
    """Return the facts of *events* that *codec* knows the type of.

    Raises:
        UnknownFactError: newer code has written one; also MalformedFactError.
    """
    known = codec.types
    return [(codec.decode(event), event) for event in events if event.type in known]


async def fold_into(
    connection: Connection, model: ReadModel[R], table: str, facts: Decoded
) -> None:
    """Fold *facts* into *table*: one read and one write, however many facts."""
    keyed = [
        (key, fact, event)
        for fact, event in facts
        if (key := model.key(fact, event)) is not None
    ]
    if not keyed:
        return
    keys = {key for key, _, _ in keyed}
    found = await connection.fetch(
        f"SELECT * FROM {table} WHERE key = ANY($1)",  # noqa: S608
        list(keys),
    )
    rows: dict[str, R | None] = {
        record["key"]: row_from(model.row, record) for record in found
    }
    for key, fact, event in keyed:
        rows[key] = model.fold(rows.get(key), fact, event)
    await connection.executemany(
        _upsert(model, table),
        [_values(key, row) for key, row in rows.items() if row is not None],
    )


def _upsert(model: ReadModel[Any], table: str) -> str:
    columns = ["key", *model.row.model_fields]
    numbers = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({numbers}) "  # noqa: S608
        f"ON CONFLICT (key) DO UPDATE SET {updates}"
    )


def _values(key: str, row: BaseModel) -> list[object]:
    plain = row.model_dump(mode="json")
    values: list[object] = [key]
    for name in type(row).model_fields:
        value = getattr(row, name)
        is_nested = isinstance(plain[name], dict | list)
        values.append(plain[name] if is_nested else value)
    return values


def row_from(row: type[R], record: asyncpg.Record) -> R:
    """Return the row of a read model from a database record.

    Raises:
        pydantic.ValidationError: the table does not match the model.
    """
    return row.model_validate({name: record[name] for name in row.model_fields})
