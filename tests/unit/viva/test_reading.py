"""What the panel of a viva may read, and for how long."""

import pytest

from services.viva.domain.commands import Member
from services.viva.domain.reading import may_read, readable_verdicts
from tests.unit.viva.examples import (
    HUGO,
    LENA,
    LUIS,
    ONE_VERDICT,
    READY,
    SECOND,
    VIVA,
    awarded,
    disagreed,
    heard,
    judged,
    member,
    offered,
    passed,
    tied,
)

SPLIT = (*ONE_VERDICT, judged("hugo", "not_passed"), disagreed())
DECIDED = (*ONE_VERDICT, judged("hugo"), passed(), awarded("hugo", "lena"))


class TestMayRead:
    """Source: architecture.md: nothing is served without a current part in the case."""

    @pytest.mark.parametrize("history", [READY, ONE_VERDICT, SPLIT])
    @pytest.mark.parametrize("reader", [LENA, HUGO], ids=["lena", "hugo"])
    def test_lets_the_panel_read_until_it_has_decided(
        self, history: tuple[object, ...], reader: Member
    ) -> None:
        assert may_read(reader, VIVA.state(*history))

    @pytest.mark.parametrize("history", [DECIDED, SECOND, (heard(), offered())])
    def test_lets_nobody_read_before_or_after(
        self, history: tuple[object, ...]
    ) -> None:
        assert not may_read(LENA, VIVA.state(*history))

    def test_lets_who_may_settle_read_while_the_panel_disagrees(self) -> None:
        assert not may_read(LUIS, VIVA.state(*ONE_VERDICT))
        assert may_read(LUIS, VIVA.state(*SPLIT))

    @pytest.mark.parametrize(
        "reader",
        [
            member("mona", "lead_moderator"),
            member("helena", "panel_member"),
            member("luis", "lead_moderator", organisation="north"),
            member("lena", "lead_moderator", organisation="north"),
        ],
        ids=["judged the case", "no lead", "same organisation", "now a colleague"],
    )
    def test_lets_nobody_else(self, reader: Member) -> None:
        """Source: domain.md section 1."""
        assert not may_read(reader, VIVA.state(tied(None, "north"), *SPLIT))


class TestReadableVerdicts:
    def test_are_one_s_own_for_the_panel(self) -> None:
        """Nobody judges with the other's verdict before them (P)."""
        case = VIVA.state(*ONE_VERDICT)
        assert readable_verdicts(LENA, case) == (judged(),)
        assert readable_verdicts(HUGO, case) == ()
        assert readable_verdicts(LENA, VIVA.state(*SPLIT)) == (judged(),)

    def test_are_both_for_who_settles_the_difference(self) -> None:
        """Source: (P): another lead moderator decides between the two."""
        both = readable_verdicts(LUIS, VIVA.state(*SPLIT))
        assert both == (judged("hugo", "not_passed"), judged())

    def test_are_none_for_everybody_else(self) -> None:
        assert readable_verdicts(LUIS, VIVA.state(*ONE_VERDICT)) == ()
        assert readable_verdicts(LENA, VIVA.state(*READY)) == ()
