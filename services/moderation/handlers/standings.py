"""Standings: what the lead sets by hand, and what the lead sees of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.moderation.domain.plan.decide import plan
from services.moderation.domain.standing.commands import SetStanding
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.ladder import (
    Evidence,
    Ladder,
    Part,
    StandingName,
    Tier,
)
from services.moderation.handlers.applying import standing_step
from services.moderation.handlers.due import with_holds
from services.moderation.handlers.fields import STANDING_FIELD
from services.moderation.handlers.judged import HeldFor, judged_of
from services.moderation.handlers.redrawing import Redraws
from services.moderation.handlers.seeding.requiring import qualifies_first_in
from services.moderation.handlers.showing import LEAD_GRANT
from services.moderation.handlers.streams import (
    ATTEMPTS,
    plan_stream,
    standing_stream,
)
from shared.crypto import Vault
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.personal import Erased, Personal
from shared.vocabulary import Attempt, CaseId, PersonId

MAX_REASON_CHARACTERS = 2_000
"""Longest reason: about a page (P)."""


class StandingWords(BaseModel):
    """What the lead sets, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    standing: StandingName
    part: Part = "reviewer"
    reason: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=MAX_REASON_CHARACTERS
        ),
    ]


class StandingView(BaseModel):
    """Where somebody stands in one part, and how they came to."""

    person_id: PersonId
    part: Part
    standing: StandingName
    since: datetime | None
    """None while they are where everybody begins."""
    tier: Tier | None
    evidence: Evidence | None
    """The results that led to it; None when a person set it."""
    set_by: PersonId | None
    reason: str | None
    results: int
    """Judgements moderated and settled since their last probation."""
    overturned: int
    clear_in_row: int


class StandingsView(BaseModel):
    """Where everybody stands who judges in a cohort."""

    cohort_id: str
    standings: list[StandingView]


class HeldCase(BaseModel):
    """A judged case that no release takes along, and why."""

    case_id: CaseId
    attempt: Attempt
    reviewer_id: PersonId
    waits_for: HeldFor
    """To be moderated or judged again, or for other work of the same reviewer."""


class HeldView(BaseModel):
    """What is held in a cohort, and where those stand who judged it."""

    cohort_id: str
    held: list[HeldCase]
    reviewers: list[StandingView]


@dataclass(frozen=True, slots=True)
class Standings:
    """What the lead decides about standings, and sees of them."""

    handling: Handling
    vault: Vault

    async def set(
        self,
        person_id: str,
        words: StandingWords,
        *,
        by: str,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Look at somebody's judgements more or less closely.

        Raises:
            NotALeadError, OwnStandingError, ProbationFirstError,
            QualificationFirstError.
        """
        reason = await self.vault.seal(by, words.reason, field=STANDING_FIELD)

        async def build(loader: Loader) -> tuple[Step, ...]:
            asker = await loader.state(standing, standing_stream(by))
            redraws = Redraws(loader, self.vault)
            command = SetStanding(
                person_id=person_id,
                part=words.part,
                standing=words.standing,
                reason=reason,
                by=by,
                is_by_lead="lead_moderator" in asker.roles,
                qualify_in=await self._qualify_in(redraws, person_id, words),
                at=at,
            )
            step = await standing_step(redraws, command)
            return await with_holds(loader, (step, *redraws.steps))

        return await self.handling.plan(cause, build)

    async def _qualify_in(
        self, redraws: Redraws, person_id: str, words: StandingWords
    ) -> str | None:
        if words.part != "reviewer" or words.standing != "probation":
            return None
        return await qualifies_first_in(redraws, person_id)

    async def of_cohort(
        self, cohort_id: str, *, with_reasons: bool = True
    ) -> StandingsView:
        """Return where each reviewer of a cohort stands, in order of arrival."""
        _, cohort = await self.handling.fold(plan, plan_stream(cohort_id))
        found = [
            await self.of(person_id, "reviewer", with_reason=with_reasons)
            for person_id in cohort.reviewers
        ]
        return StandingsView(cohort_id=cohort_id, standings=found)

    async def held(self, cohort_id: str, *, with_reasons: bool = True) -> HeldView:
        """Return what no release of a cohort takes along, and why."""

        async def fold(decider: Any, stream: str) -> Any:
            return (await self.handling.fold(decider, stream))[1]

        found = await judged_of(fold, cohort_id, ATTEMPTS)
        reviewers = dict.fromkeys(each.reviewer_id for each in found.held)
        return HeldView(
            cohort_id=cohort_id,
            held=[
                HeldCase(
                    case_id=each.case_id,
                    attempt=each.attempt,
                    reviewer_id=each.reviewer_id,
                    waits_for=found.held_for(each),
                )
                for each in found.held
            ],
            reviewers=[
                await self.of(each, "reviewer", with_reason=with_reasons)
                for each in reviewers
            ],
        )

    async def of(
        self, person_id: str, part: Part, *, with_reason: bool = True
    ) -> StandingView:
        """Return where somebody stands: on probation when nothing is known."""
        _, state = await self.handling.fold(standing, standing_stream(person_id))
        ladder = state.ladder(part)
        reason = ladder.last.reason if ladder.last and with_reason else None
        return _view(person_id, part, ladder, await self._open(reason))

    async def _open(self, envelope: Personal[str] | None) -> str | None:
        if envelope is None:
            return None
        text = await self.vault.open(
            envelope, str, field=STANDING_FIELD, grant=LEAD_GRANT
        )
        return None if isinstance(text, Erased) else text


def _view(
    person_id: str, part: Part, ladder: Ladder, reason: str | None
) -> StandingView:
    last = ladder.last
    return StandingView(
        person_id=person_id,
        part=part,
        standing=ladder.standing,
        since=last.at if last else None,
        tier=last.tier if last else None,
        evidence=last.evidence if last else None,
        set_by=last.set_by if last else None,
        reason=reason,
        results=len(ladder.judgements),
        overturned=ladder.overturned,
        clear_in_row=ladder.clear_in_row,
    )
