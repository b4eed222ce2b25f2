"""How facts add up to the draw of one reviewer in one cohort."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from services.moderation.domain.blocks import SizeChange
from services.moderation.domain.detection import NO_SCORES, Alarm, Scores, runs_after
from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    DrawEvent,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
    ProbabilitySet,
    RemarkAllOrdered,
    RenewalReceived,
    SampledAsChanged,
    SampledForRelease,
    SampleWidened,
    StandingApplied,
)
from services.moderation.domain.draw.seeded import (
    SeedDrawEvent,
    SeedJudged,
    SeedPlaced,
    SeedWithheld,
)
from services.moderation.domain.draw.seeding import NO_SEEDS, Seeding
from services.moderation.domain.inclusion import Inclusion, Past, Stretch
from services.moderation.domain.judgement import JudgedCase


@dataclass(frozen=True, slots=True)
class Entry:
    """One judgement of the reviewer, and what the sampler said."""

    judged: JudgedCase
    ordinal: int
    gap: timedelta = timedelta(0)
    """Since the latest judgement before it."""
    inclusion: Inclusion | None = None
    is_selected: bool | None = None
    """None while it waits for its draw."""
    renewed: JudgedCase | None = None
    """What came instead of it, once it was taken back."""
    is_set_aside: bool = False
    """It was set aside for a conflict of its reviewer."""


@dataclass(frozen=True, slots=True)
class Draws:
    """All judgements of one reviewer in one cohort, in order of arrival."""

    entries: Mapping[UUID, Entry] = field(default_factory=dict)
    set_aside: frozenset[UUID] = frozenset()
    latest_at: datetime | None = None
    """When the latest judgement was completed."""
    widened_to_ppm: int = 0
    standing: StandingApplied | None = None
    charts_from: datetime | None = None
    """What was judged before moves no chart: a pause ended then."""
    block_sizes: tuple[SizeChange, ...] = ()
    for_release: frozenset[int] = frozenset()
    """Numbers of what the sample of a release asked for."""
    changed: frozenset[int] = frozenset()
    """Numbers of what is moderated because another kind of judgement came instead."""
    remarked: tuple[Stretch, ...] = ()
    """Every judgement in these is moderated."""
    noted: Mapping[UUID, bool] = field(default_factory=dict)
    """Of judgements that were moderated and settled, whether they were overturned."""
    scores: Scores = NO_SCORES
    runs: Mapping[Alarm, tuple[UUID, ...]] = field(default_factory=dict)
    """By chart the judgements since it was last at nought; of seeds those that made the
    last alarm."""
    seeding: Seeding = NO_SEEDS

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """Judgements without a draw, in order of arrival."""
        return tuple(each for each in self.entries.values() if each.is_selected is None)

    @property
    def skipped(self) -> tuple[UUID, ...]:
        """Judgements that were drawn and not selected, in order of arrival."""
        return tuple(
            each for each, entry in self.entries.items() if entry.is_selected is False
        )

    def past(self, ordinal: int) -> Past:
        """Return what the probability of judgement number *ordinal* depends on."""
        return Past(
            widened_to_ppm=self.widened_to_ppm,
            scores=self.scores,
            standing_ppm=self.standing.least_ppm if self.standing else 0,
            block_sizes=self.block_sizes,
            remarked=self.remarked,
            is_for_release=ordinal in self.for_release,
            is_changed=ordinal in self.changed,
            gaps=tuple(e.gap for e in self.entries.values() if e.ordinal <= ordinal),
        )

    def precedes_charts(self, judged_at: datetime) -> bool:
        """Tell whether what was judged then moves no chart any more."""
        return self.charts_from is not None and judged_at < self.charts_from

    def begins_anew(self, charts_from: datetime | None) -> bool:
        """Tell whether charts begin anew after a pause that ended then.

        They do right after the pause; later only while they are at nought, so that
        nothing is lost that was found since.
        """
        is_paused = self.standing is not None and self.standing.standing == "paused"
        is_at_nought = self.scores == NO_SCORES and not self.seeding.counted
        is_known = charts_from is None or charts_from == self.charts_from
        return not is_known and (is_paused or is_at_nought)

    def ordinal_of(self, judgement_id: UUID) -> int:
        """Return the number of a judgement; of a seed's, of the one it follows."""
        entry = self.entries.get(judgement_id)
        return entry.ordinal if entry else self.seeding.ordinals()[judgement_id]

    def has_case(self, case_id: str, attempt: int) -> bool:
        """Tell whether the reviewer has judged this round of this case."""
        rounds = ((e.judged.case_id, e.judged.attempt) for e in self.entries.values())
        return (case_id, attempt) in rounds

    def entry_of(self, review_id: str) -> Entry | None:
        """Return the judgement of a review that was received; None for none."""
        entries = self.entries.values()
        return next((e for e in entries if e.judged.review_id == review_id), None)


