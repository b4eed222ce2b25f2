"""Who hears an appeal, and what they decide."""

from datetime import timedelta

import pytest

from services.appeals.domain.casefile.events import PartKind
from services.appeals.domain.decide import appeal
from services.appeals.domain.events import Dismissed, FreshReviewOrdered, Upheld
from services.appeals.domain.hearer.evolve import Hearer
from services.appeals.domain.independence import (
    LeadTookPartError,
    MentorOfParticipantError,
    NotOnTheAppealPanelError,
    OwnAppealError,
    SameOrganisationError,
    TookPartError,
)
from services.appeals.domain.refusals import (
    AlreadyDecidedError,
    NoHearingError,
    NoPanelError,
    NothingToReviewError,
    NotLodgedError,
    NotOnThisPanelError,
    PanelSizeError,
    RemedyError,
)
from shared.errors import ServiceError
from tests.support.specification import Scenario
from tests.unit.appeals.examples import (
    APPEAL,
    CASE,
    DECIDED,
    HEARD_AT,
    NORA,
    OMAR,
    PANEL,
    PIA,
    appeal_opened,
    appoint,
    appointed,
    bonds_noted,
    decide,
    explained,
    file,
    lodged,
    lodged_about_support,
    part_noted,
    requested,
    sealed,
)

spec = Scenario(appeal)
LODGED = (requested(), explained(), lodged())
HEARD = (*LODGED, appointed())
LEAD = Hearer(frozenset({"appeal_panel", "lead_moderator"}))
PARTS: tuple[PartKind, ...] = ("assessor", "viva_panel", "explainer", "conversation")

DEPENDENT: list[tuple[dict[str, Hearer], object, type[ServiceError]]] = [
    ({"zoe": Hearer()}, (), NotOnTheAppealPanelError),
    ({"zoe": Hearer(frozenset({"lead_moderator"}))}, (), NotOnTheAppealPanelError),
    ({"ana": PIA}, (), OwnAppealError),
    ({"ben": PIA}, (), MentorOfParticipantError),
    ({"sam": PIA}, (bonds_noted("sam", None),), MentorOfParticipantError),
    (
        {"zoe": Hearer(frozenset({"appeal_panel"}), frozenset({"north-college"}))},
        (),
        SameOrganisationError,
    ),
    ({"rita": PIA}, (), TookPartError),
    ({"mo": LEAD}, (), LeadTookPartError),
    *(({"zoe": PIA}, (part_noted("zoe", part=part),), TookPartError) for part in PARTS),
    (
        {"zoe": PIA},
        (part_noted("zoe", part="appeal_panel", appeal_id=f"{CASE}.2"),),
        TookPartError,
    ),
]


class TestAppointPanel:
    """Source: domain.md section 1: no part in any round of the case."""

    def test_is_a_fact(self) -> None:
        spec.given(*LODGED).when(appoint()).then(appointed())

    def test_changes_nothing_for_the_same_people(self) -> None:
        spec.given(*HEARD).when(appoint()).then_nothing()

    def test_replaces_a_panel_that_has_not_decided(self) -> None:
        members = {"nora": NORA, "omar": OMAR, "quin": PIA}
        (fact,) = spec.given(*HEARD).when(appoint(members=members)).decide()
        assert fact.members == ("nora", "omar", "quin")

    def test_takes_a_lead_moderator_who_had_no_part(self) -> None:
        members = {"nora": NORA, "omar": OMAR, "lena": LEAD}
        assert spec.given(*LODGED).when(appoint(members=members)).decide()

    @pytest.mark.parametrize(("member", "history", "error"), DEPENDENT)
    def test_refuses_who_is_not_independent(
        self,
        member: dict[str, Hearer],
        history: tuple[object, ...],
        error: type[ServiceError],
    ) -> None:
        members = {"nora": NORA, "omar": OMAR, **member}
        asked = appoint(members=members, file=file(appeal_opened(), *history))
        refused = spec.given(*LODGED).when(asked).then_refused(error)
        assert refused.context == {"person_id": next(iter(member))}

    @pytest.mark.parametrize("count", [1, 2, 4])
    def test_refuses_another_number_of_members(self, count: int) -> None:
        """Source: P: the policy of the programme says how many."""
        everyone = {**PANEL, "quin": PIA}
        members = dict(list(everyone.items())[:count])
        asked = spec.given(*LODGED).when(appoint(members=members))
        assert asked.then_refused(PanelSizeError).context == {"members": 3}

    def test_refuses_a_panel_for_an_appeal_about_support(self) -> None:
        asked = spec.given(lodged_about_support()).when(appoint())
        asked.then_refused(NoHearingError)

    def test_refuses_a_panel_before_an_appeal_is_lodged(self) -> None:
        spec.given(requested()).when(appoint()).then_refused(NotLodgedError)


