"""Reviewers who race for one review, in an order that a seed alone decides.

Each of them acts as a request does: it reads the stream, decides, and appends on the
version it read; in between anybody else may act. Whoever loses the race for the stream
decides again, as `shared.handling` does. The log is the one in memory, which passes the
contract of the real one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from services.review.app import CODEC
from services.review.domain.allocation.commands import Holder
from services.review.domain.commands import (
    ClaimReview,
    CompleteReview,
    DraftFeedback,
    ExtendClaim,
    JudgeCriterion,
    LapseClaim,
    RecallJudgement,
    ReleaseClaim,
    ReviewCommand,
)
from services.review.domain.decide import review
from services.review.domain.events import (
    Claimed,
    ClaimExtended,
    ClaimLapsed,
    ClaimReleased,
    Completed,
    CriterionJudged,
    FeedbackDrafted,
    ReviewEvent,
)
from services.review.domain.recalls import Recalled
from services.review.domain.reviewer.evolve import Registered
from services.review.domain.situations import Judged, Review
from shared.errors import ConflictError, ServiceError
from shared.eventlog import EventLog, Metadata, NewEvent, StreamWrite, UnitOfWork
from shared.handling.folds import Folds
from shared.vocabulary import CRITERIA
from tests.unit.review.examples import (
    AT,
    NOTHING_ELSE,
    PASSAGE,
    requested,
    sealed,
)

T = TypeVar("T")

STREAM = "review-case-1.1.1"
PEOPLE = tuple(
    Registered(name, f"{name}-college") for name in ("rita", "sam", "tom", "uma")
)
TURNS = 22
"""Of one race: each time somebody decides, or appends what they have decided."""
SHOWN = (CompleteReview, DraftFeedback, ExtendClaim, JudgeCriterion, ReleaseClaim)
"""Commands that prove by a token that their asker holds the review."""
WRITTEN = (ClaimExtended, ClaimReleased, Completed, CriterionJudged, FeedbackDrafted)
"""Facts of whoever holds it; they name the token in force, whichever was shown."""
METADATA = Metadata(
    actor="a",
    role="reviewer",
    correlation_id=UUID(int=0),
    causation_id=UUID(int=0),
)
SEALED = sealed("words")


@dataclass(slots=True)
class Dice:
    """Numbers that a seed alone decides, the same on every machine.

    Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
    (2014), SplitMix64.
    """

    seed: int

    def below(self, count: int) -> int:
        """Return a number from 0 to *count* - 1."""
        self.seed = (self.seed + 0x9E3779B97F4A7C15) % 2**64
        mixed = (self.seed ^ (self.seed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
        return (mixed ^ (mixed >> 31)) % count

    def choice(self, things: Sequence[T]) -> T:
        """Return one of *things*."""
        return things[self.below(len(things))]


@dataclass(frozen=True, slots=True)
class Pending:
    """What somebody has decided on a version of the stream, and not appended yet."""

    commands: tuple[ReviewCommand, ...]
    version: int
    facts: tuple[ReviewEvent, ...]


@dataclass(slots=True)
class Actor:
    """A reviewer, with every token they ever were given."""

    person: Registered
    tokens: list[int] = field(default_factory=list)
    pending: Pending | None = None


@dataclass(slots=True)
class Race:
    """One race for one review; run it once."""

    dice: Dice
    log: EventLog
    now: datetime = AT
    happened: Counter[str] = field(default_factory=Counter)
    actors: list[Actor] = field(
        default_factory=lambda: [Actor(person) for person in PEOPLE]
    )
    accepted: list[ReviewEvent] = field(default_factory=list)
    """Every fact that was appended, in the order of the log."""
    unshown: list[str] = field(default_factory=list)
    """Accepted writes whose asker showed another token than the one in force."""
    _events: int = 0

    async def run(self) -> "Race":
        """Let everybody act until the race is over."""
        await self._append(0, (requested(),))
        folds = Folds(self.log, CODEC)
        for _ in range(TURNS):
            self.now += timedelta(minutes=self.dice.choice((0, 0, 0, 1, 5, 16)))
            _, state = await folds.fold(review, STREAM)
            actor = self._turn_of(state)
            if actor.pending is None:
                await self._decide(folds, actor, self._next(actor, state))
            else:
                await self._finish(folds, actor, actor.pending)
        return self

    async def _decide(
        self, folds: Folds, actor: Actor, commands: tuple[ReviewCommand, ...]
    ) -> None:
        actor.pending = None
        version, state = await folds.fold(review, STREAM)
        facts: list[ReviewEvent] = []
        try:
            for command in commands:
                decided = review.decide(command, state)
                state = review.fold(decided, state)
                facts += decided
        except ServiceError as refused:
            self.happened[refused.code] += 1
        else:
            if facts:
                actor.pending = Pending(commands, version, tuple(facts))

    async def _finish(self, folds: Folds, actor: Actor, pending: Pending) -> None:
        actor.pending = None
        try:
            await self._append(pending.version, pending.facts)
        except ConflictError:
            self.happened["conflict"] += 1
            await self._decide(folds, actor, pending.commands)
            return
        shown = {each.by.token for each in pending.commands if isinstance(each, SHOWN)}
        for fact in pending.facts:
            if isinstance(fact, WRITTEN) and fact.token not in shown:
                self.unshown.append(type(fact).__name__)
            self.happened[type(fact).__name__] += 1
            if isinstance(fact, Claimed):
                actor.tokens.append(fact.token)

    async def _append(self, version: int, facts: Sequence[ReviewEvent]) -> None:
        events = tuple(self._event(fact) for fact in facts)
        write = StreamWrite(stream=STREAM, expected_version=version, events=events)
        await self.log.append(UnitOfWork(writes=(write,)))
        self.accepted += facts

    def _event(self, fact: ReviewEvent) -> NewEvent:
        self._events += 1
        return CODEC.encode(fact, event_id=UUID(int=self._events), metadata=METADATA)

    def _turn_of(self, state: Review) -> Actor:
        """Return whose turn it is: every other time whoever holds or judged it."""
        last = getattr(state, "claim", None) or getattr(state, "judgement", None)
        actor = self.dice.choice(self.actors)
        if last is None or self.dice.below(2):
            return actor
        return next(a for a in self.actors if a.person.reviewer_id == last.reviewer_id)

    def _next(self, actor: Actor, state: Review) -> tuple[ReviewCommand, ...]:
        """Return what this reviewer asks now, knowing how the review stands.

        Sometimes with a token of long ago, or somebody else's.
        """
        me, held = actor.person.reviewer_id, getattr(state, "claim", None)
        if isinstance(state, Judged) and self.dice.below(3):
            return (self._recall(actor),)
        if held is not None and held.reviewer_id == me and self.dice.below(6):
            return self._as_holder(self._holder(actor))
        return self._as_anybody(actor, self._holder(actor))

    def _as_holder(self, by: Holder) -> tuple[ReviewCommand, ...]:
        match self.dice.below(8):
            case 0 | 1 | 2:
                return self._everything(by)
            case 3 | 4:
                return (*self._everything(by), self._complete(by))
            case 5:
                return (self._complete(by),)
            case 6:
                return (self._judge(by, self.dice.choice(CRITERIA)),)
            case _:
                return (ReleaseClaim(by=by, at=self.now),)

    def _as_anybody(self, actor: Actor, by: Holder) -> tuple[ReviewCommand, ...]:
        match self.dice.below(8):
            case 0 | 1 | 2 | 3:
                return (self._claim(actor),)
            case 4:
                return (self._judge(by, self.dice.choice(CRITERIA)),)
            case 5:
                return (self._complete(by),)
            case 6:
                return (LapseClaim(token=by.token or 1, at=self.now),)
            case _:
                return (ExtendClaim(by=by, at=self.now),)

    def _everything(self, by: Holder) -> tuple[ReviewCommand, ...]:
        judged = (self._judge(by, criterion) for criterion in CRITERIA)
        return (*judged, DraftFeedback(by=by, text=SEALED, at=self.now))

    def _holder(self, actor: Actor) -> Holder:
        """Return the asker, mostly with their last token, or another's by chance."""
        known = [token for each in self.actors for token in each.tokens]
        own = actor.tokens[-1:] if self.dice.below(10) < 7 else actor.tokens
        guessed = known if self.dice.below(10) < 2 else own
        return Holder(
            reviewer_id=actor.person.reviewer_id,
            reviewer=actor.person,
            assessment=NOTHING_ELSE,
            token=self.dice.choice(guessed) if guessed else None,
        )

    def _claim(self, actor: Actor) -> ClaimReview:
        return ClaimReview(
            reviewer_id=actor.person.reviewer_id,
            reviewer=actor.person,
            assessment=NOTHING_ELSE,
            kept_for=None,
            lease_minutes=30,
            at=self.now,
        )

    def _judge(self, by: Holder, criterion: Any) -> JudgeCriterion:
        return JudgeCriterion(
            by=by,
            criterion=criterion,
            level=self.dice.choice((3, 4)),
            rationale=SEALED,
            evidence=(PASSAGE,),
            modifications=(),
            at=self.now,
        )

    def _complete(self, by: Holder) -> CompleteReview:
        return CompleteReview(by=by, borderline=False, feedback=SEALED, at=self.now)

    def _recall(self, actor: Actor) -> RecallJudgement:
        return RecallJudgement(
            reviewer_id=actor.person.reviewer_id,
            reviewer=actor.person,
            assessment=NOTHING_ELSE,
            reason=None,
            recall_minutes=15,
            lease_minutes=30,
            at=self.now,
        )


