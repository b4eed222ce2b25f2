"""What changed from the first attempt to the second, by the hashes of what is in them.

Invariant: what is called unchanged reads the same, shows the same pictures, and holds
the same bytes; where a file lies, and in which upload a section came, changes nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from shared.contracts.portfolio import EvidenceFile, Section

Change: TypeAlias = Literal["added", "removed", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What became of a section."""

    key: str
    title: str
    change: Change


@dataclass(frozen=True, slots=True)
class FileChange:
    """What became of an evidence file."""

    name: str
    """As the later attempt calls it, or the first where it is gone."""
    evidence_id: str | None
    """In the later attempt; None where it is gone."""
    change: Change


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is compared: sections in order, and the files they speak of."""

    sections: tuple[Section, ...]
    evidence: tuple[EvidenceFile, ...]


def section_changes(before: Portfolio, after: Portfolio) -> tuple[SectionChange, ...]:
    """Return every section of either attempt: the later in order, then lost ones."""
    known = {each.key: _digest(each, before.evidence) for each in before.sections}
    found = [
        SectionChange(each.key, each.title, _change(known.get(each.key), digest))
        for each in after.sections
        for digest in [_digest(each, after.evidence)]
    ]
    kept = {each.key for each in after.sections}
    lost = (
        SectionChange(each.key, each.title, "removed")
        for each in before.sections
        if each.key not in kept
    )
    return (*found, *lost)


def file_changes(before: Portfolio, after: Portfolio) -> tuple[FileChange, ...]:
    """Return every file of either attempt: by its content, then by its name."""
    contents = {each.content_hash for each in before.evidence}
    names = {each.name for each in before.evidence}
    found: list[FileChange] = []
    for each in after.evidence:
        if each.content_hash in contents:
            change: Change = "unchanged"
        else:
            change = "changed" if each.name in names else "added"
        found.append(FileChange(each.name, each.id, change))
    return (*found, *_lost(before.evidence, found, after.evidence))


def _lost(
    before: Iterable[EvidenceFile],
    found: Iterable[FileChange],
    after: Iterable[EvidenceFile],
) -> Iterable[FileChange]:
    """Return what is gone, but for what is told as changed already, by its name."""
    contents = {each.content_hash for each in after}
    told = {each.name for each in found if each.change == "changed"}
    for each in before:
        if each.content_hash not in contents and each.name not in told:
            yield FileChange(each.name, None, "removed")


def _change(before: str | None, after: str) -> Change:
    if before is None:
        return "added"
    return "unchanged" if before == after else "changed"


def _digest(section: Section, evidence: Iterable[EvidenceFile]) -> str:
    hashes = {each.id: each.content_hash for each in evidence}
    blocks = [block.model_dump(mode="json") for block in section.blocks]
    content = _with_hashes({"title": section.title, "blocks": blocks}, hashes)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _with_hashes(value: Any, hashes: Mapping[str, str]) -> Any:
    """Return *value* with files named by what is in them instead of by their ids."""
    match value:
        case dict():
            return {
                key: hashes.get(each, each)
                if key == "evidence_id"
                else _with_hashes(each, hashes)
                for key, each in value.items()
            }
        case list() | tuple():
            return [_with_hashes(each, hashes) for each in value]
        case _:
            return value
