"""Who may moderate is known from the directory."""

from services.moderation.domain.standing.commands import (
    NoteAppointment,
    NoteEmployer,
    NoteMentee,
)
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.events import (
    AppointmentNoted,
    EmployerNoted,
    MenteeNoted,
    ModeratorRole,
)
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
        assert state.roles == {"moderator", "lead_moderator"}
        assert state.organisation_id == "o-two"


class TestEmployer:
    """Source: domain.md section 1: never of the participant's organisation."""

    COMMAND = NoteEmployer(person_id="p-mod", organisation_id="o-two", at=NOW)
    FACT = EmployerNoted(person_id="p-mod", organisation_id="o-two", occurred_at=NOW)

    def test_changes_for_a_moderator(self) -> None:
        STANDING.given(noted("moderator")).when(self.COMMAND).then(self.FACT)
        STANDING.given(noted("moderator"), self.FACT).when(self.COMMAND).then_nothing()
        state = STANDING.state(noted("moderator"), self.FACT)
        assert (state.roles, state.organisation_id) == ({"moderator"}, "o-two")

    def test_of_somebody_else_is_not_kept_here(self) -> None:
        STANDING.given().when(self.COMMAND).then_nothing()


class TestMentee:
    """Source: domain.md section 1: a mentor never judges the same participant."""

    COMMAND = NoteMentee(
        person_id="p-mod", participant_id="p-ana", case_id="c1", at=NOW
    )
    FACT = MenteeNoted(
        person_id="p-mod", participant_id="p-ana", case_id="c1", occurred_at=NOW
    )

    def test_is_kept_whether_they_moderate_yet_or_not(self) -> None:
        STANDING.given().when(self.COMMAND).then(self.FACT)
        STANDING.given(self.FACT).when(self.COMMAND).then_nothing()
        one = STANDING.state(self.FACT, noted("moderator"))
        assert one == STANDING.state(noted("moderator"), self.FACT)
        assert one.mentees == frozenset({"p-ana"})
