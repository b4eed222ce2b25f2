"""Which private facts of submission become public, and as what. Pure."""

from services.submission.domain.events import (
    Enrolled,
    FeedbackRequested,
    MentorAppointed,
    MentorNominated,
    ReminderDue,
    RestartRequired,
    ResubmissionLapsed,
    ResubmissionOpened,
    ReviewDelayed,
    StatementRequested,
    Submitted,
    Withdrawn,
)
from services.submission.domain.person.events import (
    OrganisationStated,
    PersonRegistered,
    RoleGranted,
)
from shared.contracts import submission as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, event: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    People leave as opaque ids: names, addresses and reasons for extensions stay here.
    """
    match fact:
        case Enrolled():
            return _enrolled(fact)
        case MentorNominated() | MentorAppointed():
            return public.MentorNominated(
                case_id=fact.case_id,
                participant_id=fact.participant_id,
                mentor_id=fact.mentor_id,
            )
        case Submitted():
            return _submitted(fact)
        case FeedbackRequested() | StatementRequested():
            return _asked_for(fact, event.stream.removeprefix("case-"))
        case _:
            return _known(fact) or _dated(fact) or _followed(fact)


def _known(fact: Fact) -> Message | None:
    match fact:
        case PersonRegistered():
            return public.PersonRegistered(
                person_id=fact.person_id, organisation_id=fact.organisation_id
            )
        case RoleGranted():
            return public.RoleGranted(
                person_id=fact.person_id,
                role=fact.role,
                organisation_id=fact.organisation_id,
            )
        case OrganisationStated():
            return public.OrganisationStated(
                person_id=fact.person_id, organisation_id=fact.organisation_id
            )
        case _:
            return None


def _asked_for(
    fact: FeedbackRequested | StatementRequested, case_id: str
) -> public.FeedbackRequested | public.StatementRequested:
    """Return that somebody is asked: who it is, the letter's sender asks for itself."""
    is_feedback = isinstance(fact, FeedbackRequested)
    kind = public.FeedbackRequested if is_feedback else public.StatementRequested
    return kind(
        case_id=case_id,
        request_id=fact.request_id,
        contribution=fact.contribution,
        expires_at=fact.expires_at,
    )


def _dated(fact: Fact) -> Message | None:
    match fact:
        case ReviewDelayed():
            return public.DeadlineMoved(
                case_id=fact.case_id,
                attempt=fact.attempt,
                review_opens_at=fact.review_opens_at,
            )
        case ReminderDue():
            return public.ReminderDue(
                case_id=fact.case_id,
                participant_id=fact.participant_id,
                about=fact.about,
                closes_on=fact.closes_on,
                days_left=fact.days_left,
            )
        case _:
            return None


def _followed(fact: Fact) -> Message | None:
    match fact:
        case ResubmissionOpened():
            return _reopened(fact)
        case ResubmissionLapsed():
            return public.ResubmissionLapsed(
                case_id=fact.case_id, closed_on=fact.closed_on
            )
        case RestartRequired():
            return _restart(fact)
        case Withdrawn():
            return public.Withdrawn(case_id=fact.case_id, withdrawn_at=fact.occurred_at)
        case _:
            return None


def _reopened(fact: ResubmissionOpened) -> public.ResubmissionOpened:
    return public.ResubmissionOpened(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        cohort_id=fact.cohort_id,
        programme=fact.programme,
        programme_version=fact.programme_version,
        policy_version=fact.policy_version,
        closes_on=fact.closes_on,
        outcome_released_at=fact.outcome_released_at,
        feedback=fact.feedback,
    )


def _restart(fact: RestartRequired) -> public.RestartRequired:
    return public.RestartRequired(
        case_id=fact.case_id,
        participant_id=fact.participant_id,
        programme=fact.programme,
        programme_version=fact.programme_version,
        policy_version=fact.policy_version,
        reason=fact.reason,
        outcome_released_at=fact.outcome_released_at,
        feedback=fact.feedback,
    )


def _enrolled(fact: Enrolled) -> public.Enrolled:
    return public.Enrolled(
        case_id=fact.case_id,
        participant_id=fact.person_id,
        cohort_id=fact.cohort_id,
        organisation_id=fact.organisation_id,
        programme=fact.programme,
        programme_version=fact.programme_version,
        policy_version=fact.policy_version,
    )


def _submitted(fact: Submitted) -> public.Submitted:
    return public.Submitted(
        case_id=fact.case_id,
        cohort_id=fact.cohort_id,
        attempt=fact.attempt,
        person_id=fact.person_id,
        organisation_id=fact.organisation_id,
        mentor_id=fact.mentor_id,
        programme=fact.programme,
        programme_version=fact.programme_version,
        policy_version=fact.policy_version,
        template=fact.template,
        role_context=fact.role_context,
        adjusted=fact.adjusted,
        fairness=fact.fairness,
        snapshot_sha256=fact.snapshot_sha256,
        snapshot_path=fact.snapshot_path,
        submitted_at=fact.submitted_at,
        review_opens_at=fact.review_opens_at,
    )
