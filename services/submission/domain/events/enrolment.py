"""How somebody comes to take part, and who supports them."""

from typing import Literal

from shared.decider import Fact
from shared.vocabulary import CaseId, CohortId, OrganisationId, PersonId


class Enrolled(Fact):
    """A person takes part in a cohort, under these versions of its rules."""

    type: Literal["submission.Enrolled"] = "submission.Enrolled"
    case_id: CaseId
    person_id: PersonId
    cohort_id: CohortId
    organisation_id: OrganisationId
    programme: str
    programme_version: str
    policy_version: str


class MentorNominated(Fact):
    """Somebody supports the participant, and may never judge them."""

    type: Literal["submission.MentorNominated"] = "submission.MentorNominated"
    mentor_id: PersonId
