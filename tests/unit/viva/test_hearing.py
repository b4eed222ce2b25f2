"""What viva makes of what the other services tell."""

from datetime import timedelta

from services.viva.domain.commands import NotePart
from services.viva.domain.events import (
    AwardRevoked,
    NewsSetAside,
    OfferWithdrawn,
    PartNoted,
)
from services.viva.domain.refusals import PanelConflictError
from tests.unit.viva.examples import (
    AT,
    NO_VIVA,
    ONE_VERDICT,
    READY,
    RELEASED_AT,
    SECOND,
    VIVA,
    WHOSE,
    appoint,
    appointed,
    awarded,
    dissolved,
    hand_in,
    handed_in,
    hear,
    heard,
    offered,
    tie,
    tied,
    withdraw,
    withdrawn,
)

BEFORE = RELEASED_AT - timedelta(days=1)


def note_part(*person_ids: str) -> NotePart:
    return NotePart(case_id="case-1", person_ids=person_ids, at=AT)


def part(*person_ids: str) -> PartNoted:
    return PartNoted(case_id="case-1", person_ids=person_ids, occurred_at=AT)


def set_aside(news: str, because: str) -> NewsSetAside:
    return NewsSetAside.model_validate(
        {"news": news, "because": because, "occurred_at": AT}
    )


class TestHearOutcome:
    def test_offers_a_viva_after_cm_where_the_programme_has_one(self) -> None:
        """Source: domain.md section 3; S1."""
        VIVA.given().when(hear()).then(heard(), offered())

    def test_confers_the_award_after_cm_where_it_has_none(self) -> None:
        """Source: domain.md section 3: no viva in the programme, awarded."""
        VIVA.given().when(hear(terms=NO_VIVA)).then(heard(), awarded(at=AT))

    def test_offers_nothing_after_cnm(self) -> None:
        """Source: domain.md section 3."""
        cnm = hear(outcome="CNM")
        VIVA.given().when(cnm).then(heard(outcome="CNM"))

    def test_offers_a_viva_after_the_second_attempt(self) -> None:
        """Source: S2 6.2.1: one resubmission, judged as the first."""
        first = heard(outcome="CNM", took_part=("sam",))
        case = VIVA.state(first, heard(attempt=2), offered())
        assert case.known.took_part == {"sam", "rita", "mona"}
        VIVA.given(first).when(hear(attempt=2)).then(heard(attempt=2), offered())

    def test_withdraws_an_offer_when_a_revision_says_cnm(self) -> None:
        """Source: domain.md section 4, OutcomeRevised; (P)."""
        revised = {"outcome": "CNM", "is_revision": True}
        withdrawn_offer = OfferWithdrawn(**WHOSE, number=1, occurred_at=AT)
        VIVA.given(*READY).when(hear(**revised)).then(heard(**revised), withdrawn_offer)

    def test_offers_again_when_a_revision_says_cm(self) -> None:
        """Source: domain.md section 4, OutcomeRevised."""
        cnm = heard(outcome="CNM")
        VIVA.given(cnm).when(hear(is_revision=True)).then(
            heard(is_revision=True), offered()
        )

    def test_sets_a_revision_aside_once_the_viva_was_held(self) -> None:
        """Only an offer that was not held is withdrawn (P); that it came is a fact."""
        revised = {"outcome": "CNM", "is_revision": True}
        VIVA.given(*ONE_VERDICT).when(hear(**revised)).then(
            heard(**revised), set_aside("outcome", "held")
        )

    def test_sets_a_revision_aside_once_the_award_is_conferred(self) -> None:
        """Source: house-style.md: a refusal nobody could see is a fact."""
        revised = {"outcome": "CNM", "is_revision": True}
        VIVA.given(heard(), awarded()).when(hear(**revised)).then(
            heard(**revised), set_aside("outcome", "decided")
        )

    def test_ends_a_panel_of_which_somebody_judged_the_case_meanwhile(self) -> None:
        """Source: domain.md section 1: no earlier part in the case."""
        revised = {"is_revision": True, "took_part": ("hugo",)}
        VIVA.given(*READY).when(hear(**revised)).then(
            heard(**revised), dissolved("hugo", "took_part")
        )

    def test_keeps_the_number_of_a_viva_that_was_withdrawn(self) -> None:
        """A viva that was not held is not one of the two (P)."""
        cnm, back = heard(outcome="CNM"), hear(is_revision=True)
        gone = OfferWithdrawn(**WHOSE, number=2, occurred_at=AT)
        VIVA.given(*SECOND, cnm, gone).when(back).then(
            heard(is_revision=True), offered(2)
        )


