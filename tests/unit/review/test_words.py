"""Words of a reviewer: what is cited exists, and feedback is composed of them."""

from typing import ClassVar

import pytest
from pydantic import ValidationError

from services.moderation.handlers.words import BlindWords
from services.review.handlers.checking import (
    ModificationPlaceError,
    refuse_foreign_references,
    refuse_unknown_places,
)
from services.review.handlers.composing import (
    CommentMissingError,
    FeedbackTooLongError,
    compose,
)
from services.review.handlers.words import CriterionWords, FeedbackWords
from shared.contracts.portfolio import EvidenceFile, Paragraph, PdfPage, Section
from shared.evidence import EvidenceReferenceError, Snapshot
from shared.programmes import load_programme
from shared.vocabulary import CRITERIA, CriterionKey
from tests.unit.review.examples import SNAPSHOT, requested

PORTFOLIO = Snapshot(
    case_id="case-1",
    cohort_id="ats-2025-10",
    attempt=1,
    programme="ATS",
    programme_version="2025.1",
    policy_version="2025.1",
    template="workbook",
    sections=(
        Section(
            key="introduction",
            title="Introduction",
            blocks=(
                Paragraph(text="I teach bricklaying."),
                PdfPage(evidence_id="plan", page=1, text="Page one"),
                PdfPage(evidence_id="plan", page=2, text="Page two"),
            ),
        ),
    ),
    evidence=(
        EvidenceFile(
            id="plan",
            name="plan.pdf",
            media_type="application/pdf",
            size_bytes=10,
            content_hash="c" * 64,
            path="ana/4",
        ),
    ),
)


def words(**changes: object) -> CriterionWords:
    written = {"level": 3, "rationale": "Particular and dated.", "evidence": []}
    return CriterionWords.model_validate(written | changes)


def passage(**changes: object) -> dict[str, object]:
    cited: dict[str, object] = {
        "kind": "passage",
        "snapshot_sha256": SNAPSHOT,
        "section": "introduction",
        "start": 2,
        "end": 7,
    }
    return cited | changes


def file(**changes: object) -> dict[str, object]:
    cited: dict[str, object] = {
        "kind": "file",
        "snapshot_sha256": SNAPSHOT,
        "evidence_id": "plan",
        "content_hash": "c" * 64,
        "page": 2,
    }
    return cited | changes


class TestLevel:
    @pytest.mark.parametrize("level", [True, "3", 3.0, 2.5, 0, 5, None])
    def test_is_a_whole_number_on_the_scale_and_nothing_like_one(
        self, level: object
    ) -> None:
        """Source: domain.md section 2 (P): 1 to 4."""
        with pytest.raises(ValidationError) as refused:
            words(level=level)
        assert [each["loc"] for each in refused.value.errors()] == [("level",)]

    def test_is_the_same_for_a_moderator(self) -> None:
        """Source: moderation.md: whoever judges blind gives levels too."""
        given: dict[str, object] = dict.fromkeys(CRITERIA, 3)
        told: dict[str, object] = {"rationale": {}, "evidence": {}}
        assert BlindWords.model_validate({"levels": given, **told}).levels == given
        for level in (True, "3", 3.0):
            bad = {"levels": given | {"sufficiency": level}, **told}
            with pytest.raises(ValidationError):
                BlindWords.model_validate(bad)


class TestEvidenceReferences:
    def test_are_accepted_where_the_portfolio_has_them(self) -> None:
        """Source: domain.md section 2: section, passage or page, content hash."""
        cited = words(evidence=[passage(quote="teach"), file(), file(page=None)])
        refuse_foreign_references(cited, PORTFOLIO, SNAPSHOT)

    @pytest.mark.parametrize(
        "wrong",
        [
            passage(snapshot_sha256="b" * 64),
            passage(section="diary"),
            passage(end=5_000),
            passage(start=7, end=7),
            passage(quote="taught"),
            file(evidence_id="photo"),
            file(content_hash="d" * 64),
            file(page=3),
        ],
        ids=[
            "snapshot",
            "section",
            "end",
            "empty",
            "quote",
            "file",
            "content",
            "page",
        ],
    )
    def test_are_refused_by_number_where_it_has_not(
        self, wrong: dict[str, object]
    ) -> None:
        """Source: domain.md section 6: judgement to evidence by content hash."""
        cited = words(evidence=[passage(), wrong])
        with pytest.raises(
            EvidenceReferenceError, match=r"^evidence\[1\]: "
        ) as refused:
            refuse_foreign_references(cited, PORTFOLIO, SNAPSHOT)
        assert refused.value.context["reference"] == "evidence[1]"

    def test_lose_the_quoted_words_on_the_way_into_a_fact(self) -> None:
        """Source: house-style.md: no personal data in the clear."""
        (kept,) = words(evidence=[passage(quote="teach")]).references()
        assert kept.model_dump() == passage()


class TestModifications:
    ATS = load_programme("ATS")

    def test_name_a_section_and_a_standard(self) -> None:
        """Source: domain.md section 2."""
        wanted = {"section": "action-plan", "standard": "20", "text": "Say by when."}
        refuse_unknown_places(
            words(level=2, modifications=[wanted]), requested(), self.ATS
        )

    @pytest.mark.parametrize(
        ("section", "standard", "field"),
        [("diary", "8", "section"), ("introduction", "21", "standard")],
    )
    def test_are_refused_where_the_programme_has_neither(
        self, section: str, standard: str, field: str
    ) -> None:
        """Source: domain.md section 2."""
        wanted = {"section": section, "standard": standard, "text": "Say by when."}
        with pytest.raises(ModificationPlaceError, match=rf"\[0\].{field}"):
            refuse_unknown_places(
                words(level=2, modifications=[wanted]), requested(), self.ATS
            )


class TestCompose:
    JUDGED: ClassVar[dict[CriterionKey, CriterionWords]] = {
        "authenticity": words(),
        "sufficiency": words(
            level=2,
            modifications=[
                {"section": "action-plan", "standard": "20", "text": "Say by when."}
            ],
        ),
        "reliability": words(level=4),
    }

    def written(self, **changes: object) -> FeedbackWords:
        comments = {key: f"About {key}." for key in CRITERIA}
        return FeedbackWords.model_validate(
            {"overall": "Thank you.", "comments": comments} | changes
        )

    def test_joins_comments_and_modifications_and_leaves_the_rationale_out(
        self,
    ) -> None:
        """Source: S0: detailed written feedback on what needs to be improved."""
        feedback = compose(self.written(), self.JUDGED)
        assert feedback.levels() == {
            "authenticity": 3,
            "sufficiency": 2,
            "reliability": 4,
        }
        (wanted,) = feedback.criteria["sufficiency"].modifications
        assert wanted.text == "Say by when."
        assert "Particular and dated." not in feedback.to_text()

    def test_names_the_criteria_without_a_comment(self) -> None:
        """Source: S1: a CM gets written feedback too."""
        with pytest.raises(CommentMissingError) as refused:
            compose(self.written(comments={"reliability": "Fine."}), self.JUDGED)
        assert refused.value.context["missing"] == ["authenticity", "sufficiency"]

    def test_refuses_more_than_one_fact_holds(self) -> None:
        """Source: architecture.md, "The event log": 64 KiB."""
        long = dict.fromkeys(CRITERIA, "\u20ac" * 6_000)
        with pytest.raises(FeedbackTooLongError):
            compose(self.written(comments=long), self.JUDGED)
