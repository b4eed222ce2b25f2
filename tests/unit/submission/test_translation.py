"""What goes out, what is listed, and what things are called: pure translation."""

from uuid import UUID

import pytest

from services.submission.domain.events import SubmissionFact
from services.submission.domain.person.events import OrganisationStated, RoleGranted
from services.submission.handlers.naming import (
    OrganisationNameError,
    case_id_of,
    organisation_id_of,
    person_id_of,
)
from services.submission.outgoing import to_public
from services.submission.read_models.cases import CaseRow, follow_case
from services.submission.read_models.cohorts import follow_cohort
from services.submission.read_models.people import PersonRow, follow_person
from shared.contracts import submission as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent
from tests.unit.submission.examples import (
    AT,
    DEADLINE,
    attached,
    claimed,
    enrolled,
    extended,
    mentor_nominated,
    opened,
    registered,
    saved,
    submitted,
)
from tests.unit.submission.lives import (
    EVERY_KIND,
    RUNS_UNTIL,
    WITH_REVIEWERS,
    adjustment_agreed,
    adjustment_asked,
    adjustment_declined,
    application,
    award_noted,
    eligibility,
    lapsed,
    noted,
    paid,
    reminder,
    restart,
    window,
    withdrawn,
)
from tests.unit.submission.lives import asked as query
from tests.unit.submission.portfolios import (
    EXPIRES,
    asked,
    asked_mentor,
    rated,
    received,
    received_statement,
)
from tests.unit.submission.test_cohort import moved


def stored(stream: str = "case-case-1") -> StoredEvent:
    return StoredEvent(
        position=1,
        event_id=UUID(int=1),
        stream=stream,
        category=stream.partition("-")[0],
        version=1,
        type="",
        schema_version=1,
        payload=b"{}",
        metadata=b"{}",
        occurred_at=AT,
        recorded_at=AT,
        leaf=b"",
        chain=b"",
    )


class TestToPublic:
    def test_tells_of_a_person_only_id_and_organisation(self) -> None:
        """Source: domain.md section 4, the one private/public rule."""
        assert to_public(registered(), stored()) == public.PersonRegistered(
            person_id="ana", organisation_id="north-college"
        )

    def test_tells_a_role_with_the_organisation(self) -> None:
        """Source: domain.md section 4."""
        fact = RoleGranted(
            person_id="rita",
            role="reviewer",
            organisation_id="south-college",
            occurred_at=AT,
        )
        assert to_public(fact, stored()) == public.RoleGranted(
            person_id="rita", role="reviewer", organisation_id="south-college"
        )

    def test_tells_a_submission_with_the_time_review_opens(self) -> None:
        """Source: S2 4.4."""
        message = to_public(submitted(mentor_id="ben", adjusted=True), stored())
        assert isinstance(message, public.Submitted)
        assert (message.key, message.mentor_id, message.adjusted) == (
            "case-1",
            "ben",
            True,
        )
        assert message.review_opens_at == submitted().review_opens_at

    def test_tells_that_somebody_is_asked_but_not_who(self) -> None:
        """Source: domain.md section 4, the one private/public rule; S0."""
        feedback = to_public(asked("lena", contribution="learner"), stored())
        assert feedback == public.FeedbackRequested(
            case_id="case-1",
            request_id="r-lena",
            contribution="learner",
            expires_at=EXPIRES,
        )
        statement = to_public(asked_mentor(), stored())
        assert isinstance(statement, public.StatementRequested)
        assert "ben" not in statement.model_dump_json().replace("r-ben", "")

    def test_tells_who_takes_part_and_under_which_versions(self) -> None:
        """Source: domain.md section 2: every case pins its versions."""
        fact = enrolled()
        assert to_public(fact, stored()) == public.Enrolled(
            case_id=fact.case_id,
            participant_id=fact.person_id,
            cohort_id=fact.cohort_id,
            organisation_id=fact.organisation_id,
            programme=fact.programme,
            programme_version=fact.programme_version,
            policy_version=fact.policy_version,
        )

    @pytest.mark.parametrize(
        "fact",
        [
            received(),
            received_statement(),
            rated(),
            saved(),
            attached(),
            extended(),
            claimed(),
            opened(),
        ],
        ids=lambda fact: fact.type,
    )
    def test_keeps_everything_else_private(self, fact: SubmissionFact) -> None:
        """Source: domain.md section 4: adjustment details are never public."""
        assert to_public(fact, stored()) is None


