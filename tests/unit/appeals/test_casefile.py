"""What others tell of a case and of people, noted once and in any order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from services.appeals.domain.casefile.commands import (
    CloseAppeal,
    NoteBonds,
    NoteDecision,
    NotePart,
    NoteTerms,
    NoteWithdrawal,
    OpenAppeal,
)
from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.events import AppealClosed
from services.appeals.domain.hearer.commands import NoteEmployer, NoteHearer
from services.appeals.domain.hearer.decide import hearer
from services.appeals.domain.hearer.events import EmployerNoted, HearerNoted
from services.appeals.domain.hearer.evolve import Hearer
from services.appeals.domain.working_days import Stop
from shared.errors import ConflictError
from shared.holds import NoteHold, NoteHoldEnd
from tests.support.specification import Scenario
from tests.unit.appeals.examples import (
    ASKED_AT,
    CASE,
    DECISION,
    RELEASED_AT,
    TERMS,
    appeal_opened,
    bonds_noted,
    decision_noted,
    hold,
    hold_end,
    part_noted,
    terms_noted,
    withdrawal,
)

spec = Scenario(casefile)
people = Scenario(hearer)
LIFTED_AT = ASKED_AT + timedelta(days=1)
NOTES = [
    (
        NoteTerms(
            case_id=CASE, participant_id="ana", attempt=1, terms=TERMS, at=RELEASED_AT
        ),
        terms_noted(),
    ),
    (
        NoteBonds(
            case_id=CASE,
            mentor_id="ben",
            organisation_id="north-college",
            at=RELEASED_AT,
        ),
        bonds_noted(),
    ),
    (
        NotePart(
            case_id=CASE, part="assessor", person_ids=("rita", "mo"), at=RELEASED_AT
        ),
        part_noted("mo", "rita"),
    ),
    (
        NoteDecision(
            case_id=CASE,
            decision_id=DECISION,
            subject="outcome",
            number=1,
            result="CNM",
            is_revision=False,
            released_at=RELEASED_AT,
            at=RELEASED_AT,
        ),
        decision_noted(),
    ),
    (
        NoteHold(case_id=CASE, hold_id="h1", placed_at=ASKED_AT, at=ASKED_AT),
        hold("h1", ASKED_AT),
    ),
    (
        NoteHoldEnd(case_id=CASE, hold_id="h1", lifted_at=LIFTED_AT, at=LIFTED_AT),
        hold_end("h1", LIFTED_AT),
    ),
    (
        NoteWithdrawal(case_id=CASE, withdrawn_at=ASKED_AT, at=ASKED_AT),
        withdrawal(),
    ),
]


class TestCaseFile:
    """Source: architecture.md, "Identities": each consumer records what it needs."""

    @pytest.mark.parametrize(("command", "fact"), NOTES)
    def test_notes_what_it_is_told_once(self, command: object, fact: object) -> None:
        spec.given().when(command).then(fact)
        spec.given(fact).when(command).then_nothing()

    def test_is_the_same_in_whatever_order_it_is_told(self) -> None:
        """Source: architecture.md: no order is promised between topics."""
        facts = [fact for _, fact in NOTES]
        states = {repr_of(*order) for order in permutations(facts)}
        assert len(states) == 1

    def test_adds_only_who_had_no_such_part_yet(self) -> None:
        more = NotePart(
            case_id=CASE,
            part="assessor",
            person_ids=("rita", "lena"),
            at=RELEASED_AT,
        )
        spec.given(part_noted("mo", "rita")).when(more).then(part_noted("lena"))

    def test_keeps_every_mentor_there_was(self) -> None:
        again = NoteBonds(
            case_id=CASE, mentor_id="sam", organisation_id=None, at=RELEASED_AT
        )
        spec.given(bonds_noted()).when(again).then(bonds_noted("sam", None))
        state = spec.state(bonds_noted(), bonds_noted("sam", None))
        assert state.mentors == {"ben", "sam"}

    def test_knows_no_stop_of_which_only_the_end_was_told(self) -> None:
        assert spec.state(hold_end("h1", LIFTED_AT)).stops() == ()
        whole = spec.state(hold_end("h1", LIFTED_AT), hold("h1", ASKED_AT))
        assert whole.stops() == (Stop(ASKED_AT, LIFTED_AT),)

    def test_numbers_its_appeals(self) -> None:
        def opening(number: int) -> OpenAppeal:
            return OpenAppeal(
                case_id=CASE, number=number, decision_id=DECISION, at=ASKED_AT
            )

        spec.given().when(opening(1)).then(appeal_opened())
        spec.given(appeal_opened()).when(opening(1)).then_refused(ConflictError)

    def test_knows_which_appeals_are_open(self) -> None:
        close = CloseAppeal(case_id=CASE, number=1, at=ASKED_AT)
        closed = AppealClosed(case_id=CASE, number=1, occurred_at=ASKED_AT)
        spec.given(appeal_opened()).when(close).then(closed)
        spec.given(appeal_opened(), closed).when(close).then_nothing()
        spec.given().when(close).then_nothing()
        assert spec.state(appeal_opened(), closed).open_numbers() == ()

    def test_takes_the_terms_of_the_last_attempt_where_no_outcome_says(self) -> None:
        later = TERMS.model_copy(update={"policy_version": "2025.2"})
        facts = (terms_noted(), terms_noted(attempt=2, terms=later))
        for order in permutations(facts):
            state = spec.state(*order)
            assert state.terms_of(None) == later
            assert state.terms_of(decision_noted()) == TERMS


def repr_of(*facts: object) -> tuple[object, ...]:
    state = spec.state(*facts)
    return (
        state.participant_id,
        tuple(sorted(state.terms)),
        state.mentors,
        state.organisations,
        state.parts,
        tuple(sorted(state.decisions)),
        state.stops(),
        state.withdrawn_at,
    )


AT = datetime(2026, 1, 2, tzinfo=UTC)


class TestHearer:
    """Source: domain.md section 1: the appeal panel; lead moderators."""

    NOTE = NoteHearer(
        person_id="nora", role="appeal_panel", organisation_id="east-college", at=AT
    )
    NOTED = HearerNoted(
        person_id="nora",
        role="appeal_panel",
        organisation_id="east-college",
        occurred_at=AT,
    )
    MOVE = NoteEmployer(person_id="nora", organisation_id="west-college", at=AT)
    MOVED = EmployerNoted(
        person_id="nora", organisation_id="west-college", occurred_at=AT
    )

    def test_is_noted_once(self) -> None:
        people.given().when(self.NOTE).then(self.NOTED)
        people.given(self.NOTED).when(self.NOTE).then_nothing()

    def test_keeps_every_employer_as_a_bond(self) -> None:
        people.given(self.NOTED).when(self.MOVE).then(self.MOVED)
        people.given(self.NOTED, self.MOVED).when(self.MOVE).then_nothing()
        assert people.state(self.NOTED, self.MOVED) == Hearer(
            frozenset({"appeal_panel"}), frozenset({"east-college", "west-college"})
        )

    def test_is_nobody_without_a_role(self) -> None:
        people.given().when(self.MOVE).then_nothing()
