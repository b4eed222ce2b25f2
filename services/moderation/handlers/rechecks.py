"""Moderators who are paused: what they hold goes back, what they judged is looked at.

Invariant: nobody reads where they stand as a moderator themselves, nor which of their
cases a second moderator judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.moderation.domain.commands import EndTake, OrderRecheck
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.situations import Settled, moderated
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.fields import RECHECK_FIELD
from services.moderation.handlers.standings import (
    MAX_REASON_CHARACTERS,
    Standings,
    StandingView,
)
from services.moderation.handlers.streams import (
    case_stream,
    colleague,
    draw_stream,
    plan_stream,
    standing_stream,
    stream_of,
)
from services.moderation.handlers.words import Shown
from shared.crypto import Vault
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.vocabulary import Attempt, CaseId, PersonId


class RecheckWords(BaseModel):
    """Why a settled case is judged again."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    reason: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=MAX_REASON_CHARACTERS
        ),
    ]


class JudgedByPaused(BaseModel):
    """A settled, unreleased case that a paused moderator judged."""

    case_id: CaseId
    attempt: Attempt
    moderator_id: PersonId
    recheck: Literal["second_moderator", "lead"]
    """Who would judge it again: a second moderator, or the lead where two have."""


class ModeratorsView(BaseModel):
    """Where the moderators of a cohort stand, and what the paused ones judged."""

    cohort_id: str
    moderators: list[StandingView]
    judged_by_paused: list[JudgedByPaused]


@dataclass(frozen=True, slots=True)
class Rechecks:
    """What follows for cases when a moderator is paused."""

    handling: Handling
    vault: Vault
    standings: Standings

    async def is_paused(self, person_id: str) -> bool:
        """Tell whether somebody is paused as a moderator."""
        _, found = await self.handling.fold(standing, standing_stream(person_id))
        return found.ladder("moderator").standing == "paused"

    async def end_take(
        self,
        case_id: str,
        attempt: int,
        *,
        moderator_id: str,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Take a case from a moderator who is paused."""
        command = EndTake(moderator_id=moderator_id, at=at)
        step = Step(moderation, case_stream(case_id, attempt), command)
        return await self.handling(cause, step)

    async def order(self, shown: Shown, words: RecheckWords, cause: Cause) -> Handled:
        """Have a settled case judged again that a paused moderator judged.

        Raises:
            NotSettledError, AlreadyDecidedError, NobodyPausedError, NotALeadError,
            NotIndependentError, CaseWithdrawnError.
        """
        by = shown.person_id
        reason = await self.vault.seal(by, words.reason, field=RECHECK_FIELD)

        async def build(loader: Loader) -> tuple[Step, ...]:
            stream = case_stream(shown.case_id, shown.attempt)
            last = moderated(await loader.state(moderation, stream))
            paused = set[str]()
            for each in last.blind if last else ():
                who = each.moderator_id
                stands = await loader.state(standing, standing_stream(who))
                if stands.ladder("moderator").standing == "paused":
                    paused.add(who)
            command = OrderRecheck(
                by=await colleague(loader, by),
                paused=frozenset(paused),
                reason=reason,
                at=shown.at,
            )
            return (Step(moderation, stream, command),)

        return await self.handling.plan(cause, build)

    async def of_cohort(
        self, cohort_id: str, *, reader_id: str, with_reasons: bool
    ) -> ModeratorsView:
        """Return where moderators stand, and what the paused ones judged.

        The reader's own standing is left out.
        """
        cohort = await self._fold(plan, plan_stream(cohort_id))
        views = [
            await self.standings.of(each, "moderator", with_reason=with_reasons)
            for each in cohort.moderators
            if each != reader_id
        ]
        paused = {each.person_id for each in views if each.standing == "paused"}
        judged = list[JudgedByPaused]()
        for reviewer_id in cohort.reviewers if paused else ():
            draws = await self._fold(draw, draw_stream(cohort_id, reviewer_id))
            for entry in draws.entries.values():
                if entry.is_selected:
                    case = await self._fold(moderation, stream_of(entry.judged))
                    judged += _judged_by(case, paused)
        return ModeratorsView(
            cohort_id=cohort_id, moderators=views, judged_by_paused=judged
        )

    async def _fold(self, decider: Any, stream: str) -> Any:
        return (await self.handling.fold(decider, stream))[1]


def _judged_by(case: object, paused: set[str]) -> Iterator[JudgedByPaused]:
    """Yield a case that is settled and not told, for the first paused judge of it."""
    if not isinstance(case, Settled) or case.moderated.revises is not None:
        return
    if case.is_decided_by_lead:
        return
    judges = [each.moderator_id for each in case.moderated.blind]
    for moderator_id in [each for each in judges if each in paused][:1]:
        yield JudgedByPaused(
            case_id=case.moderated.judged.case_id,
            attempt=case.moderated.judged.attempt,
            moderator_id=moderator_id,
            recheck="second_moderator" if len(judges) == 1 else "lead",
        )
