"""The rules of the directory: people, and whose an address is."""

import pytest

from services.submission.domain.address.commands import ClaimAddress
from services.submission.domain.address.decide import AddressTakenError, address
from services.submission.domain.person.commands import (
    GrantRole,
    StateOrganisation,
    TakePlace,
)
from services.submission.domain.person.decide import (
    AddressDiffersError,
    OrganisationDiffersError,
    OrganisationMissingError,
    UnknownPersonError,
    person,
)
from services.submission.domain.person.events import (
    OrganisationStated,
    PlaceTaken,
    RoleGranted,
)
from shared.vocabulary import Role
from tests.support.specification import Scenario
from tests.unit.submission.examples import AT, claimed, register, registered, sealed

people = Scenario(person)
addresses = Scenario(address)


def grant(role: Role) -> GrantRole:
    return GrantRole(person_id="ana", role=role, at=AT)


def granted(role: Role, organisation_id: str | None = "north-college") -> RoleGranted:
    return RoleGranted(
        person_id="ana", role=role, organisation_id=organisation_id, occurred_at=AT
    )


class TestRegisterPerson:
    def test_enters_the_person(self) -> None:
        """Source: domain.md section 1."""
        people.given().when(register()).then(registered())

    def test_changes_nothing_the_second_time_whatever_the_envelopes(self) -> None:
        """Source: shared/personal.py: no rule looks into a personal field."""
        people.given(registered()).when(register(name=sealed("again"))).then_nothing()

    def test_states_the_organisation_that_was_not_known(self) -> None:
        """Source: domain.md section 1: independence is decided from facts."""
        people.given(registered(organisation_id=None)).when(register()).then(
            OrganisationStated(
                person_id="ana", organisation_id="north-college", occurred_at=AT
            )
        )

    def test_keeps_the_organisation_when_none_is_given(self) -> None:
        people.given(registered()).when(register(organisation_id=None)).then_nothing()

    def test_refuses_another_organisation(self) -> None:
        """Source: P: a change of employer is not a repeat of the registration."""
        people.given(registered()).when(
            register(organisation_id="south-college")
        ).then_refused(OrganisationDiffersError)

    def test_refuses_another_address(self) -> None:
        """Source: architecture.md: a person has one verified address."""
        people.given(registered()).when(register(address_hash="5" * 64)).then_refused(
            AddressDiffersError
        )


class TestGrantRole:
    def test_carries_the_organisation(self) -> None:
        """Source: domain.md section 4: RoleGranted (id, role, organisation id)."""
        people.given(registered()).when(grant("reviewer")).then(granted("reviewer"))

    def test_changes_nothing_the_second_time(self) -> None:
        people.given(registered(), granted("mentor")).when(
            grant("mentor")
        ).then_nothing()

    @pytest.mark.parametrize("role", ["reviewer", "moderator", "lead_moderator"])
    def test_refuses_a_judge_without_an_organisation(self, role: Role) -> None:
        """Source: domain.md section 1: nobody judges their own organisation."""
        people.given(registered(organisation_id=None)).when(grant(role)).then_refused(
            OrganisationMissingError
        )

    def test_needs_no_organisation_for_a_mentor(self) -> None:
        people.given(registered(organisation_id=None)).when(grant("mentor")).then(
            granted("mentor", organisation_id=None)
        )

    def test_refuses_somebody_unknown(self) -> None:
        people.given().when(grant("mentor")).then_refused(UnknownPersonError)


class TestClaimAddress:
    def test_reserves_it_for_one_person(self) -> None:
        """Source: architecture.md: person streams hold a keyed hash of the address."""
        addresses.given().when(ClaimAddress(person_id="ana", at=AT)).then(claimed())

    def test_changes_nothing_the_second_time(self) -> None:
        addresses.given(claimed()).when(
            ClaimAddress(person_id="ana", at=AT)
        ).then_nothing()

    def test_refuses_somebody_else(self) -> None:
        """Source: P: one mailbox, one person."""
        addresses.given(claimed("ben")).when(
            ClaimAddress(person_id="ana", at=AT)
        ).then_refused(AddressTakenError)


class TestStateOrganisation:
    COMMAND = StateOrganisation(person_id="ana", organisation_id="south-college", at=AT)

    def test_follows_a_change_of_employer(self) -> None:
        """Source: domain.md section 1: nobody is judged from their own organisation."""
        people.given(registered()).when(self.COMMAND).then(
            OrganisationStated(
                person_id="ana", organisation_id="south-college", occurred_at=AT
            )
        )

    def test_changes_nothing_the_second_time(self) -> None:
        moved = people.given(registered()).when(self.COMMAND).decide()
        people.given(registered(), *moved).when(self.COMMAND).then_nothing()

    def test_needs_somebody_in_the_directory(self) -> None:
        people.given().when(self.COMMAND).then_refused(UnknownPersonError)


class TestTakePlace:
    COMMAND = TakePlace(person_id="ana", case_id="case-1", at=AT)
    TAKEN = PlaceTaken(person_id="ana", case_id="case-1", occurred_at=AT)

    def test_remembers_where_somebody_takes_part(self) -> None:
        """Source: domain.md section 3: someone is in one cohort at a time."""
        people.given(registered()).when(self.COMMAND).then(self.TAKEN)
        assert people.state(registered(), self.TAKEN).places == {"case-1"}

    def test_changes_nothing_the_second_time(self) -> None:
        people.given(registered(), self.TAKEN).when(self.COMMAND).then_nothing()

    def test_needs_somebody_in_the_directory(self) -> None:
        people.given().when(self.COMMAND).then_refused(UnknownPersonError)