@dataclass(slots=True)
class Referee:
    """Watches accepted facts in the order of the log; knows nothing of the decider."""

    held: Claimed | None = None
    ends_at: datetime | None = None
    last_token: int = 0
    standing: Completed | None = None
    found: list[str] = field(default_factory=list)

    def watch(self, facts: Sequence[Any]) -> list[str]:
        """Return what should never have been accepted."""
        for fact in facts:
            self._see(fact)
        return self.found

    def _see(self, fact: Any) -> None:
        match fact:
            case Claimed():
                self._claimed(fact)
            case ClaimExtended():
                self._written(fact.token, None, fact.occurred_at)
                self.ends_at = fact.lease_ends_at
            case ClaimReleased() | ClaimLapsed():
                self._ended(fact)
            case CriterionJudged() | FeedbackDrafted():
                self._written(fact.token, fact.reviewer_id, fact.occurred_at)
            case Completed():
                self._completed(fact)
            case Recalled():
                self._recalled(fact)
            case _:
                pass

    def _claimed(self, fact: Claimed) -> None:
        if self.held is not None:
            self.found.append("two holders at once")
        if self.standing is not None:
            self.found.append("a claim of what is judged")
        if fact.token <= self.last_token:
            self.found.append("a token that was given before")
        self.held, self.ends_at, self.last_token = fact, fact.lease_ends_at, fact.token

    def _ended(self, fact: ClaimReleased | ClaimLapsed) -> None:
        if self.held is None or self.held.token != fact.token:
            self.found.append("the end of a claim that nobody holds")
        self.held = None

    def _written(self, token: int, reviewer_id: str | None, at: datetime) -> None:
        held = self.held
        if held is None or held.token != token:
            self.found.append("a write without the token in force")
        elif reviewer_id not in {None, held.reviewer_id}:
            self.found.append("a write of somebody else")
        elif self.ends_at is None or at >= self.ends_at:
            self.found.append("a write after the lease")

    def _completed(self, fact: Completed) -> None:
        self._written(fact.token, fact.reviewer_id, fact.occurred_at)
        if self.standing is not None:
            self.found.append("two accepted judgements")
        self.standing, self.held = fact, None

    def _recalled(self, fact: Recalled) -> None:
        done = self.standing
        if done is None or (done.reviewer_id, done.token) != (
            fact.reviewer_id,
            fact.token,
        ):
            self.found.append("a recall of what does not stand")
        elif fact.occurred_at > done.occurred_at + timedelta(minutes=15):
            self.found.append("a recall too late")
        self.standing = None