INITIAL = Draws()


def evolve(state: Draws, event: DrawEvent) -> Draws:
    """Return *state* as it is after *event*."""
    match event:
        case JudgementReceived():
            return _received(state, event)
        case JudgementSetAside(judgement_id=judgement_id):
            return replace(state, set_aside=state.set_aside | {judgement_id})
        case ProbabilitySet() | Drawn():
            return _drawn(state, event)
        case SampledForRelease() | RenewalReceived() | SampledAsChanged():
            return _asked(state, event)
        case RemarkAllOrdered(from_ordinal=first, to_ordinal=last):
            return replace(state, remarked=(*state.remarked, (first, last)))
        case _:
            return _watched(state, event)


def _asked(
    state: Draws, event: SampledForRelease | RenewalReceived | SampledAsChanged
) -> Draws:
    match event:
        case SampledForRelease(judgements=judgements):
            asked = {state.entries[each].ordinal for each in judgements}
            return replace(state, for_release=state.for_release | asked)
        case RenewalReceived(judgement_id=judgement_id, judged=judged):
            entry = state.entries[judgement_id]
            is_set_aside = entry.is_set_aside or event.follows_conflict
            entry = replace(entry, renewed=judged, is_set_aside=is_set_aside)
            return _with(state, judgement_id, entry)
        case SampledAsChanged(judgement_id=judgement_id):
            number = state.entries[judgement_id].ordinal
            return replace(state, changed=state.changed | {number})
        case _:
            assert_never(event)


def _drawn(state: Draws, event: ProbabilitySet | Drawn) -> Draws:
    entry = state.entries[event.judgement_id]
    if isinstance(event, ProbabilitySet):
        inclusion = Inclusion(event.probability_ppm, event.rule)
        entry = replace(entry, inclusion=inclusion)
    else:
        entry = replace(entry, is_selected=event.selected)
    return _with(state, event.judgement_id, entry)


def _watched(
    state: Draws,
    event: SampleWidened
    | DifferenceNoted
    | AlarmRaised
    | StandingApplied
    | SeedDrawEvent,
) -> Draws:
    match event:
        case SampleWidened(to_ppm=to_ppm):
            return replace(state, widened_to_ppm=max(to_ppm, state.widened_to_ppm))
        case DifferenceNoted():
            return _noted(state, event)
        case AlarmRaised(chart=chart, evidence=evidence):
            is_chart = chart != "seeds"
            return state if is_chart else _with_run(state, evidence)
        case SeedPlaced() | SeedWithheld() | SeedJudged():
            return _seeded(state, event)
        case StandingApplied():
            return _applied(state, event)
        case _:
            assert_never(event)


def _applied(state: Draws, event: StandingApplied) -> Draws:
    sizes = (*state.block_sizes, (event.from_ordinal, event.block_size))
    after = replace(state, standing=event, block_sizes=sizes)
    if event.charts_from is None:
        return after
    return replace(
        after,
        charts_from=event.charts_from,
        scores=NO_SCORES,
        runs={},
        seeding=replace(state.seeding, counted=()),
    )


def _received(state: Draws, event: JudgementReceived) -> Draws:
    judged, latest = event.judged, state.latest_at
    completed = judged.completed_at
    if latest is None or completed <= latest:
        entry = Entry(judged, event.ordinal)
    else:
        entry = Entry(judged, event.ordinal, gap=completed - latest)
    known = _with(state, judged.judgement_id, entry)
    return replace(known, latest_at=max(completed, latest or completed))


def _with_run(state: Draws, evidence: tuple[UUID, ...]) -> Draws:
    return replace(state, runs={**state.runs, "seeds": evidence})


def _seeded(state: Draws, event: SeedDrawEvent) -> Draws:
    ordinals = {name: entry.ordinal for name, entry in state.entries.items()}
    seeding = state.seeding.after(event, ordinals)
    after = replace(state, seeding=seeding)
    if not isinstance(event, SeedJudged) or event.precedes_probation:
        return after
    return _charted(after, event)


def _noted(state: Draws, event: DifferenceNoted) -> Draws:
    noted = {**state.noted, event.judgement_id: event.overturned}
    after = replace(state, noted=noted)
    is_uncharted = event.release_only or event.precedes_probation
    return after if is_uncharted else _charted(after, event)


def _charted(state: Draws, event: DifferenceNoted | SeedJudged) -> Draws:
    if event.scores is None:
        return state
    runs = runs_after(state.runs, event.judgement_id, event.scores)
    return replace(state, scores=event.scores, runs={**state.runs, **runs})


def _with(state: Draws, judgement_id: UUID, entry: Entry) -> Draws:
    return replace(state, entries={**state.entries, judgement_id: entry})
