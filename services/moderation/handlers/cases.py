"""Taking a case, judging it blind, and deciding it."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta

from services.moderation.domain.commands import (
    HandBackCase,
    RecordBlindJudgement,
    TakeCase,
)
from services.moderation.domain.decide import moderation
from services.moderation.domain.decisions import USUAL, Asked
from services.moderation.domain.judgement import JudgedCase, Visibility
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.refusals import (
    NotOpenError,
    NotReferredError,
    RationaleMissingError,
)
from services.moderation.domain.situations import Case, moderated
from services.moderation.handlers.deciding import Deciding
from services.moderation.handlers.due import with_holds
from services.moderation.handlers.fields import RATIONALE_FIELD
from services.moderation.handlers.opening import Opening
from services.moderation.handlers.opinions import with_second_opinion
from services.moderation.handlers.redrawing import Redraws
from services.moderation.handlers.streams import case_stream, colleague, plan_stream
from services.moderation.handlers.weighing import weighing
from services.moderation.handlers.widening import follow
from services.moderation.handlers.words import VISIBLE, BlindWords, Shown
from shared.crypto import Vault
from shared.errors import ServiceError
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.ids import derived_id
from shared.personal import Personal
from shared.programmes import programme_of
from shared.vocabulary import CRITERIA


@dataclass(frozen=True, slots=True)
class Cases:
    """The write side of ``moderation-`` streams."""

    handling: Handling
    vault: Vault
    opening: Opening

    @property
    def deciding(self) -> Deciding:
        """What turns words of a decision into a command."""
        return Deciding(self.vault)

    async def take(self, shown: Shown, cause: Cause) -> Handled:
        """Hold the case, or hold it longer.

        Raises:
            NotOpenError, HeldByAnotherError, NotIndependentError, NotAModeratorError.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            judged = _judged(await _load(loader, shown), NotOpenError)
            policy = programme_of(judged).policy.review
            lease = timedelta(minutes=policy.claim_lease_minutes.value)
            command = TakeCase(
                by=await colleague(loader, shown.person_id),
                token=derived_id("take", str(cause.command_id)),
                expires_at=shown.at + lease,
                at=shown.at,
            )
            return (_step(shown, command),)

        return await self.handling.plan(cause, build)

    async def hand_back(self, shown: Shown, cause: Cause) -> Handled:
        """Give the case back without judging it."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            by = await colleague(loader, shown.person_id)
            command = HandBackCase(by=by, token=shown.token, at=shown.at)
            return (_step(shown, command),)

        return await self.handling.plan(cause, build)

    async def judge(self, shown: Shown, words: BlindWords, cause: Cause) -> Handled:
        """Record a blind judgement and what follows from comparing it.

        The portfolio is opened for checking references only when the rules agree.

        Raises:
            TokenMissingError, TokenStaleError, TokenOfAnotherError, LeaseLapsedError.
            EvidenceReferenceError: a reference points nowhere in the portfolio.
            RationaleMissingError: a criterion has no words.
        """
        _refuse_silence(words)

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await _load(loader, shown)
            judged = _judged(state, NotOpenError)
            text = json.dumps(words.rationale, sort_keys=True, ensure_ascii=False)
            command = RecordBlindJudgement(
                by=await colleague(loader, shown.person_id),
                token=shown.token,
                levels=words.levels,
                rationale=await self._seal(judged, text, RATIONALE_FIELD),
                evidence=words.references(),
                visible=Visibility(
                    snapshot_sha256=judged.snapshot_sha256, fields=VISIBLE
                ),
                at=shown.at,
            )
            if moderation.decide(command, state):
                await self.opening.refuse_foreign(judged, shown.person_id, words)
            command, checked = await with_second_opinion(
                loader, self.vault, command, state
            )
            redraws = Redraws(loader, self.vault)
            counted = await weighing(redraws, command, state)
            steps = (*checked, _step(shown, command), *redraws.steps, *counted)
            return await with_holds(loader, steps)

        return await self.handling.plan(cause, build)

    async def decide(self, shown: Shown, words: Asked, cause: Cause) -> Handled:
        """Decide a case, and about the reviewer's other work where a result may change.

        Raises:
            NotReferredError, NotALeadError, NotIndependentError, NotAnOverturnError,
            LevelsChangedError, AlreadyReturnedError.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await _load(loader, shown)
            judged = _judged(state, NotReferredError)
            by = await colleague(loader, shown.person_id)
            asked = await self.deciding.command(judged, by, words, shown.at)
            command = replace(asked, allowed=await _allowed(loader, judged))
            redraws = Redraws(loader, self.vault)
            more = words.consequence
            if more is not None and moderation.decide(command, state):
                await follow(redraws, judged, command.given, to_ppm=more.widen_to_ppm)
            counted = await weighing(redraws, command, state)
            steps = (_step(shown, command), *redraws.steps, *counted)
            return await with_holds(loader, steps)

        return await self.handling.plan(cause, build)

    async def _seal(self, judged: JudgedCase, text: str, field: str) -> Personal[str]:
        return await self.vault.seal(judged.participant_id, text, field=field)


def _refuse_silence(words: BlindWords) -> None:
    silent = [key for key in CRITERIA if key not in words.rationale]
    if silent:
        raise RationaleMissingError(criteria=silent)


async def _load(loader: Loader, shown: Shown) -> Case:
    return await loader.state(moderation, case_stream(shown.case_id, shown.attempt))


def _judged(state: Case, error: type[ServiceError]) -> JudgedCase:
    last = moderated(state)
    if last is None:
        raise error
    return last.judged


async def _allowed(loader: Loader, judged: JudgedCase) -> tuple[str, ...]:
    """Return what the plan of the cohort lets the lead decide."""
    published = (await loader.state(plan, plan_stream(judged.cohort_id))).published
    return published.plan.drawn_by.decisions if published else USUAL


def _step(shown: Shown, command: object) -> Step:
    return Step(moderation, case_stream(shown.case_id, shown.attempt), command)
