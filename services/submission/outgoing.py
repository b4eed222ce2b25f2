"""Which private facts of submission become public, and as what. Pure."""

from services.submission.domain.events import Submitted
from services.submission.domain.person.events import PersonRegistered, RoleGranted
from shared.contracts import submission as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    People leave as opaque ids: names, addresses and reasons for extensions stay here.
    """
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
        case Submitted():
            return _submitted(fact)
        case _:
            return None


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
        snapshot_sha256=fact.snapshot_sha256,
        snapshot_path=fact.snapshot_path,
        submitted_at=fact.submitted_at,
        review_opens_at=fact.review_opens_at,
    )
