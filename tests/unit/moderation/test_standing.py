"""Who may moderate is known from the directory."""

from services.moderation.domain.standing.commands import NoteAppointment
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.events import AppointmentNoted, ModeratorRole
from services.moderation.domain.standing.evolve import Standing
from tests.support.specification import Scenario
from tests.unit.moderation.examples import NOW

STANDING = Scenario(standing)


def note(role: ModeratorRole, organisation: str = "o-one") -> NoteAppointment:
    return NoteAppointment(
        person_id="p-mod", role=role, organisation_id=organisation, at=NOW
    )


def noted(role: ModeratorRole, organisation: str = "o-one") -> AppointmentNoted:
    return AppointmentNoted(
        person_id="p-mod", role=role, organisation_id=organisation, occurred_at=NOW
    )


class TestNoteAppointment:
    """Source: domain.md section 1."""

    def test_knows_a_role_once(self) -> None:
        STANDING.given().when(note("moderator")).then(noted("moderator"))
        STANDING.given(noted("moderator")).when(note("moderator")).then_nothing()

    def test_notices_another_organisation(self) -> None:
        STANDING.given(noted("moderator")).when(note("moderator", "o-two")).then(
            noted("moderator", "o-two")
        )

    def test_adds_roles_and_keeps_the_last_organisation(self) -> None:
        state = STANDING.state(noted("moderator"), noted("lead_moderator", "o-two"))
        assert state == Standing(frozenset({"moderator", "lead_moderator"}), "o-two")