class TestNotePortfolio:
    def test_keeps_what_was_handed_in_last(self) -> None:
        """Source: S2 6.2.1: a portfolio may be handed in again."""
        again = {"attempt": 2, "snapshot_sha256": "b" * 64}
        VIVA.given().when(hand_in()).then(handed_in())
        VIVA.given(handed_in()).when(hand_in()).then_nothing()
        VIVA.given(handed_in()).when(hand_in(**again)).then(handed_in(**again))
        known = VIVA.state(handed_in(), handed_in(**again)).known
        assert known.portfolio == handed_in(**again)


class TestNoteTie:
    def test_is_noted_before_anything_else_is_known(self) -> None:
        """Source: architecture.md, "Messaging": what comes too early is a fact."""
        VIVA.given().when(tie("ben", "north")).then(tied("ben", "north"))

    def test_is_noted_once(self) -> None:
        VIVA.given(tied("ben", "north")).when(tie("ben")).then_nothing()

    def test_keeps_every_mentor_there_was(self) -> None:
        """Source: domain.md section 1: a mentor never judges the same participant."""
        known = VIVA.state(tied("ben"), tied("bo")).known
        assert known.mentors == {"ben", "bo"}

    def test_ends_a_panel_with_the_mentor_on_it(self) -> None:
        """Source: domain.md section 1; where the asker could not see it, a fact."""
        VIVA.given(*READY).when(tie("hugo")).then(
            tied("hugo"), dissolved("hugo", "mentor")
        )

    def test_makes_a_viva_be_held_again_that_a_mentor_held(self) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        VIVA.given(*ONE_VERDICT).when(tie("hugo")).then(
            tied("hugo"), dissolved("hugo", "mentor"), offered()
        )
        case = VIVA.state(*ONE_VERDICT, tied("hugo"), dissolved("hugo", "mentor"))
        assert {"lena", "hugo"} <= case.known.took_part
        VIVA.given(*ONE_VERDICT, tied("hugo"), dissolved("hugo", "mentor")).when(
            tie("hugo")
        ).then_nothing()


class TestNotePart:
    """Source: domain.md section 1: a panel member has had no earlier part."""

    def test_is_noted_once(self) -> None:
        """Source: domain.md section 1."""
        VIVA.given().when(note_part("nora", "hugo")).then(part("hugo", "nora"))
        VIVA.given(heard(), part("hugo", "nora")).when(
            note_part("nora", "rita")
        ).then_nothing()

    def test_keeps_who_hears_an_appeal_off_the_panel(self) -> None:
        """Source: domain.md section 1."""
        VIVA.given(heard(), offered(), part("hugo")).when(appoint()).then_refused(
            PanelConflictError
        )

    def test_ends_a_panel_with_somebody_who_hears_an_appeal(self) -> None:
        """Source: domain.md section 1; where the asker could not see it, a fact."""
        VIVA.given(*READY).when(note_part("hugo", "nora")).then(
            part("hugo", "nora"), dissolved("hugo", "took_part")
        )


class TestNoteWithdrawal:
    def test_ends_what_is_offered(self) -> None:
        """Source: domain.md section 4, Withdrawn."""
        VIVA.given(heard(), offered()).when(withdraw()).then(withdrawn())

    def test_keeps_a_later_cm_from_being_offered(self) -> None:
        """Source: architecture.md, "Messaging": no order is promised."""
        VIVA.given(withdrawn()).when(hear()).then(heard())

    def test_lets_an_award_stand_that_came_first(self) -> None:
        VIVA.given(heard(), awarded()).when(withdraw()).then(
            withdrawn(), set_aside("withdrawal", "decided")
        )

    def test_revokes_an_award_whose_outcome_was_released_after_it(self) -> None:
        """Either order of the two messages ends without an award."""
        revoked = AwardRevoked(**WHOSE, award_id=awarded().award_id, occurred_at=AT)
        VIVA.given(heard(), awarded()).when(withdraw(BEFORE)).then(
            withdrawn(BEFORE), revoked
        )
        VIVA.given(withdrawn(BEFORE)).when(hear(terms=NO_VIVA)).then(heard())

    def test_lets_the_award_of_a_viva_stand(self) -> None:
        history = (heard(), offered(), appointed(), awarded("hugo", "lena"))
        VIVA.given(*history).when(withdraw(BEFORE)).then(
            withdrawn(BEFORE), set_aside("withdrawal", "decided")
        )

    def test_is_noted_once(self) -> None:
        VIVA.given(withdrawn()).when(withdraw()).then_nothing()
