"""What the log says of the large cohort, read over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from services.cli.demo.stage import LARGE_COHORT, Stage

_SETTLED = frozenset({
    "moderation.FeedbackAmended", "moderation.Overturned", "moderation.Upheld",
})  # fmt: skip
_RELEASED = "moderation.OutcomeReleased"
_DRAW = f"draw-{LARGE_COHORT}."


@dataclass(frozen=True, slots=True)
class Alarm:
    """The first alarm of somebody's charts."""

    chart: str
    after: int
    """So many judgements of theirs had arrived by then."""


@dataclass(frozen=True, slots=True)
class Log:
    """What the log says of the large cohort, each with its position."""

    draws: Mapping[str, list[tuple[int, str, Mapping[str, Any]]]]
    """By reviewer: position, type and payload of every fact of their draws."""
    settled: Mapping[str, int]
    """By case the position of its last decision."""
    released: Mapping[str, int]
    """By case."""
    releases: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, stage: Stage) -> Self:
        """Return what happened in the large cohort."""
        pages = stage.office.pages
        draws: dict[str, list[tuple[int, str, Mapping[str, Any]]]] = {}
        for each in pages("/operations/events", category="draw", limit=500):
            if each["stream"].startswith(_DRAW):
                who = each["stream"].removeprefix(_DRAW)
                fact = each["position"], each["type"], each["payload"]
                draws.setdefault(who, []).append(fact)
        settled, released = {}, {}
        for each in pages("/operations/events", category="moderation", limit=500):
            case = each["stream"].removeprefix("moderation-").rpartition(".")[0]
            if each["type"] in _SETTLED:
                settled[case] = each["position"]
            elif each["type"] == _RELEASED:
                released[case] = each["position"]
        plan = f"plan-{LARGE_COHORT}"
        releases = [
            each["payload"]
            for each in stage.facts("moderation.CohortReleased", "plan")
            if each["stream"] == plan
        ]
        return cls(draws, settled, released, tuple(releases))

    def cases(self, who: str) -> list[str]:
        """Return what somebody judged, in order."""
        return [
            payload["judged"]["case_id"]
            for _, type_, payload in self.draws.get(who, ())
            if type_ == "moderation.JudgementReceived"
        ]

    def alarm(self, who: str) -> Alarm | None:
        """Return the first alarm of somebody's charts."""
        arrived = 0
        for _, type_, payload in self.draws.get(who, ()):
            arrived += type_ == "moderation.JudgementReceived"
            if type_ == "moderation.AlarmRaised":
                return Alarm(payload["chart"], arrived)
        return None

    def ordered(self, who: str) -> int | None:
        """Return where everything of somebody was ordered to be moderated."""
        places = [
            position
            for position, type_, _ in self.draws.get(who, ())
            if type_ == "moderation.RemarkAllOrdered"
        ]
        return places[0] if places else None
