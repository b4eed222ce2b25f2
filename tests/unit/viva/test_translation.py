"""What leaves viva, and what stays."""

from typing import get_args

import pytest

from services.viva.app import CODEC
from services.viva.domain.events import VivaEvent
from services.viva.outgoing import to_public
from shared.contracts import viva as public
from shared.contracts.message import Message
from shared.decider import Fact
from tests.support.stored import stored
from tests.unit.viva.examples import (
    AFTER,
    STARTS_AT,
    adjusted,
    appointed,
    awarded,
    booked,
    disagreed,
    handed_in,
    heard,
    held,
    judged,
    moved,
    not_passed,
    offered,
    passed,
    reminded,
    settled,
    tied,
    withdrawn,
)

SAID: dict[type[Message], Fact] = {
    public.Offered: offered(2),
    public.ReminderDue: reminded(),
    public.Booked: booked(),
    public.Moved: moved(minutes=60, extra_minutes=15, arrangements=("extra_time",)),
    public.NotPassed: not_passed(number=2, last=True),
    public.AwardConferred: awarded("hugo", "lena"),
}
KEPT: tuple[Fact, ...] = (
    tied("ben", "north"),
    handed_in(),
    heard(),
    adjusted(15),
    withdrawn(),
    appointed(),
    held(),
    judged(),
    disagreed(),
    settled(),
    passed(),
)


def said(fact: Fact) -> Message | None:
    return to_public(fact, stored(CODEC, fact, "viva-case-1"))


class TestToPublic:
    @pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.__name__)
    def test_tells_under_the_key_of_the_case(self, kind: type[Message]) -> None:
        """Source: domain.md section 4."""
        message = said(SAID[kind])
        assert type(message) is kind
        assert message.key == "case-1"

    def test_tells_when_and_how_long_and_not_why(self) -> None:
        """Source: domain.md section 4: adjustment details never leave."""
        message = said(SAID[public.Moved])
        assert isinstance(message, public.Moved)
        assert (message.starts_at, message.minutes) == (STARTS_AT, 60)
        assert (message.sequence, message.mode) == (1, "remote")
        assert "extra" not in message.model_dump_json()

    def test_tells_who_must_have_no_later_part(self) -> None:
        """Source: domain.md section 1."""
        for kind in (public.NotPassed, public.AwardConferred):
            message = said(SAID[kind])
            assert message is not None
            assert message.model_dump()["took_part"] == ("hugo", "lena")

    def test_tells_when_the_award_was_conferred(self) -> None:
        message = said(SAID[public.AwardConferred])
        assert isinstance(message, public.AwardConferred)
        assert message.conferred_at == AFTER
        assert message.award_id == awarded().award_id

    @pytest.mark.parametrize("fact", KEPT, ids=lambda fact: type(fact).__name__)
    def test_keeps_panels_verdicts_and_notes(self, fact: Fact) -> None:
        """Source: domain.md section 4, "The one private/public rule"."""
        assert said(fact) is None

    def test_leaves_few_out_of_this_test(self) -> None:
        tested = {type(each) for each in (*SAID.values(), *KEPT)}
        rest = {each.__name__ for each in get_args(VivaEvent) if each not in tested}
        assert rest == {
            "HoldEndNoted",
            "HoldNoted",
            "NewsSetAside",
            "OfferWithdrawn",
            "PartNoted",
            "PanelDissolved",
            "AwardRevoked",
        }
