"""How a viva went, who says so, and what follows."""

import pytest

from services.viva.domain.commands import Member
from services.viva.domain.events import Held
from services.viva.domain.refusals import (
    AlreadyDecidedError,
    AlreadyJudgedError,
    NoPanelError,
    NotBookedError,
    NothingToSettleError,
    NotOfferedError,
    NotOnPanelsError,
    NotOnThisPanelError,
    NotYetHeldError,
    PanelConflictError,
    UnknownVivaError,
)
from tests.unit.viva.examples import (
    AFTER,
    AT,
    HUGO,
    LENA,
    LUIS,
    ONE_VERDICT,
    READY,
    SECOND,
    STARTS_AT,
    VIVA,
    appointed,
    awarded,
    booked,
    disagreed,
    dissolved,
    heard,
    held,
    judge,
    judged,
    member,
    not_passed,
    offered,
    passed,
    settle,
    settled,
    tied,
)

SPLIT = (*ONE_VERDICT, judged("hugo", "not_passed"), disagreed())


class TestGiveVerdict:
    def test_names_those_of_a_dissolved_panel_too(self) -> None:
        """Source: domain.md section 1: no later part in the case, nor in an appeal."""
        since = (
            *ONE_VERDICT,
            tied("hugo"),
            dissolved("hugo", "mentor"),
            offered(),
            appointed("luis", "helena"),
            booked(sequence=1),
            Held(
                case_id="case-1",
                number=1,
                lead_id="luis",
                head_id="helena",
                occurred_at=AFTER,
            ),
            judged("luis"),
        )
        helena = member("helena", "panel_member")
        everybody = ("helena", "hugo", "lena", "luis")
        VIVA.given(*since).when(judge(helena, other=LUIS)).then(
            judged("helena"), passed(*everybody), awarded(*everybody)
        )

    def test_records_that_the_viva_was_held(self) -> None:
        """Source: domain.md section 3."""
        VIVA.given(*READY).when(judge()).then(held(), judged())

    def test_leads_to_the_award_when_both_agree(self) -> None:
        """Source: domain.md section 3: passed, awarded; S0, S1."""
        VIVA.given(*ONE_VERDICT).when(judge(HUGO, other=LENA)).then(
            judged("hugo"), passed(), awarded("hugo", "lena")
        )

    def test_leads_to_one_more_viva_when_it_was_not_passed(self) -> None:
        """Source: domain.md section 3 (P)."""
        history = (*READY, held(), judged("lena", "not_passed"))
        VIVA.given(*history).when(judge(HUGO, "not_passed")).then(
            judged("hugo", "not_passed"), not_passed(), offered(2, AFTER)
        )

    def test_leads_to_no_third_viva(self) -> None:
        """Source: domain.md section 3 (P): one more viva, then restart."""
        second = (
            *SECOND,
            appointed("luis", "helena", number=2),
            booked(number=2, sequence=1, round_id="autumn"),
            held(2).model_copy(update={"lead_id": "luis", "head_id": "helena"}),
            judged("luis", "not_passed", 2),
        )
        helena = member("helena", "panel_member")
        VIVA.given(*second).when(judge(helena, "not_passed", other=LUIS)).then(
            judged("helena", "not_passed", 2),
            not_passed("helena", "luis", number=2, last=True),
        )

    def test_waits_for_a_third_person_when_they_differ(self) -> None:
        """Source: (P): a difference is settled by another lead moderator."""
        VIVA.given(*ONE_VERDICT).when(judge(HUGO, "not_passed")).then(
            judged("hugo", "not_passed"), disagreed()
        )

    def test_is_given_once(self) -> None:
        VIVA.given(*ONE_VERDICT).when(judge()).then_nothing()
        VIVA.given(*ONE_VERDICT).when(judge(LENA, "not_passed")).then_refused(
            AlreadyJudgedError
        )

    def test_is_refused_to_everybody_else(self) -> None:
        """Source: S0, S1: the panel decides."""
        VIVA.given(*READY).when(judge(LUIS)).then_refused(NotOnThisPanelError)
        VIVA.given(*ONE_VERDICT).when(judge(LUIS)).then_refused(NotOnThisPanelError)

    def test_is_refused_before_the_viva_begins(self) -> None:
        """Source: domain.md section 3: booked, held, passed."""
        VIVA.given(*READY).when(judge(at=AT)).then_refused(NotYetHeldError)
        VIVA.given(*READY).when(judge(at=STARTS_AT)).then(
            held().model_copy(update={"occurred_at": STARTS_AT}),
            judged().model_copy(update={"occurred_at": STARTS_AT}),
        )

    def test_needs_a_panel_and_a_time(self) -> None:
        """Source: S0, S1."""
        VIVA.given().when(judge()).then_refused(UnknownVivaError)
        VIVA.given(heard(outcome="CNM")).when(judge()).then_refused(NotOfferedError)
        no_panel = (heard(), offered(), booked())
        VIVA.given(*no_panel).when(judge(other=None)).then_refused(NoPanelError)
        no_time = (heard(), offered(), appointed())
        VIVA.given(*no_time).when(judge()).then_refused(NotBookedError)

    @pytest.mark.parametrize(
        ("by", "other"),
        [
            (member("lena", "lead_moderator", organisation="north"), HUGO),
            (LENA, member("hugo", "panel_member", organisation="north")),
        ],
        ids=["who judges", "the other"],
    )
    def test_checks_again_that_the_panel_is_independent(
        self, by: Member, other: Member
    ) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        history = (tied(None, "north"), *READY)
        command = judge(by, other=other)
        VIVA.given(*history).when(command).then_refused(PanelConflictError)
        later = (*history, held(), judged("hugo"))
        VIVA.given(*later).when(command).then_refused(PanelConflictError)

    def test_is_refused_once_the_result_is_final(self) -> None:
        history = (*ONE_VERDICT, judged("hugo"), passed(), awarded("hugo", "lena"))
        VIVA.given(*history).when(judge()).then_refused(AlreadyDecidedError)


class TestSettleDifference:
    @pytest.mark.parametrize("verdict", ["passed", "not_passed"])
    def test_decides_between_the_two(self, verdict: str) -> None:
        """Source: (P): a lead moderator with no part in the case decides."""
        everybody = ("hugo", "lena", "luis")
        if verdict == "passed":
            VIVA.given(*SPLIT).when(settle()).then(
                settled(), passed(*everybody), awarded(*everybody)
            )
        else:
            VIVA.given(*SPLIT).when(settle(verdict="not_passed")).then(
                settled(verdict="not_passed"),
                not_passed(*everybody),
                offered(2, AFTER),
            )

    def test_needs_a_difference(self) -> None:
        VIVA.given(*ONE_VERDICT).when(settle()).then_refused(NothingToSettleError)
        VIVA.given(*READY).when(settle()).then_refused(NothingToSettleError)

    def test_is_for_lead_moderators(self) -> None:
        """Source: domain.md section 1: the lead moderator resolves escalations."""
        helena = member("helena", "panel_member")
        VIVA.given(*SPLIT).when(settle(helena)).then_refused(NotOnPanelsError)

    @pytest.mark.parametrize(
        "by",
        [
            LENA,
            member("mona", "lead_moderator"),
            member("luis", "lead_moderator", organisation="north"),
        ],
        ids=["on the panel", "judged the case", "same organisation"],
    )
    def test_is_for_people_with_no_part_in_the_case(self, by: Member) -> None:
        """Source: domain.md section 1."""
        history = (tied(None, "north"), *SPLIT)
        VIVA.given(*history).when(settle(by)).then_refused(PanelConflictError)
