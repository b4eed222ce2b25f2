"""The cast of the demonstration fits the parts that it plays."""

import pytest

from services.cli.demo import cast
from services.cli.demo.judging import Levels
from shared.vocabulary import CRITERIA, MET_LEVEL


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
        "number", [cast.RESTARTED, cast.REVISED, cast.DISMISSED, cast.WITHDRAWN]
    )
    def test_has_people_who_do_not_meet_the_criteria_at_first(
        self, number: int
    ) -> None:
        assert number < cast.WHOLE
        assert not is_met(cast.reviewer_level, number)
        assert not is_met(cast.moderator_level, number)

    @pytest.mark.parametrize(
        "number",
        [cast.NOT_PASSED_ONCE, cast.NOT_PASSED_TWICE, cast.DISAGREED, cast.MOVED],
    )
    def test_has_people_who_come_to_a_viva(self, number: int) -> None:
        assert number < cast.WHOLE
        assert is_met(cast.reviewer_level, number)
        assert is_met(cast.moderator_level, number)

    def test_lets_two_fail_again_and_nobody_else(self) -> None:
        again = [n for n in range(cast.WHOLE) if not is_met(cast.second_level, n)]
        assert again == [cast.REVISED, cast.DISMISSED]

    def test_lets_one_pass_the_second_viva_and_another_none(self) -> None:
        def passes(number: int, viva: int) -> bool:
            return cast.verdict(number, viva, "lead") == "passed"

        assert [passes(cast.NOT_PASSED_ONCE, viva) for viva in (1, 2)] == [False, True]
        assert not any(passes(cast.NOT_PASSED_TWICE, viva) for viva in (1, 2))
        assert cast.verdict(cast.DISAGREED, 1, "head") == "not_passed"
        assert passes(cast.DISAGREED, 1)
