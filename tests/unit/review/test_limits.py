"""The last value inside each limit of review, and the first outside."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.review.domain.claims import HeldBySomebodyElseError, TokenStaleError
from services.review.domain.decide import review
from services.review.handlers import CriterionWords, FeedbackWords
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    LEASE_ENDS_AT,
    SAM,
    SNAPSHOT,
    Write,
    all_judged,
    claim,
    claimed,
    complete,
    draft,
    drafted,
    extend,
    holder,
    judge,
    release,
    requested,
)

spec = Scenario(review)
LAST_MOMENT = LEASE_ENDS_AT - timedelta(microseconds=1)
HELD = (requested(), claimed(), *all_judged(), drafted())
PASSAGE: dict[str, Any] = {
    "kind": "passage",
    "snapshot_sha256": SNAPSHOT,
    "section": "introduction",
    "start": 0,
    "end": 1,
}
MODIFICATION: dict[str, Any] = {
    "section": "introduction",
    "standard": "8",
    "text": "Say by when.",
}


class TestLease:
    """Source: moderation.md, "Reviewing": a lease of 60 minutes (P)."""

    @pytest.mark.parametrize("write", [judge, draft, complete, extend, release])
    def test_holds_until_its_last_moment(self, write: Write) -> None:
        given = spec.given(*HELD)
        assert given.when(write(by=holder(), at=LAST_MOMENT)).decide()
        given.when(write(by=holder(), at=LEASE_ENDS_AT)).then_refused(TokenStaleError)

    def test_keeps_others_out_until_its_last_moment(self) -> None:
        given = spec.given(*HELD)
        given.when(claim(SAM, at=LAST_MOMENT)).then_refused(HeldBySomebodyElseError)
        assert given.when(claim(SAM, at=LEASE_ENDS_AT)).decide()


def words(**changes: object) -> dict[str, object]:
    return {"level": 3, "rationale": "Dated.", "evidence": [PASSAGE], **changes}


class TestCriterionWords:
    """Sources: domain.md section 2 (levels); feedback as facts hold it (P)."""

    @pytest.mark.parametrize(
        ("inside", "outside"),
        [
            ({"level": 1}, {"level": 0}),
            ({"level": 4}, {"level": 5}),
            ({"rationale": "a" * 6_000}, {"rationale": "a" * 6_001}),
            ({"evidence": [PASSAGE] * 50}, {"evidence": [PASSAGE] * 51}),
            (
                {"evidence": [{**PASSAGE, "quote": "a" * 6_000}]},
                {"evidence": [{**PASSAGE, "quote": "a" * 6_001}]},
            ),
            ({"modifications": [MODIFICATION] * 30}, {"modifications": [{}] * 31}),
            (
                {"modifications": [{**MODIFICATION, "text": "a" * 6_000}]},
                {"modifications": [{**MODIFICATION, "text": "a" * 6_001}]},
            ),
            (
                {"modifications": [{**MODIFICATION, "text": "a"}]},
                {"modifications": [{**MODIFICATION, "text": " "}]},
            ),
        ],
        ids=[
            "lowest level",
            "highest level",
            "rationale",
            "references",
            "quote",
            "modifications",
            "text of a modification",
            "empty modification",
        ],
    )
    def test_are_taken_up_to_their_limits(
        self, inside: dict[str, object], outside: dict[str, object]
    ) -> None:
        CriterionWords.model_validate(words(**inside))
        with pytest.raises(ValidationError):
            CriterionWords.model_validate(words(**outside))

    def test_say_nothing_of_what_was_typed_when_they_are_refused(self) -> None:
        """Source: architecture.md: rationale text never reaches an error."""
        with pytest.raises(ValidationError) as refused:
            CriterionWords.model_validate(words(level=9, rationale="Quillfeather"))
        assert "Quillfeather" not in str(refused.value)


class TestFeedbackWords:
    """Source: S0: detailed written feedback."""

    @pytest.mark.parametrize(
        ("inside", "outside"),
        [
            ({"overall": "a"}, {"overall": " "}),
            ({"overall": "a" * 6_000}, {"overall": "a" * 6_001}),
            (
                {"overall": "a", "comments": {"authenticity": "a" * 6_000}},
                {"overall": "a", "comments": {"authenticity": "a" * 6_001}},
            ),
            (
                {"overall": "a", "comments": {"reliability": "a"}},
                {"overall": "a", "comments": {"style": "a"}},
            ),
        ],
        ids=["empty", "overall", "comment", "criterion"],
    )
    def test_are_taken_up_to_their_limits(
        self, inside: dict[str, object], outside: dict[str, object]
    ) -> None:
        FeedbackWords.model_validate(inside)
        with pytest.raises(ValidationError):
            FeedbackWords.model_validate(outside)