PUBLISHED: dict[str, tuple[Fact, Message]] = {
    "a mentor who is nominated": (
        mentor_nominated(),
        public.MentorNominated(case_id="case-1", participant_id="ana", mentor_id="ben"),
    ),
    "a change of employer": (
        OrganisationStated(person_id="ana", organisation_id="south", occurred_at=AT),
        public.OrganisationStated(person_id="ana", organisation_id="south"),
    ),
    "a reminder": (
        reminder(AT),
        public.ReminderDue(
            case_id="case-1",
            participant_id="ana",
            about="submission",
            closes_on=DEADLINE,
            days_left=14,
        ),
    ),
    "a withdrawal": (
        withdrawn(),
        public.Withdrawn(case_id="case-1", withdrawn_at=AT),
    ),
    "a missed window": (
        lapsed(AT),
        public.ResubmissionLapsed(case_id="case-1", closed_on=RUNS_UNTIL),
    ),
    "a restart": (
        restart(),
        public.RestartRequired(
            case_id="case-1",
            participant_id="ana",
            programme="ATS",
            programme_version="2025.1",
            policy_version="2025.1",
            reason="resubmission_late",
        ),
    ),
}
"""Facts that others need, and how they leave."""


class TestLife:
    @pytest.mark.parametrize(("fact", "message"), PUBLISHED.values(), ids=PUBLISHED)
    def test_is_told_by_opaque_ids(self, fact: Fact, message: Message) -> None:
        """Source: domain.md section 4."""
        assert to_public(fact, stored()) == message

    def test_stays_private_where_nobody_needs_it(self) -> None:
        """Source: domain.md section 4: adjustment details are never public."""
        told = {
            fact.type  # type: ignore[attr-defined]
            for fact in EVERY_KIND
            if to_public(fact, stored()) is not None
        }
        assert {name.removeprefix("submission.") for name in told} == {
            "MentorAppointed",
            "ReminderDue",
            "ResubmissionLapsed",
            "ResubmissionOpened",
            "RestartRequired",
            "ReviewDelayed",
            "Withdrawn",
        }


