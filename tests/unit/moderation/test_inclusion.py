"""Each judgement is selected with exactly the probability recorded for it."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from pydantic import ValidationError

from services.moderation.domain import inclusion as table
from services.moderation.domain.draw.commands import ReceiveJudgement
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import DrawEvent
from services.moderation.domain.inclusion import Draw, Inclusion, Past
from services.moderation.domain.plan.checking import refuse_unusable
from services.moderation.domain.plan.refusals import RuleNameTakenError
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import block_position
from services.moderation.domain.verification.export import export_of
from shared.contracts.programme import Floor
from shared.vocabulary import Outcome
from tests.unit.moderation.examples import (
    CM_LEVELS,
    NOW,
    RULES,
    RULES_OF_VERSION_1,
    SAMPLER,
    SEED,
    judged,
)
from tests.unit.moderation.forging import finding, read, resealed
from tests.unit.moderation.test_verification import findings, plan_facts


def inclusion(
    ordinal: int,
    outcome: Outcome = "CM",
    *,
    widened: int = 0,
    public: bool = False,
    **changes: object,
) -> Inclusion:
    sampler = replace(SAMPLER, is_key_public=public)
    case = judged().model_copy(update={"outcome": outcome, **changes})
    return sampler.inclusion(case, ordinal=ordinal, past=Past(widened_to_ppm=widened))


def is_selected(number: int, ordinal: int, ppm: int) -> bool:
    return SAMPLER.ticket(
        reviewer_id=f"r{number}",
        judgement_id=f"j{number}",
        ordinal=ordinal,
        probability_ppm=ppm,
    ).is_selected


class TestProbability:
    """Source: moderation.md 3, "the largest of"."""

    def test_is_one_for_the_first_five_of_a_reviewer(self) -> None:
        assert inclusion(5, "CNM") == Inclusion(1_000_000, "first_judgements")

    def test_is_one_in_ten_in_the_blocks_after_them(self) -> None:
        assert inclusion(6) == Inclusion(100_000, "block")

    def test_is_a_quarter_for_criteria_not_met(self) -> None:
        assert inclusion(6, "CNM") == Inclusion(250_000, "cnm_floor")

    def test_is_one_for_a_second_cnm(self) -> None:
        """Source: moderation.md 3; S2 6.2.3: only a restart follows."""
        assert inclusion(6, "CNM", attempt=2) == Inclusion(
            1_000_000, "resubmission_cnm"
        )
        assert inclusion(6, "CM", attempt=2) == Inclusion(100_000, "block")

    def test_is_one_for_a_case_with_an_adjustment(self) -> None:
        assert inclusion(6, adjusted=True) == Inclusion(1_000_000, "adjusted")

    def test_is_a_fifth_for_a_borderline_cm(self) -> None:
        assert inclusion(6, borderline=True) == Inclusion(200_000, "borderline_floor")

    def test_follows_the_lead_who_widens(self) -> None:
        assert inclusion(6, "CNM", widened=600_000) == Inclusion(600_000, "widened")
        assert inclusion(6, "CNM", widened=200_000) == Inclusion(250_000, "cnm_floor")

    def test_is_one_once_the_key_is_public(self) -> None:
        assert inclusion(6, public=True) == Inclusion(1_000_000, "key_revealed")

    def test_is_one_for_what_was_judged_before_the_plan(self) -> None:
        """Source: moderation.md 1: published before the first judgement."""
        early = NOW - timedelta(microseconds=1)
        assert inclusion(6, completed_at=early) == Inclusion(1_000_000, "before_plan")

    def test_is_one_where_authenticity_is_in_doubt(self) -> None:
        """Source: moderation.md 3, authenticity concern."""
        for level in (1, 2):
            levels = {**CM_LEVELS, "authenticity": level}
            assert inclusion(6, "CNM", levels=levels) == Inclusion(
                1_000_000, "authenticity_concern"
            )
        assert inclusion(6, levels=CM_LEVELS) == Inclusion(100_000, "block")

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"outcome": "CNM"},
            {"outcome": "CNM", "attempt": 2},
            {"borderline": True},
            {"adjusted": True},
        ],
    )
    def test_is_under_a_plan_of_version_1_what_it_was(
        self, changes: dict[str, object]
    ) -> None:
        old = replace(SAMPLER, rules=RULES_OF_VERSION_1.as_rules())
        case = judged().model_copy(update=changes)
        for ordinal in (5, 6):
            assert old.inclusion(case, ordinal=ordinal) == SAMPLER.inclusion(
                case, ordinal=ordinal
            )


def with_floor(rule: str) -> Rules:
    floor = Floor(rule=rule, least_ppm=1, when={"attempt": (1,)})
    return RULES.model_copy(update={"floors": (*RULES.floors, floor)})


class TestAddingARule:
    """As the modules say: a floor in the plan, or a function in the table."""

    def test_a_stratum_is_one_more_floor_in_the_plan(self) -> None:
        floor = Floor(
            rule="unreliable",
            least_ppm=400_000,
            when={"levels.reliability": (1, 2), "attempt": (1,)},
        )
        rules = RULES.model_copy(update={"floors": (*RULES.floors, floor)})
        sampler = replace(SAMPLER, rules=rules)
        doubtful = judged(levels={**CM_LEVELS, "reliability": 2})
        found = sampler.inclusion(doubtful, ordinal=6)
        assert found == Inclusion(400_000, "unreliable")
        again = doubtful.model_copy(update={"attempt": 2, "outcome": "CM"})
        assert sampler.inclusion(again, ordinal=6) == Inclusion(100_000, "block")

    def test_a_rule_is_one_more_function_in_the_table(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def every_seventh(draw: Draw) -> int:
            return 0 if draw.ordinal % 7 else 700_000

        monkeypatch.setitem(table.RULES, "every_seventh", every_seventh)
        assert inclusion(7) == Inclusion(700_000, "every_seventh")
        assert inclusion(8) == Inclusion(100_000, "block")

    def test_no_two_rules_have_one_name(self) -> None:
        twice = with_floor("cnm_floor").model_dump()
        with pytest.raises(ValidationError, match="rule used twice"):
            Rules.model_validate(twice)
        for name in table.RULES:
            with pytest.raises(RuleNameTakenError) as refused:
                refuse_unusable(with_floor(name))
            assert refused.value.context == {"taken": [name]}

    def test_the_other_rules_all_say_something(self) -> None:
        draw = Draw(
            judged=judged().model_copy(
                update={"completed_at": NOW - timedelta(days=1)}
            ),
            ordinal=1,
            past=Past(
                widened_to_ppm=1,
                standing_ppm=1,
                gaps=(timedelta(days=9),),
                remarked=((1, 1),),
                is_for_release=True,
                is_changed=True,
            ),
            rules=RULES.model_copy(update={"floors": ()}),
            published_at=NOW,
            is_key_public=True,
        )
        assert [name for name, rule in table.RULES.items() if rule(draw)] == [
            *("first_judgements", "block", "idle", "remark_all", "release"),
            *("changed_after_recall", "widened", "adaptive", "standing"),
            *("before_plan", "key_revealed"),
        ]


class TestConflictOverride:
    """Source: moderation.md 3: conflict override 1.0."""

    def test_is_always_moderated(self) -> None:
        told = judged().model_copy(update={"conflict_overridden": True})
        found = SAMPLER.inclusion(told, ordinal=7)
        assert found == Inclusion(1_000_000, "conflict_override")
        plain = SAMPLER.inclusion(judged(), ordinal=7)
        assert plain.rule == "block"

    def test_is_followed_by_both_checks(self) -> None:
        told = judged(7).model_copy(update={"conflict_overridden": True})
        facts: list[DrawEvent] = []
        for each in (*(judged(number) for number in range(1, 7)), told):
            receive = ReceiveJudgement(judged=each, sampler=SAMPLER, at=NOW)
            facts += draw.decide(receive, draw.fold(facts))
        assert findings(facts) == ()
        *plan, key = plan_facts()
        placed = [(9 + n, fact) for n, fact in enumerate(facts)]
        export = export_of([*enumerate(plan), (99, key)], {"p-rev": placed})
        assert finding(read(export)) is None
        (last,) = [e for e in export["facts"] if e["rule"] == "conflict_override"]
        assert last["judged"]["conflict_overridden"] is True
        last["judged"]["conflict_overridden"] = False
        found = finding(resealed(read(export))) or ""
        asked, _, expected = found.partition(", expected ")
        assert "['conflict_override', 1000000]" in asked
        assert "conflict_override" not in expected


class TestSelection:
    @pytest.mark.parametrize("ordinal", [1, 5])
    def test_takes_every_first_judgement(self, ordinal: int) -> None:
        assert all(is_selected(n, ordinal, 1_000_000) for n in range(200))

    def test_takes_exactly_one_of_each_block(self) -> None:
        """Source: moderation.md 3, "one hidden case in each block of 10"."""
        for block in range(30):
            first = RULES.first_judgements + 1 + 10 * block
            picks = [
                ordinal - first
                for ordinal in range(first, first + 10)
                if SAMPLER.ticket(
                    reviewer_id="p-rev",
                    judgement_id=f"j{ordinal}",
                    ordinal=ordinal,
                    probability_ppm=100_000,
                ).is_selected
            ]
            hidden = block_position(SEED, "p-rev", block=block, block_size=10)
            assert picks == [hidden]

    def test_keeps_the_block_pick_whatever_the_floor(self) -> None:
        """Official rates rest on the block picks. Source: statistics.md 2.7 (a)."""
        for ordinal in range(6, 106):
            low, high = (
                SAMPLER.ticket(
                    reviewer_id="r",
                    judgement_id=f"j{ordinal}",
                    ordinal=ordinal,
                    probability_ppm=ppm,
                )
                for ppm in (100_000, 250_000)
            )
            assert low.is_block_pick == high.is_block_pick
            assert high.is_selected or not low.is_selected

    @pytest.mark.parametrize("size", [2, 4, 5, 8, 10, 16, 20, 25])
    @pytest.mark.parametrize("ppm", [500_000, 500_001, 750_000, 999_999, 1_000_000])
    def test_has_exactly_the_recorded_probability(self, size: int, ppm: int) -> None:
        """1/b for the hidden place, and the threshold for the others, make up p."""
        at_hidden_place = Fraction(1, size)
        threshold = Fraction(size * ppm - 10**6, 10**6 * (size - 1))
        together = at_hidden_place + (1 - at_hidden_place) * threshold
        assert together == Fraction(ppm, 10**6)

    @pytest.mark.parametrize("ppm", [100_000, 250_000, 600_000])
    def test_selects_as_often_as_it_says(self, ppm: int) -> None:
        """Within four standard deviations over 20,000 reviewers, places rotating."""
        count = 20_000
        selected = sum(is_selected(n, 6 + n % 10, ppm) for n in range(count))
        expected, p = count * ppm / 10**6, ppm / 10**6
        assert abs(selected - expected) < 4 * (count * p * (1 - p)) ** 0.5


class TestRules:
    def test_refuse_a_block_whose_probability_is_not_exact(self) -> None:
        with pytest.raises(ValidationError, match="must divide 1000000"):
            Rules.model_validate({**RULES.model_dump(), "block_size": 7})
