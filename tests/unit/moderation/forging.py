"""Exports of draws, forged value by value; with digests that fit again, or without."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from services.moderation import verify_draw
from services.moderation.domain.verification.digests import content_hash
from services.moderation.domain.verification.export import chained

Told: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[Any, ...]


def read(export: Told) -> Told:
    """Return an export as it is read from a file."""
    told: Told = json.loads(json.dumps(export))
    return told


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield where every single value stands."""
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from leaves(each, (*path, key))
    else:
        yield path


def flipped(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case list():
            return ["another"]
        case _:
            return 7


def at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def forged(value: Any, path: Path) -> Any:
    """Return a copy with another leaf at *path*; the rest is shared, not copied."""
    if not path:
        return flipped(value)
    copy = value.copy()
    copy[path[0]] = forged(value[path[0]], path[1:])
    return copy


def resealed(export: Told) -> Told:
    """Return the export with all digests made to fit again, as a forger would."""
    facts = [*chained(export["facts"], export["plan_hash"])]
    whole = {**export, "facts": facts, "sha256": None}
    return {**whole, "sha256": content_hash(whole)}


def finding(export: Told) -> str | None:
    """Return what the check for outsiders finds first; None for nothing."""
    try:
        verify_draw.check(export)
    except SystemExit as found:
        return str(found)
    return None


def words_of(fact: Told) -> str:
    """Return the words by which a finding names a decision."""
    person = fact.get("moderator") or fact["reviewer"]
    number, name = fact["ordinal"], fact["judgement"]
    return f"{fact['fact']} of {person}, judgement {number} ({name})"


def missed(export: Told, field: str | None = None) -> list[Path]:
    """Return which flips in facts are not named at their very fact.

    Of *field* alone, and with digests that fit again; without it, of every field.
    """
    found = []
    for path in leaves(export["facts"]):
        if path[1] == "fact" or field not in {None, path[1]}:
            continue
        told = forged(export, ("facts", *path))
        told = resealed(told) if field else told
        if not (finding(told) or "").startswith(words_of(told["facts"][path[0]])):
            found.append(path)
    return found
