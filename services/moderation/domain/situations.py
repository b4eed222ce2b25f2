"""Situations of one round of one case, from undrawn to told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from services.moderation.domain.decisions import Decision, ReturnOrdered
from services.moderation.domain.events import BlindJudgementRecorded
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.outcomes import (
    FreshReviewPostponed,
    FreshReviewWanted,
    OutcomeReleased,
    OutcomeRevised,
)
from services.moderation.domain.recalls import NO_RECALLS, Recalls
from shared.holds import Period
from shared.personal import Personal
from shared.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Unopened:
    """Not drawn, as far as this stream knows."""

    recalls: Recalls = NO_RECALLS


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds the case, by which token, until when."""

    moderator_id: str
    token: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Moderating:
    """Drawn and not yet decided."""

    judged: JudgedCase
    criterion_gap: int
    stage: Literal["first", "second", "lead", "returned"] = "first"
    blind: tuple[BlindJudgementRecorded, ...] = ()
    hold: Hold | None = None
    set_aside: frozenset[UUID] = frozenset()
    excluded: tuple[str, ...] = ()
    """Everyone with an earlier part in the case."""
    returned: ReturnOrdered | None = None
    earlier: tuple[JudgedCase, ...] = ()
    """Judgements that were returned or taken back, oldest first."""
    revises: "Reassessing | None" = None
    """What was told before, when this follows an appeal."""
    period: Period | None = None
    """The month it has, before anything stopped its clock."""
    due_at: datetime | None = None
    overdue_since: datetime | None = None
    """The last day that passed, once it was told."""
    recalls: Recalls = NO_RECALLS
    reopened: tuple[Decision, ...] = ()
    """What was decided, and is open again since the judgement was taken back."""
    lost_by: str | None = None
    """Who held the case when the judgement was taken back."""
    recallable_until: datetime | None = None
    rechecked_by: str | None = None
    """The lead who had it judged again, because a moderator of it is paused."""
    given_to: frozenset[str] = frozenset()
    """Everyone who ever held it, whatever became of that: what they type is theirs."""

    @property
    def first_final(self) -> JudgedCase:
        """The first judgement that its reviewer did not take back."""
        taken, made = self.recalls.tokens, (*self.earlier, self.judged)
        final = (each for each in made if (each.review_id, each.token) not in taken)
        return next(final, self.judged)

    @property
    def is_recalled(self) -> bool:
        """True while the reviewer judges again what they took back."""
        return self.recalls.open_recall(self.judged) is not None


@dataclass(frozen=True, slots=True)
class Settled:
    """Decided, not yet released."""

    moderated: Moderating
    decision: Decision

    @property
    def outcome(self) -> Outcome:
        """The outcome that stands."""
        return self.decision.new_outcome or self.moderated.judged.outcome

    @property
    def feedback(self) -> Personal[str]:
        """What the participant reads."""
        return self.decision.new_feedback or self.moderated.judged.feedback

    @property
    def is_decided_by_lead(self) -> bool:
        """True once somebody decided it who did not judge it blind."""
        judges = {each.moderator_id for each in self.moderated.blind}
        return self.decision.decided_by not in {None, *judges}

    @property
    def took_part(self) -> tuple[str, ...]:
        """Everyone who judged in this round of the case, each once, in order."""
        last = self.moderated
        told = last.revises.released.last.took_part if last.revises else ()
        reviewers = (each.reviewer_id for each in (*last.earlier, last.judged))
        judges = (each.moderator_id for each in last.blind)
        leads = (
            last.returned.decided_by if last.returned else None,
            *(each.decided_by for each in last.reopened),
            self.decision.decided_by,
        )
        everyone = (*told, *reviewers, *judges, *(each for each in leads if each))
        return tuple(dict.fromkeys(everyone))


@dataclass(frozen=True, slots=True)
class Released:
    """Told to the participant."""

    last: OutcomeReleased | OutcomeRevised
    settled: Settled | None = None
    """None when the case was never drawn."""
    appeals: tuple[str, ...] = ()
    """Appeals after which it was judged afresh."""

    @property
    def outcome(self) -> Outcome:
        """The outcome that was told last."""
        return self.last.outcome


@dataclass(frozen=True, slots=True)
class Reassessing:
    """Told to the participant, and to be judged afresh after an appeal."""

    released: Released
    wanted: FreshReviewWanted
    recalls: Recalls = NO_RECALLS
    postponed: tuple[FreshReviewPostponed, ...] = ()
    """Appeals that were upheld since: another fresh review follows for them."""

    @property
    def review_id(self) -> str:
        """The fresh review, once somebody makes it."""
        wanted = self.wanted
        return f"{wanted.case_id}.{wanted.attempt}.{wanted.number}"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The participant has withdrawn: whatever it was, it goes no further."""

    before: "Ongoing"


Ongoing: TypeAlias = Unopened | Moderating | Settled | Released | Reassessing
Case: TypeAlias = Ongoing | Withdrawn


def moderated(state: Case) -> Moderating | None:
    """Return what was moderated, as it last was; None for a case never drawn."""
    match state:
        case Moderating():
            return state
        case Settled(moderated=last) | Released(settled=Settled(moderated=last)):
            return last
        case Reassessing(released=released):
            return moderated(released)
        case Withdrawn(before=before):
            return moderated(before)
        case _:
            return None


def settled(state: Case) -> Settled | None:
    """Return the last decision about a case; None while there is none."""
    match state:
        case Settled():
            return state
        case Released(settled=last):
            return last
        case Withdrawn(before=before):
            return settled(before)
        case _:
            return None


def is_told(state: Case) -> bool:
    """Tell whether an outcome of this round was released, whatever followed."""
    match state:
        case Released() | Reassessing():
            return True
        case (
            Moderating(revises=revises) | Settled(moderated=Moderating(revises=revises))
        ):
            return revises is not None
        case Withdrawn(before=before):
            return is_told(before)
        case _:
            return False


def recalls_of(state: Case) -> Recalls:
    """Return what was taken back in a round that is not told yet."""
    match state:
        case Unopened() | Reassessing() | Moderating():
            return state.recalls
        case Settled(moderated=last):
            return last.recalls
        case _:
            return NO_RECALLS


def standing(state: Case, drawn: JudgedCase) -> JudgedCase:
    """Return the judgement that stands of a case whose drawn judgement is *drawn*."""
    last = moderated(state)
    return recalls_of(state).standing(drawn) if last is None else last.judged


def waits_for(state: Case, review_id: str) -> bool:
    """Tell whether a judgement of this review is what the case waits for.

    It is if it was returned, or is wanted afresh; it is never part of the sample then.
    """
    match state:
        case Moderating(stage="returned", returned=ReturnOrdered() as returned):
            return returned.review_id == review_id
        case Reassessing():
            return state.review_id == review_id
        case _:
            return False


def is_fresh(review_id: str) -> bool:
    """Tell whether this review was wanted afresh: not the first of its attempt."""
    return review_id.rpartition(".")[2] != "1"
