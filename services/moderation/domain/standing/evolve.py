"""How facts add up to somebody's standing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.moderation.domain.standing.events import (
    AppointmentNoted,
    CohortJoined,
    EmployerNoted,
    HearingNoted,
    LadderEvent,
    MarksRead,
    MenteeNoted,
    NotedRole,
    ResultWeighed,
    StandingChanged,
    StandingEvent,
    StoodDown,
)
from services.moderation.domain.standing.ladder import Change, Ladder, Part


@dataclass(frozen=True, slots=True)
class Standing:
    """In which roles somebody may act, for whom they work, and how they stand."""

    roles: frozenset[NotedRole] = frozenset()
    organisation_id: str | None = None
    mentees: frozenset[str] = frozenset()
    hears: frozenset[str] = frozenset()
    """Cases about which they hear an appeal, or heard one."""
    has_read: frozenset[tuple[str, int]] = frozenset()
    """Cases and attempts of which they have read for another role what was judged."""
    cohorts: tuple[str, ...] = ()
    """In which they judge, oldest first."""
    ladders: Mapping[Part, Ladder] = field(default_factory=dict)
    stood_down: frozenset[str] = frozenset()
    """Cohorts of which they judge nothing blind any more."""
    granted: Mapping[NotedRole, datetime] = field(default_factory=dict)
    """When each role was given to them first."""
    read_until: datetime | None = None
    """Until when they read what others judged, and did not moderate yet."""

    def ladder(self, part: Part) -> Ladder:
        """Return where they stand in this part; a beginner's place at first."""
        return self.ladders.get(part, Ladder())


INITIAL = Standing()


def evolve(state: Standing, event: StandingEvent) -> Standing:
    """Return *state* as it is after *event*; the last organisation counts."""
    match event:
        case AppointmentNoted():
            return _appointed(state, event)
        case EmployerNoted(organisation_id=organisation_id):
            return replace(state, organisation_id=organisation_id)
        case MenteeNoted() | HearingNoted() | MarksRead():
            return _concerned(state, event)
        case CohortJoined(cohort_id=cohort_id):
            return replace(state, cohorts=(*state.cohorts, cohort_id))
        case StoodDown(cohort_id=cohort_id):
            return replace(state, stood_down=state.stood_down | {cohort_id})
        case ResultWeighed() | StandingChanged():
            ladder = climbed(state.ladder(event.part), event)
            return replace(state, ladders={**state.ladders, event.part: ladder})
        case _:
            assert_never(event)


def _concerned(
    state: Standing, event: MenteeNoted | HearingNoted | MarksRead
) -> Standing:
    match event:
        case MenteeNoted(participant_id=participant_id):
            return replace(state, mentees=state.mentees | {participant_id})
        case HearingNoted(case_id=case_id):
            return replace(state, hears=state.hears | {case_id})
        case MarksRead(case_id=case_id, attempt=attempt):
            return replace(state, has_read=state.has_read | {(case_id, attempt)})
        case _:
            assert_never(event)


def _appointed(state: Standing, event: AppointmentNoted) -> Standing:
    """Return *state* with a role; the first time that each was given counts."""
    granted_at = event.granted_at or event.occurred_at
    granted = {event.role: granted_at, **state.granted}
    is_new = event.role not in state.roles
    had_read = any(before < granted_at for before in state.granted.values())
    reads_no_more = event.role == "moderator" and is_new and had_read
    return replace(
        state,
        roles=state.roles | {event.role},
        organisation_id=event.organisation_id,
        granted=granted,
        read_until=event.occurred_at if reads_no_more else state.read_until,
    )


def climbed(ladder: Ladder, event: LadderEvent) -> Ladder:
    """Return the ladder after a result, or after a step."""
    match event:
        case ResultWeighed(precedes_probation=True, judgement_id=judgement_id):
            return replace(ladder, weighed=ladder.weighed | {judgement_id})
        case ResultWeighed(judgement_id=judgement_id):
            return replace(
                ladder,
                clear_in_row=ladder.clear_in_row + 1 if event.is_clear else 0,
                judgements=(*ladder.judgements, judgement_id),
                overturned=ladder.overturned + event.is_overturned,
                level_difference=ladder.level_difference + event.level_difference,
                weighed=ladder.weighed | {judgement_id},
            )
        case StandingChanged(standing="probation", was=was):
            is_resumed = was == "paused"
            return Ladder(
                was_paused=is_resumed,
                resumed_at=event.occurred_at if is_resumed else ladder.resumed_at,
                weighed=ladder.weighed,
                last=_change(event),
            )
        case StandingChanged(standing=standing, tier=tier):
            return replace(
                ladder,
                standing=standing,
                was_paused=False,
                clear_in_row=ladder.clear_in_row if tier == "earned" else 0,
                last=_change(event),
            )
        case _:
            assert_never(event)


def _change(event: StandingChanged) -> Change:
    return Change(
        at=event.occurred_at,
        tier=event.tier,
        cohort_id=event.cohort_id,
        evidence=event.evidence,
        set_by=event.set_by,
        reason=event.reason,
    )
