"""Carries out commands: load, decide, append, log one line."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

import structlog

from shared.decider import Decider, Fact
from shared.errors import ConflictError, ServiceError, UnavailableError
from shared.eventlog import Codec, EventLog, Metadata, NewEvent, UnitOfWork
from shared.handling.answers import (
    AlreadyAnsweredError,
    KeyReusedError,
    problem_of,
    stored_answer,
)
from shared.handling.cause import Cause, Ids, PendingRequest
from shared.handling.folds import Folds
from shared.handling.loading import Build, Loader, Step
from shared.pauses import pause_seconds

S = TypeVar("S")

ATTEMPTS = 12
"""Tries per command when another writer wins the race for a stream; a stream that many
write to at once, such as a round of vivas after its offers, needs most of them."""

PAUSE_SECONDS = 0.01
"""About what an append takes, so that the winner of a race is done with it."""

LONGEST_PAUSE_SECONDS = 0.4

_AS_IT_IS = (AlreadyAnsweredError, ConflictError, KeyReusedError, UnavailableError)
"""No refusals by a decider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a cause led to: its facts, where the log stands, and the answer."""

    facts: tuple[Fact, ...]
    position: int
    status: int = 200
    body: Ids = field(default_factory=dict)


async def _pause(races_lost: int) -> None:
    seconds = pause_seconds(
        races_lost, first_seconds=PAUSE_SECONDS, longest_seconds=LONGEST_PAUSE_SECONDS
    )
    await asyncio.sleep(seconds)


class Handling:
    """The write side that every service shares."""

    def __init__(
        self,
        log: EventLog,
        codec: Codec,
        *,
        pause: Callable[[int], Awaitable[None]] = _pause,
    ) -> None:
        """Write to *log*; *pause* passes the time after so many lost races."""
        self.log = log
        self.codec = codec
        self._folds = Folds(log, codec)
        self._pause = pause

    async def __call__(self, cause: Cause, *steps: Step) -> Handled:
        """Carry out *steps* as one unit of work.

        Raises:
            ServiceError: a decider refused; the refusal is stored as the answer.
            ConflictError: every attempt lost the race for a stream.
            AlreadyAnsweredError: the same request was answered before, or just now.
            KeyReusedError: the key came before with another body.
        """

        async def build(_: Loader) -> Sequence[Step]:
            return steps

        return await self.plan(cause, build)

    async def plan(self, cause: Cause, build: Build) -> Handled:
        """Carry out the steps that *build* derives from folded streams.

        Every stream that *build* loads guards the unit by its version; when one moved,
        *build* runs again. Errors as in `__call__`.
        """
        await self._refuse_repeats(cause.request)
        line = structlog.get_logger().bind(
            actor=cause.actor, correlation_id=str(cause.correlation_id)
        )
        for attempt in count(1):
            try:
                loader = Loader(self._folds, may_recall=attempt == 1)
                handled = await self._attempt(cause, build, loader)
            except ConflictError as lost:
                if attempt == ATTEMPTS:
                    line.warning("command.conflicted", attempts=attempt, **lost.context)
                    raise
                await self._pause(attempt)
                continue
            except (AlreadyAnsweredError, KeyReusedError):
                raise
            except ServiceError as refused:
                await self._remember_refusal(cause, refused)
                line.info("command.refused", reason=refused.code)
                raise
            line.info(
                "command.handled",
                facts=[fact.type for fact in handled.facts],  # type: ignore[attr-defined]
                position=handled.position,
            )
            return handled
        raise AssertionError  # count() never ends

    async def fold(self, decider: Decider[Any, Any, S], stream: str) -> tuple[int, S]:
        """Return version and folded state of *stream*, reading only what is new."""
        return await self._folds.fold(decider, stream)

    async def _attempt(self, cause: Cause, build: Build, loader: Loader) -> Handled:
        """Carry out what *build* derives from what *loader* gives.

        What it recalls may be old. What is appended rests on its versions; a refusal,
        and that there is nothing to append, hold only if the log says the same.
        """
        try:
            handled = await self._carried_out(cause, build, loader)
        except _AS_IT_IS:
            raise
        except ServiceError:
            await loader.check()
            raise
        if handled is None:
            await loader.check()
            return Handled(facts=(), position=(await self.log.head()).position)
        return handled

    async def _carried_out(
        self, cause: Cause, build: Build, loader: Loader
    ) -> Handled | None:
        """Return what was appended; None when there was nothing to append."""
        for step in await build(loader):
            await loader.decide(step)
        facts = loader.facts()
        request = cause.request
        body = dict(request.ids(facts)) if request else {}
        work = UnitOfWork(
            writes=loader.writes(self._encoder(cause)),
            inbox=(cause.inbox,) if cause.inbox else (),
            answer=stored_answer(request, request.status, body) if request else None,
        )
        if not (facts or work.inbox or work.answer):
            return None
        appended = await self.log.append(work)
        if appended.outcome == "written":
            loader.written(work.writes, appended.position)
        if appended.outcome in {"answered", "repeated"}:
            await self._refuse_repeats(request)
        if appended.outcome == "handled":
            return Handled(facts=(), position=appended.position)
        return Handled(
            facts=facts,
            position=appended.position,
            status=request.status if request else 200,
            body=body,
        )

    def _encoder(self, cause: Cause) -> Callable[[Fact], NewEvent]:
        metadata = Metadata(
            actor=cause.actor,
            role=cause.role,
            correlation_id=cause.correlation_id,
            causation_id=cause.causation_id,
            traceparent=cause.traceparent,
        )
        numbers = count()

        def encode(fact: Fact) -> NewEvent:
            event_id = cause.event_id(next(numbers))
            return self.codec.encode(fact, event_id=event_id, metadata=metadata)

        return encode

    async def _refuse_repeats(self, request: PendingRequest | None) -> None:
        if request is None:
            return
        found = await self.log.answer(request.key)
        if found is None:
            return
        if found.body_sha256 != request.body_sha256:
            raise KeyReusedError
        raise AlreadyAnsweredError(found)

    async def _remember_refusal(self, cause: Cause, refused: ServiceError) -> None:
        """Store *refused* as the answer, unless the request has one by now.

        Of two same requests at once the second may fold what the first has led to.
        """
        if cause.request is None or refused.status >= 500:  # noqa: PLR2004
            return
        answer = stored_answer(cause.request, refused.status, problem_of(refused))
        appended = await self.log.append(UnitOfWork(answer=answer))
        if appended.outcome == "answered":
            await self._refuse_repeats(cause.request)
