"""Applying, being found eligible, taking part: one person, one place at a time."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.submission.domain.commands import AppointMentor, AskForMentor
from services.submission.domain.decide import case
from services.submission.domain.enrolling import (
    AlreadyEnrolledError,
    ApplicationClosedError,
    ApplicationIncompleteError,
    ApplicationNeededError,
    ApplicationUnknownError,
    EligibilityDecidedError,
    NotEligibleError,
    ReasonUnknownError,
)
from services.submission.domain.events import MentorAppointed, MentorAsked
from services.submission.domain.mentoring import (
    MentorKnownError,
    MentorNotAskedForError,
    MentorNotOfferedError,
    OwnMentorError,
)
from services.submission.domain.places import ElsewhereError, FeeDueError, place_for
from services.submission.domain.submitting import CaseEndedError
from tests.support.specification import Scenario
from tests.unit.submission.examples import AT, enrol, enrolled, mentor_nominated
from tests.unit.submission.lives import (
    WITH_REVIEWERS,
    application,
    apply,
    award_noted,
    decide_eligibility,
    eligibility,
    paid,
    restart,
    withdrawn,
)

spec = Scenario(case)
REFUSAL = {"decision": "refused", "reason": "experience"}
ASK = AskForMentor(is_offered=True, asked_by="ana", at=AT)
APPOINT = AppointMentor(mentor_id="ben", appointed_by="olga", at=AT)
ASKED = MentorAsked(asked_by="ana", occurred_at=AT)
APPOINTED = MentorAppointed(
    case_id="case-1",
    participant_id="ana",
    mentor_id="ben",
    appointed_by="olga",
    occurred_at=AT,
)


class TestApply:
    def test_takes_the_form_in(self) -> None:
        """Source: S0 (an application form goes to a panel)."""
        spec.given().when(apply()).then(application())

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(application()).when(apply()).then_nothing()

    @pytest.mark.parametrize(
        "at",
        [
            datetime(2025, 5, 31, 22, 59, tzinfo=UTC),  # still 31 May in London
            datetime(2025, 7, 1, 23, 0, tzinfo=UTC),  # 2 July in London
        ],
        ids=["a minute early", "the instant the last day ended"],
    )
    def test_is_refused_outside_the_months_before_the_start(self, at: datetime) -> None:
        """Source: S0 (application 3-4 months before the programme starts)."""
        refused = spec.given().when(apply(at=at)).then_refused(ApplicationClosedError)
        assert refused.context == {"opens_on": "2025-06-01", "closes_on": "2025-07-01"}

    @pytest.mark.parametrize(
        "answered", [("experience",), ("experience", "holds-qtls", "shoe-size")]
    )
    def test_is_refused_unless_it_answers_what_the_programme_asks(
        self, answered: tuple[str, ...]
    ) -> None:
        """Source: S0 (qualification, years, role)."""
        spec.given().when(apply(answered=answered)).then_refused(
            ApplicationIncompleteError
        )

    def test_is_refused_for_who_takes_part_already(self) -> None:
        """Source: domain.md section 3."""
        spec.given(enrolled()).when(apply()).then_refused(AlreadyEnrolledError)


class TestDecideEligibility:
    def test_finds_somebody_eligible(self) -> None:
        """Source: S0 (received, eligible, refused with reason are facts)."""
        spec.given(application()).when(decide_eligibility()).then(eligibility())

    def test_refuses_somebody_with_the_requirement_that_is_not_met(self) -> None:
        """Source: S0 (refused with reason)."""
        spec.given(application()).when(decide_eligibility(**REFUSAL)).then(
            eligibility(**REFUSAL)
        )

    @pytest.mark.parametrize(
        "said",
        [
            {"decision": "refused", "reason": None},
            {"decision": "refused", "reason": "shoe-size"},
            {"decision": "eligible", "reason": "experience"},
        ],
    )
    def test_names_a_reason_for_a_refusal_alone(self, said: dict[str, str]) -> None:
        """Source: S0 (refused with reason)."""
        spec.given(application()).when(decide_eligibility(**said)).then_refused(
            ReasonUnknownError
        )

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(application(), eligibility()).when(
            decide_eligibility()
        ).then_nothing()

    def test_is_not_taken_back(self) -> None:
        """Source: P: who was told the one cannot be told the other."""
        spec.given(application(), eligibility()).when(
            decide_eligibility(**REFUSAL)
        ).then_refused(EligibilityDecidedError)

    def test_needs_an_application(self) -> None:
        spec.given().when(decide_eligibility()).then_refused(ApplicationUnknownError)


class TestEnrol:
    def test_follows_an_application_that_was_found_eligible(self) -> None:
        """Source: S0."""
        spec.given(application(), eligibility()).when(
            enrol(needs_application=True)
        ).then(enrolled(entry="application"))

    def test_is_refused_without_an_application_where_one_is_asked(self) -> None:
        """Source: S0."""
        spec.given().when(enrol(needs_application=True)).then_refused(
            ApplicationNeededError
        )

    @pytest.mark.parametrize(
        "history",
        [(application(),), (application(), eligibility(**REFUSAL))],
        ids=["undecided", "refused"],
    )
    def test_is_refused_until_the_panel_says_eligible(
        self, history: tuple[object, ...]
    ) -> None:
        """Source: S0 (a panel decides eligibility)."""
        spec.given(*history).when(enrol(needs_application=True)).then_refused(
            NotEligibleError
        )

    def test_by_the_office_without_an_application_is_recorded_as_such(self) -> None:
        """Source: P: a cohort may be imported; nobody can mistake it for eligible."""
        spec.given().when(enrol(needs_application=True, by_office=True)).then(
            enrolled(entry="office")
        )

    def test_needs_nothing_else_where_no_application_is_asked(self) -> None:
        """Source: S2 (QTLS)."""
        spec.given().when(enrol()).then(enrolled(entry="open"))

    def test_of_a_restart_names_the_case_it_continues(self) -> None:
        """Source: S2 6.2.3."""
        spec.given().when(enrol(needs_application=True, restart_of="case-0")).then(
            enrolled(entry="restart", restart_of="case-0")
        )

    def test_is_refused_after_the_application_was_withdrawn(self) -> None:
        """Source: domain.md section 4."""
        spec.given(application(), withdrawn()).when(enrol()).then_refused(
            CaseEndedError
        )


class TestPlaces:
    """Source: domain.md section 1: a case is one enrolment; somebody is in one."""

    def test_let_somebody_new_in(self) -> None:
        assert place_for("ATS", {}) is None

    def test_refuse_somebody_who_takes_part_elsewhere(self) -> None:
        for history in ((enrolled(),), WITH_REVIEWERS):
            with pytest.raises(ElsewhereError):
                place_for("QTLS", {"case-1": spec.state(*history)})

    @pytest.mark.parametrize("end", [withdrawn(), award_noted()])
    def test_are_free_again_once_the_other_case_has_ended(self, end: object) -> None:
        state = spec.state(*WITH_REVIEWERS, end)
        assert place_for("ATS", {"case-1": state}) is None

    def test_ask_for_the_fee_before_a_restart(self) -> None:
        """Source: S2 6.2.3 (administration fee)."""
        with pytest.raises(FeeDueError):
            place_for("ATS", {"case-1": spec.state(*WITH_REVIEWERS, restart())})

    def test_link_a_restart_that_is_paid_for(self) -> None:
        """Source: S2 6.2.3."""
        state = spec.state(*WITH_REVIEWERS, restart(), paid())
        assert place_for("ATS", {"case-1": state}) == "case-1"

    def test_link_nothing_in_another_programme(self) -> None:
        """Source: P: the fee belongs to the programme that has to be restarted."""
        state = spec.state(*WITH_REVIEWERS, restart())
        assert place_for("QTLS", {"case-1": state}) is None

    def test_count_no_application_elsewhere(self) -> None:
        assert place_for("ATS", {"case-1": spec.state(application())}) is None


class TestAskForMentor:
    def test_asks_the_programme(self) -> None:
        """Source: S1, S2 6.1.3."""
        spec.given(enrolled()).when(ASK).then(ASKED)

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(enrolled(), ASKED).when(ASK).then_nothing()

    def test_is_refused_where_the_programme_appoints_nobody(self) -> None:
        """Source: S2 (a supporter is appointed by the participant)."""
        spec.given(enrolled()).when(replace(ASK, is_offered=False)).then_refused(
            MentorNotOfferedError
        )

    def test_is_refused_to_who_has_a_mentor(self) -> None:
        spec.given(enrolled(), mentor_nominated()).when(ASK).then_refused(
            MentorKnownError
        )


class TestAppointMentor:
    def test_appoints_somebody_for_who_asked(self) -> None:
        """Source: S1 (SET appoints a mentor on request)."""
        spec.given(enrolled(), ASKED).when(APPOINT).then(APPOINTED)
        assert spec.state(enrolled(), ASKED, APPOINTED).mentor_id == "ben"

    def test_is_refused_for_who_did_not_ask(self) -> None:
        """Source: S1 (on request)."""
        spec.given(enrolled()).when(APPOINT).then_refused(MentorNotAskedForError)

    def test_never_appoints_the_participant(self) -> None:
        """Source: domain.md section 1."""
        spec.given(enrolled(), ASKED).when(
            replace(APPOINT, mentor_id="ana")
        ).then_refused(OwnMentorError)

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(enrolled(), ASKED, APPOINTED).when(APPOINT).then_nothing()
