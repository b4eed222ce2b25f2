"""An evidence reference points to words or a file that were really handed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contracts.portfolio import (
    EvidenceFile,
    FileReference,
    Passage,
    section_text,
)
from shared.evidence import (
    EvidenceReferenceError,
    check_reference,
    cited_words,
)
from tests.support.evidence import WORDS, snapshot

HASH, OTHER_HASH = "1" * 64, "2" * 64
FILE = EvidenceFile(
    id="plan",
    name="My plan.pdf",
    media_type="application/pdf",
    size_bytes=3,
    content_hash="a" * 64,
    path=f"ana/{'b' * 64}",
)
TAKEN = snapshot(FILE)
TEXT = section_text(TAKEN.sections[0])


def passage(
    start: int, end: int, *, section: str = "critical-narrative", cited: str = HASH
) -> Passage:
    return Passage(snapshot_sha256=cited, section=section, start=start, end=end)


def file_reference(
    *, evidence_id: str = "plan", content_hash: str = "a" * 64, page: int | None = None
) -> FileReference:
    return FileReference(
        snapshot_sha256=HASH,
        evidence_id=evidence_id,
        content_hash=content_hash,
        page=page,
    )


class TestPassage:
    @given(st.data())
    def test_cites_exactly_the_words_between_its_offsets(
        self, data: st.DataObject
    ) -> None:
        start = data.draw(st.integers(0, len(TEXT) - 1))
        end = data.draw(st.integers(start + 1, len(TEXT)))
        cited = passage(start, end)

        check_reference(cited, TAKEN, content_hash=HASH, quote=TEXT[start:end])

        assert cited_words(cited, TAKEN) == TEXT[start:end]

    def test_counts_code_points(self) -> None:
        start = TEXT.index("\U0001f393")

        assert cited_words(passage(start, start + 1), TAKEN) == "\U0001f393"

    @pytest.mark.parametrize(
        ("start", "end"),
        [(0, len(TEXT) + 1), (5, 5), (6, 5), (len(TEXT), len(TEXT) + 1)],
    )
    def test_refuses_offsets_outside_the_section(self, start: int, end: int) -> None:
        with pytest.raises(
            EvidenceReferenceError, match="inside the section"
        ) as refused:
            check_reference(passage(start, end), TAKEN, content_hash=HASH)

        assert refused.value.context["length"] == len(TEXT)

    def test_refuses_negative_offsets(self) -> None:
        with pytest.raises(ValidationError):
            passage(-1, 5)

    def test_refuses_a_section_the_portfolio_does_not_have(self) -> None:
        with pytest.raises(EvidenceReferenceError, match="no such section"):
            check_reference(passage(0, 1, section="other"), TAKEN, content_hash=HASH)

    def test_refuses_another_version_of_the_portfolio(self) -> None:
        with pytest.raises(EvidenceReferenceError, match="another version"):
            check_reference(passage(0, 1, cited=OTHER_HASH), TAKEN, content_hash=HASH)

    def test_refuses_a_quote_that_reads_otherwise_without_repeating_either(
        self,
    ) -> None:
        with pytest.raises(EvidenceReferenceError, match="as quoted") as refused:
            check_reference(passage(0, 9), TAKEN, content_hash=HASH, quote="I altered")

        told = f"{refused.value}{refused.value.context}"
        assert "I altered" not in told
        assert WORDS[:9] not in told


class TestFileReference:
    @pytest.mark.parametrize("page", [None, 1, 2])
    def test_accepts_a_listed_file_and_its_pages(self, page: int | None) -> None:
        check_reference(file_reference(page=page), TAKEN, content_hash=HASH)

    def test_refuses_a_page_the_file_does_not_have(self) -> None:
        with pytest.raises(EvidenceReferenceError, match="no such page"):
            check_reference(file_reference(page=3), TAKEN, content_hash=HASH)

    def test_refuses_a_page_where_no_pages_were_read(self) -> None:
        """A picture has none, and neither has a file that nobody could look into."""
        photo = FILE.model_copy(update={"id": "photo", "media_type": "image/png"})
        taken = TAKEN.model_copy(update={"evidence": (FILE, photo)})
        check_reference(file_reference(evidence_id="photo"), taken, content_hash=HASH)
        for page in (1, 9999):
            cited = file_reference(evidence_id="photo", page=page)
            with pytest.raises(EvidenceReferenceError, match="cite it without a page"):
                check_reference(cited, taken, content_hash=HASH)

    @pytest.mark.parametrize(
        "reference",
        [file_reference(evidence_id="other"), file_reference(content_hash="c" * 64)],
        ids=["unlisted", "other-content"],
    )
    def test_refuses_a_file_that_was_not_handed_in_so(
        self, reference: FileReference
    ) -> None:
        with pytest.raises(EvidenceReferenceError, match="content hash"):
            check_reference(reference, TAKEN, content_hash=HASH)
