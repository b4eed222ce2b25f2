"""A portfolio as it was handed in: canonical bytes that never change.

Its content hash is what messages carry and passages cite, so the same portfolio of the
same person always has the same hash.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.portfolio import Block, EvidenceFile, Image, PdfPage, Section
from shared.contracts.portfolio import Table as TableBlock
from shared.vocabulary import Attempt, CaseId, CohortId


class Snapshot(BaseModel):
    """What was handed in for one case: sections, and the files they speak of."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    format: Literal["attest-snapshot/1"] = "attest-snapshot/1"
    case_id: CaseId
    cohort_id: CohortId
    attempt: Attempt
    programme: str
    programme_version: str = Field(min_length=1, max_length=64)
    policy_version: str = Field(min_length=1, max_length=64)
    template: str
    sections: tuple[Section, ...]
    evidence: tuple[EvidenceFile, ...]

    @model_validator(mode="after")
    def _names_fit(self) -> "Snapshot":
        """Accept that keys are unique and every file a block names is listed."""
        _refuse_repeated("section", (section.key for section in self.sections))
        _refuse_repeated("evidence file", (file.id for file in self.evidence))
        listed = {file.id for file in self.evidence}
        for section in self.sections:
            unlisted = sorted({*files_of(section)} - listed)
            if unlisted:
                message = f"section {section.key} names unlisted evidence: {unlisted}"
                raise ValueError(message)
        return self

    def section(self, key: str) -> Section | None:
        """Return the section with that key."""
        return next((each for each in self.sections if each.key == key), None)

    def file(self, evidence_id: str) -> EvidenceFile | None:
        """Return the evidence file with that id."""
        return next((each for each in self.evidence if each.id == evidence_id), None)


def canonical_json(model: BaseModel) -> bytes:
    """Return the one JSON text of *model*: sorted keys, UTF-8, no white space.

    Every field is written, defaults too; text is not escaped beyond what JSON needs.
    """
    return json.dumps(
        model.model_dump(mode="json"),
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    ).encode()


def blocks_of(blocks: Iterable[Block]) -> Iterator[Block]:
    """Return *blocks* and all blocks that stand in their cells, in order."""
    for block in blocks:
        yield block
        if isinstance(block, TableBlock):
            for cell in block.cells:
                yield from blocks_of(cell.blocks)


def files_of(section: Section) -> Iterator[str]:
    """Return the id of every file that *section* shows or was read from."""
    if section.source_id is not None:
        yield section.source_id
    for block in blocks_of(section.blocks):
        if isinstance(block, Image | PdfPage):
            yield block.evidence_id


def _refuse_repeated(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f"{what} {name} occurs twice"
            raise ValueError(message)
        seen.add(name)
