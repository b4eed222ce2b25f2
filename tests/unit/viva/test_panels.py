"""Who may hold a viva."""

from dataclasses import replace

import pytest

from services.viva.domain.commands import AppointPanel, Member
from services.viva.domain.refusals import (
    AlreadyDecidedError,
    AlreadyHeldError,
    NotOfferedError,
    NotOnPanelsError,
    OwnCaseError,
    PanelConflictError,
    PanelOfOneError,
    UnknownVivaError,
)
from tests.unit.viva.examples import (
    HUGO,
    LENA,
    LUIS,
    ONE_VERDICT,
    SECOND,
    VIVA,
    appoint,
    appointed,
    awarded,
    dissolved,
    heard,
    member,
    offered,
    tied,
)

OFFERED = (heard(), offered())
HELENA = member("helena", "panel_member")


def conflicts(error: PanelConflictError) -> list[dict[str, str]]:
    found = error.context["conflicts"]
    assert isinstance(found, list)
    return found


class TestAppointPanel:
    def test_takes_a_lead_moderator_and_a_head_of_programme(self) -> None:
        """Source: S0, S1."""
        VIVA.given(*OFFERED).when(appoint()).then(appointed())

    def test_is_done_once(self) -> None:
        VIVA.given(*OFFERED, appointed()).when(appoint()).then_nothing()

    def test_replaces_a_panel_before_the_viva(self) -> None:
        VIVA.given(*OFFERED, appointed()).when(appoint(head=HELENA)).then(
            appointed(head_id="helena")
        )

    @pytest.mark.parametrize(
        "command",
        [
            appoint(lead=member("lena", "panel_member")),
            appoint(head=member("hugo", "lead_moderator")),
            appoint(head=member("ghost")),
        ],
        ids=["no lead moderator", "no head of programme", "nobody known"],
    )
    def test_refuses_people_without_the_role(self, command: AppointPanel) -> None:
        """Source: S0, S1; domain.md section 1."""
        VIVA.given(*OFFERED).when(command).then_refused(NotOnPanelsError)

    def test_refuses_one_person_in_both_roles(self) -> None:
        """Source: S0, S1: two people."""
        both = member("lena", "lead_moderator", "panel_member")
        VIVA.given(*OFFERED).when(appoint(both, both)).then_refused(PanelOfOneError)

    @pytest.mark.parametrize(
        ("head", "bond"),
        [
            (member("rita", "panel_member"), "took_part"),
            (member("ben", "panel_member"), "mentor"),
            (member("ana", "panel_member"), "participant"),
            (
                member("hugo", "panel_member", organisation="north"),
                "same_organisation",
            ),
        ],
    )
    def test_refuses_who_is_not_independent_with_who_and_why(
        self, head: Member, bond: str
    ) -> None:
        """Source: domain.md section 1."""
        history = (tied("ben", "north"), *OFFERED)
        refused = (
            VIVA.given(*history)
            .when(appoint(head=head))
            .then_refused(PanelConflictError)
        )
        assert conflicts(refused) == [{"person_id": head.person_id, "bond": bond}]

    def test_names_everybody_who_may_not(self) -> None:
        """Source: domain.md section 1."""
        rita = member("rita", "panel_member")
        mona = member("mona", "lead_moderator")
        refused = (
            VIVA.given(*OFFERED)
            .when(appoint(mona, rita))
            .then_refused(PanelConflictError)
        )
        assert [each["person_id"] for each in conflicts(refused)] == ["mona", "rita"]

    def test_replaces_a_lead_who_judged_the_case_by_the_deputy(self) -> None:
        """Source: domain.md section 1: a deputy does."""
        mona = member("mona", "lead_moderator")
        VIVA.given(*OFFERED).when(appoint(mona, deputy=LUIS)).then(
            appointed("luis", instead_of="mona")
        )

    def test_leaves_the_deputy_out_where_the_lead_may_sit(self) -> None:
        """Source: domain.md section 1."""
        VIVA.given(*OFFERED).when(appoint(deputy=LUIS)).then(appointed())

    def test_refuses_a_deputy_who_judged_the_case_too(self) -> None:
        """Source: domain.md section 1."""
        mona = member("mona", "lead_moderator")
        rita = member("rita", "lead_moderator")
        refused = (
            VIVA.given(*OFFERED)
            .when(appoint(mona, deputy=rita))
            .then_refused(PanelConflictError)
        )
        assert conflicts(refused) == [{"person_id": "rita", "bond": "took_part"}]

    def test_refuses_a_deputy_who_is_no_lead_moderator(self) -> None:
        """Source: domain.md section 1."""
        mona = member("mona", "lead_moderator")
        command = appoint(mona, deputy=HELENA)
        VIVA.given(*OFFERED).when(command).then_refused(NotOnPanelsError)

    def test_takes_who_works_nowhere_known(self) -> None:
        """Source: domain.md section 1: own organisation, where it is known."""
        hugo = replace(HUGO, known=replace(HUGO.known, organisation_id=None))
        VIVA.given(tied(None, "north"), *OFFERED).when(appoint(head=hugo)).then(
            appointed()
        )

    def test_refuses_the_first_panel_for_the_second_viva(self) -> None:
        """Source: domain.md section 1: no earlier part in the case."""
        refused = (
            VIVA.given(*SECOND).when(appoint(LUIS)).then_refused(PanelConflictError)
        )
        assert conflicts(refused) == [{"person_id": "hugo", "bond": "took_part"}]

    def test_needs_an_offer(self) -> None:
        """Source: domain.md section 3."""
        VIVA.given().when(appoint()).then_refused(UnknownVivaError)
        cnm = heard(outcome="CNM")
        VIVA.given(cnm).when(appoint()).then_refused(NotOfferedError)

    def test_is_refused_once_the_viva_was_held(self) -> None:
        VIVA.given(*ONE_VERDICT).when(appoint(LENA, HELENA)).then_refused(
            AlreadyHeldError
        )
        VIVA.given(heard(), awarded()).when(appoint()).then_refused(AlreadyDecidedError)

    def test_ends_a_panel_that_may_not_decide_any_more(self) -> None:
        """Source: domain.md section 1: checked again; held again by another panel."""
        moved_on = member("hugo", "panel_member", organisation="north-college")
        helena = member("helena", "panel_member")
        since = (tied(organisation_id="north-college"), *ONE_VERDICT)
        asked = appoint(LUIS, helena, sitting=(LENA, moved_on))
        VIVA.given(*since).when(asked).then(
            dissolved("hugo", "same_organisation"),
            offered(),
            appointed("luis", "helena"),
        )
        VIVA.given(*since).when(
            appoint(LUIS, helena, sitting=(LENA, HUGO))
        ).then_refused(AlreadyHeldError)

    def test_takes_nobody_of_a_panel_that_has_ended(self) -> None:
        """Source: domain.md section 1: no earlier part in the case."""
        moved_on = member("hugo", "panel_member", organisation="north-college")
        helena = member("helena", "panel_member")
        since = (tied(organisation_id="north-college"), *ONE_VERDICT)
        asked = appoint(LENA, helena, sitting=(LENA, moved_on))
        refused = VIVA.given(*since).when(asked).then_refused(PanelConflictError)
        assert refused.context["conflicts"] == [
            {"person_id": "lena", "bond": "took_part"}
        ]

    def test_is_for_a_colleague_of_who_is_the_participant(self) -> None:
        """Source: domain.md section 1: a participant never sees who judges."""
        own = replace(appoint(), by="ana")
        VIVA.given(*OFFERED).when(own).then_refused(OwnCaseError)