class TestDecideAppeal:
    """Source: domain.md sections 1 and 3: the panel decides, with reasons."""

    def test_dismisses_with_reasons(self) -> None:
        asked = decide(decision="dismissed", remedy=None)
        spec.given(*HEARD).when(asked).then(
            Dismissed(
                appeal_id=APPEAL,
                case_id=CASE,
                participant_id="ana",
                by="nora",
                members=("nora", "omar", "pia"),
                reasons=sealed("reasons"),
                occurred_at=HEARD_AT,
            )
        )

    def test_upholds_and_orders_a_fresh_review_without_anybody_involved(self) -> None:
        """Source: domain.md section 1: independence; a fresh review by others."""
        whole = file(
            appeal_opened(),
            part_noted("vera", part="viva_panel"),
            part_noted("olga", part="explainer", appeal_id=APPEAL),
            part_noted("quin", part="appeal_panel", appeal_id=APPEAL),
            part_noted("tara", part="conversation"),
            part_noted("will", part="reader", appeal_id=APPEAL),
        )
        upheld = Upheld(
            appeal_id=APPEAL,
            case_id=CASE,
            participant_id="ana",
            by="nora",
            members=("nora", "omar", "pia"),
            reasons=sealed("reasons"),
            remedy="fresh_review",
            occurred_at=HEARD_AT,
        )
        office = ("tara", "vera", "will")
        everyone = ("ben", "mo", "nora", "olga", "omar", "pia", "quin", "rita", *office)
        fresh = FreshReviewOrdered(
            appeal_id=APPEAL,
            case_id=CASE,
            participant_id="ana",
            attempt=1,
            excluded=everyone,
            occurred_at=HEARD_AT,
        )
        spec.given(*HEARD).when(decide(file=whole)).then(upheld, fresh)

    def test_upholds_with_another_remedy(self) -> None:
        (fact,) = spec.given(*HEARD).when(decide(remedy="other")).decide()
        assert isinstance(fact, Upheld)

    @pytest.mark.parametrize(("member", "history", "error"), DEPENDENT)
    def test_checks_independence_again(
        self,
        member: dict[str, Hearer],
        history: tuple[object, ...],
        error: type[ServiceError],
    ) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        (who,) = member
        heard = (*LODGED, appointed("nora", "omar", who))
        asked = decide(
            members={"nora": NORA, "omar": OMAR, **member},
            file=file(appeal_opened(), *history),
        )
        spec.given(*heard).when(asked).then_refused(error)

    def test_is_not_kept_by_the_panel_having_a_part_in_this_appeal(self) -> None:
        noted = part_noted("nora", "omar", part="appeal_panel", appeal_id=APPEAL)
        asked = decide(file=file(appeal_opened(), noted))
        assert spec.given(*HEARD).when(asked).decide()

    def test_is_refused_to_who_does_not_hear_it(self) -> None:
        spec.given(*HEARD).when(decide(by="zoe")).then_refused(NotOnThisPanelError)

    def test_is_refused_without_a_panel(self) -> None:
        spec.given(*LODGED).when(decide()).then_refused(NoPanelError)

    def test_is_refused_twice(self) -> None:
        (upheld,) = spec.given(*HEARD).when(decide(remedy="other")).decide()
        spec.given(*HEARD, upheld).when(decide()).then_refused(AlreadyDecidedError)

    def test_says_what_follows_exactly_when_it_upholds(self) -> None:
        spec.given(*HEARD).when(decide(remedy=None)).then_refused(RemedyError)
        dismissal = decide(decision="dismissed", remedy="other")
        spec.given(*HEARD).when(dismissal).then_refused(RemedyError)

    def test_reviews_no_portfolio_afresh_because_of_a_viva(self) -> None:
        viva = DECIDED.model_copy(update={"subject": "viva", "result": "not_passed"})
        heard = (
            requested(decision=viva),
            explained(),
            lodged(decision=viva),
            appointed(),
        )
        spec.given(*heard).when(decide()).then_refused(NothingToReviewError)

    def test_is_refused_about_support(self) -> None:
        asked = spec.given(lodged_about_support()).when(decide())
        asked.then_refused(NoHearingError)

    def test_carries_its_time(self) -> None:
        at = HEARD_AT + timedelta(hours=1)
        (fact,) = spec.given(*HEARD).when(decide(remedy="other", at=at)).decide()
        assert fact.occurred_at == at