class TestStates:
    @pytest.mark.parametrize(
        ("history", "state"),
        [
            ((application(),), "applied"),
            ((application(), eligibility()), "eligible"),
            (
                (application(), eligibility(decision="refused", reason="experience")),
                "refused",
            ),
            (WITH_REVIEWERS, "submitted"),
            ((*WITH_REVIEWERS, noted(outcome="CM")), "criteria_met"),
            ((*WITH_REVIEWERS, noted(), window()), "resubmission"),
            (
                (*WITH_REVIEWERS, noted(), window(), lapsed(AT), restart()),
                "restart_required",
            ),
            ((*WITH_REVIEWERS, noted(outcome="CM"), award_noted()), "awarded"),
            ((*WITH_REVIEWERS, withdrawn()), "withdrawn"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_are_those_of_a_case_s_life(
        self, history: tuple[SubmissionFact, ...], state: str
    ) -> None:
        """Source: domain.md section 3."""
        assert row_after(*history).state == state


def row_after(*facts: SubmissionFact) -> CaseRow:
    row: CaseRow | None = None
    for fact in facts:
        row = follow_case(row, fact, stored())
    assert row is not None
    return row


class TestFollowCase:
    def test_goes_from_enrolled_over_open_to_submitted(self) -> None:
        """Source: domain.md section 3."""
        states = [
            row_after(enrolled()).state,
            row_after(enrolled(), saved()).state,
            row_after(enrolled(), saved(), submitted()).state,
        ]
        assert states == ["enrolled", "open", "submitted"]

    def test_counts_words_and_files_once(self) -> None:
        row = row_after(
            enrolled(), saved(), saved(words=5), attached(), attached(path="again")
        )
        assert row.sections == {"introduction": 5}
        assert row.files == ["plan"]

    def test_tells_mentor_and_own_deadline(self) -> None:
        nominated = mentor_nominated()
        row = row_after(enrolled(), nominated, extended())
        assert row.mentor_id == "ben"
        assert row.own_deadline == extended().deadline


class TestWaiting:
    """Source: domain.md section 1 (operations: adjustments, queries, mentors)."""

    @pytest.mark.parametrize(
        ("history", "waiting"),
        [
            ((application(),), ["eligibility"]),
            ((application(), eligibility()), []),
            ((enrolled(), query()), ["query q1"]),
            ((enrolled(), query(by="office")), []),
            ((enrolled(), adjustment_asked(), query()), ["adjustment a1", "query q1"]),
            ((enrolled(), adjustment_asked(), adjustment_agreed()), []),
            ((enrolled(), adjustment_asked(), adjustment_declined()), []),
            ((*WITH_REVIEWERS, restart()), ["fee"]),
            ((*WITH_REVIEWERS, restart(), paid()), []),
            ((enrolled(), query(), withdrawn()), []),
        ],
    )
    def test_is_what_the_office_was_asked_and_has_not_answered(
        self, history: tuple[SubmissionFact, ...], waiting: list[str]
    ) -> None:
        assert row_after(*history).waiting == waiting


class TestFollowCohort:
    def test_tells_the_deadline_in_force(self) -> None:
        later = extended().deadline
        row = follow_cohort(
            follow_cohort(None, opened(), stored()), moved(later), stored()
        )
        assert row is not None
        assert row.deadline == later


class TestFollowPerson:
    def test_tells_organisation_and_roles(self) -> None:
        row: PersonRow | None = None
        for fact in (
            registered(organisation_id=None),
            OrganisationStated(
                person_id="ana", organisation_id="north-college", occurred_at=AT
            ),
            RoleGranted(
                person_id="ana", role="mentor", organisation_id=None, occurred_at=AT
            ),
        ):
            row = follow_person(row, fact, stored("person-ana"))
        assert row is not None
        assert (row.organisation_id, row.roles) == ("north-college", ["mentor"])


class TestOrganisationIdOf:
    @pytest.mark.parametrize(
        ("name", "organisation_id"),
        [
            ("Aldermere College", "aldermere-college"),
            ("  ALDERMERE   college. ", "aldermere-college"),
            ("Coleg Sir Gâr", "coleg-sir-gar"),
            ("aldermere-college", "aldermere-college"),
            ("x" * 80, "x" * 64),
        ],
    )
    def test_is_one_for_every_spelling(self, name: str, organisation_id: str) -> None:
        """Source: domain.md section 1: independence compares organisations."""
        assert organisation_id_of(name) == organisation_id
        assert organisation_id_of(organisation_id) == organisation_id

    def test_refuses_a_name_without_letters(self) -> None:
        with pytest.raises(OrganisationNameError):
            organisation_id_of("---")


class TestDerivedIds:
    def test_name_one_case_for_a_person_and_a_cohort(self) -> None:
        """Source: architecture.md, "Identities"."""
        assert case_id_of("ats-2025-10", "ana") == case_id_of("ats-2025-10", "ana")
        assert case_id_of("ats-2025-10", "ana") != case_id_of("ats-2026-10", "ana")
        assert case_id_of("ats-2025-10", "ana") != case_id_of("ats-2025-10", "ben")

    def test_tell_nothing_of_the_address(self) -> None:
        assert person_id_of("3" * 64).startswith("p")
        assert len(person_id_of("3" * 64)) == 21
