"""The rules of qualifying: practice, a set that counts, another chance, an end.

Invariant: a course that goes on is the only one of its reviewer in the cohort, and a
set is judged whole before anything follows from it.
"""

from datetime import timedelta
from typing import assert_never

from services.moderation.domain.refusals import NotALeadError
from services.moderation.domain.seeds.qualification.choosing import chosen_set
from services.moderation.domain.seeds.qualification.commands import (
    BeginQualification,
    EndQualification,
    JudgeQualificationSeed,
    PlaceQualificationSeeds,
    QualificationCommand,
)
from services.moderation.domain.seeds.qualification.events import (
    EndedBecause,
    NotQualified,
    QualificationBegun,
    QualificationEnded,
    QualificationEvent,
    QualificationSeedJudged,
    QualificationSeedsLacking,
    QualificationSeedsPlaced,
    QualificationStopped,
    Qualified,
)
from services.moderation.domain.seeds.qualification.evolve import (
    INITIAL,
    NextSet,
    Qualification,
    Qualifications,
    SeedSet,
    evolve,
)
from services.moderation.domain.seeds.qualification.refusals import (
    CourseOverError,
    NoCourseError,
    NothingToQualifyForError,
    StoppedError,
    TooFewSeedsError,
)
from services.moderation.domain.standing.climbing import OwnStandingError
from shared.carrying import carry
from shared.decider import Decider


def decide(
    command: QualificationCommand, state: Qualifications
) -> tuple[QualificationEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        ServiceError: a rule of the one command; see its function.
    """
    match command:
        case BeginQualification():
            return _begin(command, state)
        case PlaceQualificationSeeds():
            return _place(command, state)
        case JudgeQualificationSeed():
            return _judge(command, state)
        case EndQualification():
            return _end(command, state)
        case _:
            assert_never(command)


def _begin(
    command: BeginQualification, state: Qualifications
) -> tuple[QualificationEvent, ...]:
    """Return the beginning of a course; empty while one goes on.

    Raises:
        NotALeadError: facts do not say that the asker is one.
        OwnStandingError: it is their own.
        StoppedError: they had their last chance in this cohort.
        NothingToQualifyForError: they are neither paused, nor new where that counts.
        TooFewSeedsError: not every set they may need could be made up.
    """
    _require_lead(command)
    if state.open is not None:
        return ()
    if state.is_stopped:
        raise StoppedError(cohort_id=command.cohort_id)
    if command.because is None:
        raise NothingToQualifyForError(person_id=command.reviewer_id)
    needed = command.rules.seeds_in_all
    if command.left < needed:
        raise TooFewSeedsError(needed=needed, left=command.left)
    begun = carry(
        command,
        QualificationBegun,
        number=len(state.courses) + 1,
        begun_by=command.by,
        occurred_at=command.at,
    )
    return (begun,)


def _require_lead(command: BeginQualification | EndQualification) -> None:
    if not command.is_by_lead:
        raise NotALeadError
    if command.by == command.reviewer_id:
        raise OwnStandingError


def _place(
    command: PlaceQualificationSeeds, state: Qualifications
) -> tuple[QualificationEvent, ...]:
    """Return the next set, or why there is none; empty while none is to come."""
    course = state.open
    coming = course.next_set if course else None
    if course is None or coming is None:
        return ()
    ended: EndedBecause | None = None
    if not command.is_paused:
        ended = "not_paused"
    elif command.sampler.is_key_public:
        ended = "cohort_closed"
    if ended is not None:
        fact = carry(
            course.begun, QualificationEnded, because=ended, occurred_at=command.at
        )
        return (fact,)
    if len(command.candidates) < coming.seeds:
        return _lacking(command, course, coming)
    placed = carry(
        course.begun,
        QualificationSeedsPlaced,
        kind=coming.kind,
        round=coming.round,
        candidates=command.candidates,
        placed=chosen_set(
            command.sampler,
            course.begun,
            coming.round,
            command.candidates,
            count=coming.seeds,
        ),
        due_at=command.at + timedelta(days=course.begun.rules.days),
        occurred_at=command.at,
    )
    return (placed,)


def _lacking(
    command: PlaceQualificationSeeds, course: Qualification, coming: NextSet
) -> tuple[QualificationEvent, ...]:
    left, known = len(command.candidates), course.lacking
    if known is not None and (known.round, known.left) == (coming.round, left):
        return ()
    lacking = carry(
        course.begun,
        QualificationSeedsLacking,
        round=coming.round,
        needed=coming.seeds,
        left=left,
        occurred_at=command.at,
    )
    return (lacking,)


def _judge(
    command: JudgeQualificationSeed, state: Qualifications
) -> tuple[QualificationEvent, ...]:
    """Return what a judgement shows, and with the last of a set what that comes to.

    Empty when it is known. Nothing follows from it when the course has ended meanwhile.
    """
    course = state.of_case(command.case_id)
    found = course.placed(command.case_id) if course else None
    if course is None or found is None or command.case_id in found[0].judged:
        return ()
    judged = carry(
        command,
        QualificationSeedJudged,
        cohort_id=course.begun.cohort_id,
        reviewer_id=course.begun.reviewer_id,
        number=course.begun.number,
        seed_id=found[1],
        levels=dict(command.levels),
        occurred_at=command.at,
    )
    after = evolve(state, judged).courses[course.begun.number - 1]
    last = after.sets[-1]
    if not course.is_open or not last.is_done or last.fact.kind == "practice":
        return (judged,)
    return (judged, _result(after, last, command))


def _result(
    course: Qualification, last: SeedSet, command: JudgeQualificationSeed
) -> Qualified | NotQualified | QualificationStopped:
    begun, rules = course.begun, course.begun.rules
    told: dict[str, object] = {
        "round": last.fact.round,
        "in_tolerance": last.in_tolerance,
        "needed": rules.in_tolerance,
        "judgements": tuple(each.judgement_id for each in last.judged.values()),
        "occurred_at": command.at,
    }
    if last.in_tolerance >= rules.in_tolerance:
        return carry(begun, Qualified, **told)
    if last.fact.round <= rules.second_chances:
        return carry(begun, NotQualified, **told)
    return carry(begun, QualificationStopped, lead_id=begun.begun_by, **told)


def _end(
    command: EndQualification, state: Qualifications
) -> tuple[QualificationEvent, ...]:
    """Return the end of a course; empty when the lead has ended it.

    Raises:
        NotALeadError, OwnStandingError: somebody else has to end it.
        NoCourseError: there never was one.
        CourseOverError: it came to a result, or ended otherwise.
    """
    _require_lead(command)
    last = state.last
    if last is None:
        raise NoCourseError(cohort_id=command.cohort_id)
    if isinstance(last.end, QualificationEnded) and last.end.because == "lead":
        return ()
    if not last.is_open:
        raise CourseOverError
    ended = carry(
        last.begun,
        QualificationEnded,
        because="lead",
        ended_by=command.by,
        reason=command.reason,
        occurred_at=command.at,
    )
    return (ended,)


qualification = Decider(category="seed", decide=decide, evolve=evolve, initial=INITIAL)
"""What can happen to the courses of a reviewer in one cohort."""
