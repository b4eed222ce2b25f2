"""Ready-made facts and commands of submission; a test says only what it is about."""

from datetime import UTC, date, datetime
from typing import Any

from services.submission.domain.address.events import AddressClaimed
from services.submission.domain.cohort.commands import OpenCohort
from services.submission.domain.cohort.events import CohortOpened
from services.submission.domain.commands import (
    AttachEvidence,
    Enrol,
    MoveDeadline,
    SaveSection,
    Submit,
)
from services.submission.domain.events import (
    DeadlineMoved,
    Enrolled,
    EvidenceAttached,
    MentorNominated,
    SectionSaved,
    Submitted,
)
from services.submission.domain.person.commands import RegisterPerson
from services.submission.domain.person.events import PersonRegistered
from shared.contracts.programme import Template
from shared.personal import Personal

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
STARTS_ON = date(2025, 10, 1)
DEADLINE = date(2026, 3, 31)
PORTFOLIO = "a" * 64
OTHER_PORTFOLIO = "b" * 64

TEMPLATE = Template.model_validate(
    {
        "code": "workbook",
        "title": "Workbook",
        "source": "S1",
        "layout": "document",
        "sections": [
            {
                "key": "introduction",
                "title": "Introduction",
                "guidance": "Say who you are.",
                "kind": "prose",
            },
            {
                "key": "action-plan",
                "title": "Final action plan",
                "guidance": "Say what comes next.",
                "kind": "prose",
            },
            {
                "key": "diary",
                "title": "Diary",
                "guidance": "As you wrote it then.",
                "kind": "prose",
                "required": False,
            },
        ],
    }
)


def sealed(text: str, subject: str = "ana") -> Personal[str]:
    """Return an envelope; tests of rules never open one."""
    return Personal[str](subject=subject, key="k", nonce="n", ciphertext=text)


def enrol(**changes: Any) -> Enrol:
    asked: dict[str, Any] = {
        "case_id": "case-1",
        "person_id": "ana",
        "cohort_id": "ats-2025-10",
        "organisation_id": "north-college",
        "programme": "ATS",
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "at": AT,
    }
    return Enrol(**asked | changes)


def enrolled(**changes: Any) -> Enrolled:
    happened: dict[str, Any] = {
        "case_id": "case-1",
        "person_id": "ana",
        "cohort_id": "ats-2025-10",
        "organisation_id": "north-college",
        "programme": "ATS",
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "occurred_at": AT,
    }
    return Enrolled(**happened | changes)


def mentor_nominated(mentor_id: str = "ben") -> MentorNominated:
    return MentorNominated(
        case_id="case-1", participant_id="ana", mentor_id=mentor_id, occurred_at=AT
    )


def save(**changes: Any) -> SaveSection:
    asked: dict[str, Any] = {
        "key": "introduction",
        "words": 300,
        "pictures": 0,
        "content_hash": "1" * 64,
        "path": "ana/1",
        "at": AT,
    }
    return SaveSection(**asked | changes)


def saved(**changes: Any) -> SectionSaved:
    happened: dict[str, Any] = {
        "key": "introduction",
        "words": 300,
        "pictures": 0,
        "content_hash": "1" * 64,
        "path": "ana/1",
        "occurred_at": AT,
    }
    return SectionSaved(**happened | changes)


def attach(**changes: Any) -> AttachEvidence:
    asked: dict[str, Any] = {
        "evidence_id": "plan",
        "name": sealed("plan.pdf"),
        "media_type": "application/pdf",
        "size_bytes": 4096,
        "content_hash": "2" * 64,
        "path": "ana/2",
        "at": AT,
    }
    return AttachEvidence(**asked | changes)


def attached(**changes: Any) -> EvidenceAttached:
    happened: dict[str, Any] = {
        "evidence_id": "plan",
        "name": sealed("plan.pdf"),
        "media_type": "application/pdf",
        "size_bytes": 4096,
        "content_hash": "2" * 64,
        "path": "ana/2",
        "occurred_at": AT,
    }
    return EvidenceAttached(**happened | changes)


def extend(**changes: Any) -> MoveDeadline:
    asked: dict[str, Any] = {
        "deadline": date(2026, 4, 14),
        "reason": "exceptional_circumstances",
        "role": "operations",
        "cohort_deadline": DEADLINE,
        "starts_on": STARTS_ON,
        "months_before": 1,
        "at": AT,
    }
    return MoveDeadline(**asked | changes)


def extended(**changes: Any) -> DeadlineMoved:
    happened: dict[str, Any] = {
        "deadline": date(2026, 4, 14),
        "reason": "exceptional_circumstances",
        "occurred_at": AT,
    }
    return DeadlineMoved(**happened | changes)


def submit(**changes: Any) -> Submit:
    asked: dict[str, Any] = {
        "template": TEMPLATE,
        "role_context": "developmental",
        "snapshot_sha256": PORTFOLIO,
        "snapshot_path": "ana/3",
        "cohort_deadline": DEADLINE,
        "at": AT,
    }
    return Submit(**asked | changes)


def submitted(**changes: Any) -> Submitted:
    happened: dict[str, Any] = {
        "case_id": "case-1",
        "person_id": "ana",
        "cohort_id": "ats-2025-10",
        "organisation_id": "north-college",
        "mentor_id": None,
        "programme": "ATS",
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "attempt": 1,
        "template": "workbook",
        "role_context": "developmental",
        "adjusted": False,
        "snapshot_sha256": PORTFOLIO,
        "snapshot_path": "ana/3",
        "submitted_at": AT,
        # 31 March 2026 is in summer time, so its day ends at 23:00 UTC.
        "review_opens_at": datetime(2026, 3, 31, 23, tzinfo=UTC),
        "occurred_at": AT,
    }
    return Submitted(**happened | changes)


def register(**changes: Any) -> RegisterPerson:
    asked: dict[str, Any] = {
        "person_id": "ana",
        "organisation_id": "north-college",
        "address_hash": "3" * 64,
        "name": sealed("name"),
        "email": sealed("email"),
        "at": AT,
    }
    return RegisterPerson(**asked | changes)


def registered(**changes: Any) -> PersonRegistered:
    happened: dict[str, Any] = {
        "person_id": "ana",
        "organisation_id": "north-college",
        "address_hash": "3" * 64,
        "name": sealed("name"),
        "email": sealed("email"),
        "occurred_at": AT,
    }
    return PersonRegistered(**happened | changes)


def claimed(person_id: str = "ana") -> AddressClaimed:
    return AddressClaimed(person_id=person_id, occurred_at=AT)


def open_cohort(**changes: Any) -> OpenCohort:
    asked: dict[str, Any] = {
        "cohort_id": "ats-2025-10",
        "programme": "ATS",
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "programme_sha256": "3" * 64,
        "policy_sha256": "4" * 64,
        "starts_on": STARTS_ON,
        "deadline": DEADLINE,
        "at": AT,
    }
    return OpenCohort(**asked | changes)


def opened(**changes: Any) -> CohortOpened:
    happened: dict[str, Any] = {
        "cohort_id": "ats-2025-10",
        "programme": "ATS",
        "programme_version": "2025.1",
        "policy_version": "2025.1",
        "programme_sha256": "3" * 64,
        "policy_sha256": "4" * 64,
        "starts_on": STARTS_ON,
        "deadline": DEADLINE,
        "occurred_at": AT,
    }
    return CohortOpened(**happened | changes)
