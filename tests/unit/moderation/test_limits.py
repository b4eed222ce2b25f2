"""The last value inside each limit of moderation, and the first outside."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.moderation.domain.decide import moderation
from services.moderation.domain.decisions import Overturning, Uphold
from services.moderation.domain.refusals import HeldByAnotherError, LeaseLapsedError
from services.moderation.domain.rules import Rules
from services.moderation.domain.situations import Case, Moderating, Settled
from services.moderation.handlers import BlindWords
from shared.contracts.programme import Floor, StandingRule
from shared.vocabulary import CriterionKey
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    CM_LEVELS,
    LATER,
    RULES,
    SECOND,
    opened,
    taken,
)
from tests.unit.moderation.test_holding import record, take
from tests.unit.moderation.world import FEEDBACK, blind_words

CASE = Scenario(moderation)
FLOOR = {"rule": "late", "least_ppm": 1, "when": {"outcome": ["CNM"]}}
LAST_MOMENT = LATER - timedelta(microseconds=1)


class TestLease:
    """Source: moderation.md, "Reviewing": a lease of 60 minutes (P)."""

    def test_holds_until_its_last_moment(self) -> None:
        given = CASE.given(opened(), taken())
        assert given.when(replace(record(), at=LAST_MOMENT)).decide()
        given.when(replace(record(), at=LATER)).then_refused(LeaseLapsedError)

    def test_keeps_others_out_until_its_last_moment(self) -> None:
        given = CASE.given(opened(), taken())
        given.when(replace(take(SECOND), at=LAST_MOMENT)).then_refused(
            HeldByAnotherError
        )
        assert given.when(replace(take(SECOND), at=LATER)).decide()


class TestGap:
    """Source: moderation.md 4: a gap of 2 on a criterion (P)."""

    @pytest.mark.parametrize(("gap", "state"), [(1, Settled), (2, Moderating)])
    @pytest.mark.parametrize("criterion", sorted(CM_LEVELS))
    def test_calls_a_second_moderator_from_two_levels_on(
        self, criterion: CriterionKey, gap: int, state: type[Case]
    ) -> None:
        low = dict.fromkeys(CM_LEVELS, 2)
        first = {**low, criterion: 2 + gap}
        judgement = replace(record(), levels=low)
        facts = CASE.given(opened(first), taken()).when(judgement).decide()
        assert isinstance(moderation.fold((opened(first), taken(), *facts)), state)


BLIND = blind_words(CM_LEVELS, "ab" * 32).model_dump()
REFERENCE = BLIND["evidence"]["reliability"][0]
OVERTURN: dict[str, Any] = {
    "feedback": FEEDBACK.model_dump(),
    "other_work": "widened",
    "other_work_reason": "The same may hold for others.",
}
UPHOLD: dict[str, Any] = {"decision": "uphold", "reason": "The evidence is there."}

LIMITS: tuple[tuple[type[BaseModel], dict[str, Any], str, object, object], ...] = (
    (
        BlindWords,
        BLIND,
        "rationale",
        {"reliability": "a" * 6_000},
        {"reliability": "a" * 6_001},
    ),
    (
        BlindWords,
        BLIND,
        "evidence",
        {"reliability": [REFERENCE] * 50},
        {"reliability": [REFERENCE] * 51},
    ),
    (BlindWords, BLIND, "levels", {"reliability": 4}, {"reliability": 5}),
    (BlindWords, BLIND, "levels", {"reliability": 1}, {"reliability": 0}),
    (Uphold, UPHOLD, "reason", "a", " "),
    (Uphold, UPHOLD, "reason", "a" * 6_000, "a" * 6_001),
    (Overturning, OVERTURN, "widen_to_ppm", 1, 0),
    (Overturning, OVERTURN, "widen_to_ppm", 1_000_000, 1_000_001),
    (Overturning, OVERTURN, "other_work", "not_widened", None),
    (Overturning, OVERTURN, "other_work_reason", "a", ""),
    (Rules, RULES.model_dump(), "first_judgements", 1, 0),
    (Rules, RULES.model_dump(), "first_judgements", 1_000, 1_001),
    (Rules, RULES.model_dump(), "block_size", 2, 1),
    (Rules, RULES.model_dump(), "block_size", 1_000, 1_250),
    (Rules, RULES.model_dump(), "idle_days", 1, 0),
    (Rules, RULES.model_dump(), "idle_days", 1_000, 1_001),
    (Rules, RULES.model_dump(), "idle_judgements", 0, -1),
    (Rules, RULES.model_dump(), "idle_judgements", 1_000, 1_001),
    (Floor, FLOOR, "least_ppm", 0, -1),
    (Floor, FLOOR, "least_ppm", 1_000_000, 1_000_001),
    (Floor, FLOOR, "rule", "late", "Late"),
    (Floor, FLOOR, "when", FLOOR["when"], {}),
    (Floor, FLOOR, "when", {"outcome": ["CM"]}, {"outcome": []}),
    (Floor, FLOOR, "when", {"outcome": ["CM"]}, {"outcome": ["PASS"]}),
    (Floor, FLOOR, "when", {"levels.reliability": [1, 4]}, {"levels.reliability": [0]}),
    (Floor, FLOOR, "when", {"levels.reliability": [4]}, {"levels.reliability": [5]}),
    (Floor, FLOOR, "when", {"attempt": [1, 2]}, {"attempt": [3]}),
    (Floor, FLOOR, "when", {"borderline": [False]}, {"borderline": [1]}),
    (Floor, FLOOR, "when", {"borderline": [False]}, {"participant_id": ["p-ana"]}),
    (StandingRule, {}, "least_ppm", 1_000_000, 1_000_001),
    (StandingRule, {}, "least_ppm", 0, -1),
    (StandingRule, {}, "block_size", 1_000, 7),
    (Rules, RULES.model_dump(), "criterion_gap", 1, 0),
    (Rules, RULES.model_dump(), "criterion_gap", 3, 4),
)
"""Model, a good one, the field, its last value inside and its first outside."""


class TestWords:
    """Source: moderation.md 3 to 5: among others, no decision without a reason."""

    @pytest.mark.parametrize(
        ("model", "good", "field", "inside", "outside"),
        LIMITS,
        ids=[f"{limit[2]} {number}" for number, limit in enumerate(LIMITS)],
    )
    def test_are_taken_up_to_their_limits(
        self,
        model: type[BaseModel],
        good: dict[str, Any],
        field: str,
        inside: object,
        outside: object,
    ) -> None:
        model.model_validate({**good, field: inside})
        with pytest.raises(ValidationError) as refused:
            model.model_validate({**good, field: outside})
        assert refused.value.errors()[0]["loc"][0] == field
