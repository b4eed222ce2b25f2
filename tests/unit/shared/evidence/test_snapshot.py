"""A snapshot is whole, and has one form in bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.contracts.portfolio import (
    CellContent,
    EvidenceFile,
    Image,
    Section,
    Table,
)
from shared.evidence import Snapshot, canonical_json
from tests.support.evidence import WORDS, snapshot

FILE = EvidenceFile(
    id="plan",
    name="My plan.pdf",
    media_type="application/pdf",
    size_bytes=3,
    content_hash="a" * 64,
    path=f"ana/{'b' * 64}",
)


def rebuilt(**changes: object) -> Snapshot:
    """Return the example with *changes*, validated as from outside."""
    return Snapshot.model_validate({**snapshot(FILE).model_dump(), **changes})


class TestSnapshot:
    def test_finds_its_sections_and_files(self) -> None:
        taken = snapshot(FILE)

        assert taken.file("plan") == FILE
        assert taken.file("other") is None
        section = taken.section("plan")
        assert section is not None
        assert section.title == "Plan"
        assert taken.section("other") is None

    def test_refuses_a_section_twice(self) -> None:
        section = Section(key="plan", title="Plan", blocks=())

        with pytest.raises(ValidationError, match="section plan occurs twice"):
            rebuilt(sections=(section, section))

    def test_refuses_a_file_twice(self) -> None:
        with pytest.raises(ValidationError, match="evidence file plan occurs twice"):
            rebuilt(evidence=(FILE, FILE))

    def test_refuses_blocks_that_name_unlisted_files(self) -> None:
        with pytest.raises(
            ValidationError, match=r"names unlisted evidence: \['plan'\]"
        ):
            rebuilt(evidence=())

    def test_looks_for_unlisted_files_in_cells_and_sources_too(self) -> None:
        cell = CellContent(row=0, column=0, blocks=(Image(evidence_id="chart"),))
        table = Table(rows=(("",),), cells=(cell,))
        for section in (
            Section(key="a", title="A", blocks=(table,)),
            Section(key="a", title="A", blocks=(), source_id="chart"),
        ):
            with pytest.raises(ValidationError, match="chart"):
                rebuilt(sections=(section,))

    def test_does_not_repeat_the_portfolio_in_its_errors(self) -> None:
        with pytest.raises(ValidationError) as refused:
            rebuilt(evidence=())

        assert WORDS not in str(refused.value)


class TestCanonicalJson:
    def test_sorts_keys_and_leaves_out_white_space(self) -> None:
        class Pair(BaseModel):
            b: str = "\u00e9\n"
            a: tuple[int, ...] = (1, 2)

        assert canonical_json(Pair()) == '{"a":[1,2],"b":"\u00e9\\n"}'.encode()

    def test_is_read_back_to_the_same_snapshot_and_bytes(self) -> None:
        taken = snapshot(FILE)
        content = canonical_json(taken)

        again = Snapshot.model_validate_json(content)

        assert again == taken
        assert canonical_json(again) == content

    @given(st.text())
    def test_is_canonical_whatever_the_words_are(self, words: str) -> None:
        class Words(BaseModel):
            words: str

        content = canonical_json(Words(words=words))

        assert json.loads(content) == {"words": words}
        assert canonical_json(Words.model_validate_json(content)) == content
