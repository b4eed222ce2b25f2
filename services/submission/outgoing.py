"""Which private facts of submission become public, and as what. Pure."""

from collections.abc import Mapping

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
from shared.carrying import carry
from shared.contracts import submission as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent

_ALIKE: Mapping[type[Fact], type[Message]] = {
    PersonRegistered: public.PersonRegistered,
    RoleGranted: public.RoleGranted,
    OrganisationStated: public.OrganisationStated,
    MentorNominated: public.MentorNominated,
    MentorAppointed: public.MentorNominated,
    ReviewDelayed: public.DeadlineMoved,
    Submitted: public.Submitted,
    ReminderDue: public.ReminderDue,
    ResubmissionOpened: public.ResubmissionOpened,
    ResubmissionLapsed: public.ResubmissionLapsed,
    RestartRequired: public.RestartRequired,
}
"""Facts whose message calls everything as they do."""


def to_public(fact: Fact, event: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    People leave as opaque ids: names, addresses and reasons for extensions stay here.
    Who is asked to write, the letter's sender asks for itself.
    """
    match fact:
        case Enrolled():
            return carry(fact, public.Enrolled, participant_id=fact.person_id)
        case FeedbackRequested():
            return carry(fact, public.FeedbackRequested, case_id=_case_id(event))
        case StatementRequested():
            return carry(fact, public.StatementRequested, case_id=_case_id(event))
        case Withdrawn():
            return carry(fact, public.Withdrawn, withdrawn_at=fact.occurred_at)
        case _:
            message = _ALIKE.get(type(fact))
            return carry(fact, message) if message else None


def _case_id(event: StoredEvent) -> str:
    return event.stream.removeprefix("case-")
