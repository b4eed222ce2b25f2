"""What can happen to somebody's standing, as a moderator or as a reviewer."""

import operator
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.moderation.domain.standing.ladder import (
    Evidence,
    Part,
    StandingName,
    Tier,
)
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Attempt, CaseId, CohortId, OrganisationId, PersonId

ModeratorRole: TypeAlias = Literal["moderator", "lead_moderator"]
NotedRole: TypeAlias = ModeratorRole | Literal["auditor", "operations"]
"""All but the first may read what others judged before it is released."""


class AppointmentNoted(Fact):
    """The directory says that this person may act in this role."""

    type: Literal["moderation.AppointmentNoted"] = "moderation.AppointmentNoted"
    person_id: PersonId
    role: NotedRole
    organisation_id: OrganisationId | None
    granted_at: AwareDatetime | None = Field(default=None, exclude_if=operator.not_)
    """When the directory said so; None in facts from before that was told."""


class EmployerNoted(Fact):
    """A moderator or reviewer works for this organisation from now on."""

    type: Literal["moderation.EmployerNoted"] = "moderation.EmployerNoted"
    person_id: PersonId
    organisation_id: OrganisationId


class MenteeNoted(Fact):
    """This person supports a participant, and may never judge them."""

    type: Literal["moderation.MenteeNoted"] = "moderation.MenteeNoted"
    person_id: PersonId
    participant_id: PersonId
    case_id: CaseId
    """The case in which they were nominated; it holds for every case."""


class HearingNoted(Fact):
    """This person hears an appeal about a case, and judges nothing of it."""

    type: Literal["moderation.HearingNoted"] = "moderation.HearingNoted"
    person_id: PersonId
    case_id: CaseId


class MarksRead(Fact):
    """This person has read for another role how a portfolio was judged.

    They judge it no more, should it ever be wanted afresh.
    """

    type: Literal["moderation.MarksRead"] = "moderation.MarksRead"
    person_id: PersonId
    case_id: CaseId
    attempt: Attempt


class CohortJoined(Fact):
    """Somebody judges in this cohort: what they stand for holds for its draws, too."""

    type: Literal["moderation.CohortJoined"] = "moderation.CohortJoined"
    person_id: PersonId
    cohort_id: CohortId


class StoodDown(Fact):
    """They judge nothing of this cohort blind any more, and may read what others do."""

    type: Literal["moderation.StoodDown"] = "moderation.StoodDown"
    person_id: PersonId
    cohort_id: CohortId


class ResultWeighed(Fact):
    """A judgement of theirs was moderated and settled: it counts for their standing."""

    type: Literal["moderation.ResultWeighed"] = "moderation.ResultWeighed"
    person_id: PersonId
    part: Part = "reviewer"
    judgement_id: UUID
    cohort_id: CohortId
    level_difference: int
    """Theirs minus the first moderator's, signed, summed over the criteria."""
    is_overturned: bool
    """Another outcome stands."""
    is_clear: bool
    """Neither overturned nor returned."""
    precedes_probation: bool = Field(default=False, exclude_if=operator.not_)
    """Judged before the probation after their last pause: it says nothing of how they
    judge since. Never in facts from before that was looked at."""


class StandingChanged(Fact):
    """Somebody's judgements are looked at more or less closely from now on."""

    type: Literal["moderation.StandingChanged"] = "moderation.StandingChanged"
    person_id: PersonId
    part: Part = "reviewer"
    was: StandingName
    standing: StandingName
    tier: Tier
    cohort_id: CohortId | None
    """In which the result came that led to it, or in which they have to qualify, or
    have; None when a person set it."""
    evidence: Evidence | None
    """None when a person set it: they say why; and where somebody qualifies: the course
    says it."""
    set_by: PersonId | None = None
    reason: Personal[str] | None = None
    """Why, when a person set it; under that person's key."""


LadderEvent: TypeAlias = ResultWeighed | StandingChanged

StandingEvent: TypeAlias = (
    AppointmentNoted
    | EmployerNoted
    | MenteeNoted
    | HearingNoted
    | MarksRead
    | CohortJoined
    | StoodDown
    | LadderEvent
)
