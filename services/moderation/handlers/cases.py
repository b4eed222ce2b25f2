"""Taking a case, judging it blind, and the lead's decision."""

import json
from dataclasses import dataclass
from datetime import timedelta

from services.moderation.domain.commands import (
    HandBackCase,
    OverturnCase,
    RecordBlindJudgement,
    TakeCase,
    UpholdCase,
)
from services.moderation.domain.decide import moderation
from services.moderation.domain.evolve import Case, moderated
from services.moderation.domain.judgement import JudgedCase, Visibility
from services.moderation.domain.refusals import (
    NotOpenError,
    NotReferredError,
    RationaleMissingError,
)
from services.moderation.handlers.fields import (
    OTHER_WORK_FIELD,
    RATIONALE_FIELD,
    REASON_FIELD,
)
from services.moderation.handlers.opening import Opening
from services.moderation.handlers.streams import case_stream, colleague
from services.moderation.handlers.widening import widening
from services.moderation.handlers.words import (
    VISIBLE,
    BlindWords,
    DecisionWords,
    Overturning,
    Shown,
)
from shared.contracts.feedback import FEEDBACK_FIELD
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
            return (_step(shown, command),)

        return await self.handling.plan(cause, build)

    async def decide(self, shown: Shown, words: DecisionWords, cause: Cause) -> Handled:
        """Decide as the lead, and about the reviewer's other work on an overturn.

        Raises:
            NotReferredError, NotALeadError, NotIndependentError, NotAnOverturnError.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            judged = _judged(await _load(loader, shown), NotReferredError)
            by = await colleague(loader, shown.person_id)
            reason = await self._seal(judged, words.reason, REASON_FIELD)
            if words.overturning is None:
                uphold = UpholdCase(by=by, reason=reason, at=shown.at)
                return (_step(shown, uphold),)
            more = words.overturning
            overturn = OverturnCase(
                by=by,
                levels=more.feedback.levels(),
                reason=reason,
                feedback=await self._seal(
                    judged, more.feedback.to_text(), FEEDBACK_FIELD
                ),
                other_work=more.other_work,
                other_work_reason=await self._seal(
                    judged, more.other_work_reason, OTHER_WORK_FIELD
                ),
                at=shown.at,
            )
            return await self._overturning(loader, shown, overturn, more)

        return await self.handling.plan(cause, build)

    async def _overturning(
        self, loader: Loader, shown: Shown, command: OverturnCase, more: Overturning
    ) -> tuple[Step, ...]:
        state = await _load(loader, shown)
        changes = moderation.decide(command, state)
        step = _step(shown, command)
        if not changes or more.other_work == "not_widened":
            return (step,)
        judged = _judged(state, NotReferredError)
        widen = await widening(
            loader, self.vault, judged, command, to_ppm=more.widen_to_ppm
        )
        return (step, *widen)

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


def _step(shown: Shown, command: object) -> Step:
    return Step(moderation, case_stream(shown.case_id, shown.attempt), command)
