"""Who may sit on panels, as the directory says."""

from services.viva.domain.panellist.commands import NoteEmployer, NotePanellist
from services.viva.domain.panellist.decide import panellist
from services.viva.domain.panellist.events import (
    EmployerNoted,
    PanellistNoted,
    PanelRole,
)
from tests.support.specification import Scenario
from tests.unit.viva.examples import AT

PANELLIST = Scenario(panellist)


def note(role: PanelRole = "panel_member", organisation: str | None = "east") -> object:
    return NotePanellist(
        person_id="hugo", role=role, organisation_id=organisation, at=AT
    )


def noted(
    role: PanelRole = "panel_member", organisation: str | None = "east"
) -> PanellistNoted:
    return PanellistNoted(
        person_id="hugo", role=role, organisation_id=organisation, occurred_at=AT
    )


EMPLOY = NoteEmployer(person_id="hugo", organisation_id="west", at=AT)
EMPLOYED = EmployerNoted(person_id="hugo", organisation_id="west", occurred_at=AT)


class TestNotePanellist:
    def test_is_noted_once(self) -> None:
        """Source: domain.md section 1: lead moderators and Heads of programme."""
        PANELLIST.given().when(note()).then(noted())
        PANELLIST.given(noted()).when(note()).then_nothing()
        PANELLIST.given(noted()).when(note(organisation=None)).then_nothing()

    def test_keeps_every_role(self) -> None:
        state = PANELLIST.state(noted(), noted("lead_moderator", None))
        assert state.roles == {"panel_member", "lead_moderator"}
        assert state.organisation_id == "east"


class TestNoteEmployer:
    def test_follows_a_panellist_to_another_organisation(self) -> None:
        """Source: domain.md section 1: nobody from the participant's organisation."""
        PANELLIST.given(noted()).when(EMPLOY).then(EMPLOYED)
        assert PANELLIST.state(noted(), EMPLOYED).organisation_id == "west"
        PANELLIST.given(noted(), EMPLOYED).when(EMPLOY).then_nothing()

    def test_leaves_everybody_else_alone(self) -> None:
        PANELLIST.given().when(EMPLOY).then_nothing()
