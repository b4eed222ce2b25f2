"""The cast of the demonstration fits the parts that it plays."""

from typing import Any

import pytest

from services.cli.demo import cast
from services.cli.demo.judging import Levels
from services.cli.demo.written import Library, NotCitedError, written_criterion
from services.submission.documents.samples import Judgement, read_samples
from shared.vocabulary import CRITERIA, MET_LEVEL

LIBRARY = Library.open()
SAMPLES = read_samples()


def is_met(levels: Levels, number: int) -> bool:
    return all(levels(number, criterion) >= MET_LEVEL for criterion in CRITERIA)


class TestCast:
    def test_has_a_name_of_their_own_for_everybody(self) -> None:
        numbers = {
            *range(cast.WHOLE),
            *cast.FORMATIONS,
            *cast.FORMS,
            cast.BUILDER,
            cast.REFUSED,
        }
        assert len(numbers) == 40
        assert len({cast.Participant(number).name for number in numbers}) == 40

    @pytest.mark.parametrize(
        "number",
        [
            *(cast.RESTARTED, cast.WITHDRAWN, cast.HEARD_AT_ONCE),
            *sorted(cast.APPELLANTS),
        ],
    )
    def test_has_people_who_do_not_meet_the_criteria_at_first(
        self, number: int
    ) -> None:
        assert number < cast.WHOLE
        assert not is_met(cast.reviewer_level, number)
        assert not is_met(cast.moderator_level, number)

    @pytest.mark.parametrize(
        "number",
        [
            *(cast.NOT_PASSED_ONCE, cast.NOT_PASSED_TWICE),
            *(cast.DISAGREED, cast.MOVED, cast.INTERPRETED),
        ],
    )
    def test_has_people_who_come_to_a_viva(self, number: int) -> None:
        assert number < cast.WHOLE
        assert is_met(cast.reviewer_level, number)
        assert is_met(cast.moderator_level, number)

    def test_lets_those_fail_again_who_appeal_and_nobody_else(self) -> None:
        again = {n for n in range(cast.WHOLE) if not is_met(cast.second_level, n)}
        assert again == cast.APPELLANTS

    def test_lets_a_fresh_review_confirm_one_outcome_and_change_another(self) -> None:
        """Source: AP; domain.md section 3."""
        assert is_met(cast.fresh_level, cast.REVISED)
        assert not is_met(cast.fresh_level, cast.CONFIRMED)

    def test_brings_every_decision_of_a_lead_about(self) -> None:
        """Source: moderation.md 5: uphold, amend, overturn, return."""
        referred = [
            number
            for number in range(cast.WHOLE)
            if is_met(cast.reviewer_level, number)
            and not is_met(cast.moderator_level, number)
            and not is_met(cast.second_moderator_level, number)
        ]
        decided = [cast.lead_decision(number) for number in referred]
        assert sorted(decided) == ["overturn", "return", "uphold"]

    def test_has_one_overturned_in_the_smallest_cohort(self) -> None:
        assert not is_met(cast.second_moderator_level, 1)
        assert cast.lead_decision(1) == "overturn"

    def test_amends_the_feedback_of_one_whom_two_judges_out_of_three_met(self) -> None:
        (number,) = filter(cast.is_amended, range(cast.WHOLE))
        assert not is_met(cast.moderator_level, number)
        assert is_met(cast.second_moderator_level, number)

    def test_lets_one_pass_the_second_viva_and_another_none(self) -> None:
        def passes(number: int, viva: int) -> bool:
            return cast.verdict(number, viva, "lead") == "passed"

        assert [passes(cast.NOT_PASSED_ONCE, viva) for viva in (1, 2)] == [False, True]
        assert not any(passes(cast.NOT_PASSED_TWICE, viva) for viva in (1, 2))
        assert cast.verdict(cast.DISAGREED, 1, "head") == "not_passed"
        assert passes(cast.DISAGREED, 1)


class TestWritten:
    def test_are_all_the_samples_there_are(self) -> None:
        handed_in = sorted(each.sample for each in cast.WRITTEN.values())
        assert handed_in == sorted(sample.name for sample in SAMPLES)

    @pytest.mark.parametrize("number", cast.WRITTEN)
    def test_fit_the_template_and_the_programme_of_who_hands_them_in(
        self, number: int
    ) -> None:
        recipe = LIBRARY.samples[number].recipe
        assert recipe.template == cast.Participant(number).template
        assert cast.Participant(number).is_extended is False

    @pytest.mark.parametrize("number", cast.WRITTEN)
    def test_lead_where_their_parts_lead(self, number: int) -> None:
        """Whoever plays a part after the release has the outcome that it needs."""
        written, otherwise = LIBRARY.levels(cast.reviewer_level), cast.reviewer_level
        assert is_met(written, number) == is_met(otherwise, number)

    def test_are_judged_as_their_author_judges_them(self) -> None:
        judgement = LIBRARY.judgement(5)
        assert judgement is not None
        levels = LIBRARY.levels(cast.reviewer_level)
        assert {key: levels(5, key) for key in CRITERIA} == {
            key: each.level for key, each in judgement.criteria.items()
        }

    @pytest.mark.parametrize("number", cast.WRITTEN)
    def test_name_who_wrote_them(self, number: int) -> None:
        folder, name = LIBRARY.samples[number].folder, cast.WRITTEN[number].name
        sources = [
            path for path in folder.rglob("*") if path.suffix in {".md", ".yaml"}
        ]
        assert any(name in path.read_text() for path in sources)


class TestPassage:
    """What a sample is judged by, in the portfolio that came of it."""

    def test_is_found_over_the_end_of_a_line(self) -> None:
        (reference,) = cited(
            "I waited, and then\n I began.", "waited, and then I began"
        )
        assert (reference["start"], reference["end"]) == (2, 27)
        assert reference["section"] == "introduction"

    def test_is_refused_when_the_portfolio_does_not_say_it(self) -> None:
        with pytest.raises(NotCitedError):
            cited("I waited.", "I began")


def cited(text: str, words: str) -> list[dict[str, Any]]:
    """Return the evidence of a judgement that cites *words* of *text*."""
    criteria = {
        key: {
            "level": 3,
            "rationale": "It is said.",
            "evidence": [{"section": "introduction", "words": words}],
        }
        for key in CRITERIA
    }
    judgement = Judgement.model_validate(
        {"outcome": "CM", "criteria": criteria, "feedback": "Thank you."}
    )
    section = {
        "key": "introduction",
        "title": "Introduction",
        "blocks": [{"kind": "paragraph", "text": text}],
    }
    portfolio = {"snapshot_sha256": "0" * 64, "sections": [section]}
    found: list[dict[str, Any]] = written_criterion(
        portfolio, judgement, "authenticity"
    )["evidence"]
    return found
