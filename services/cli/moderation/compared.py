"""What `attest moderation plan --what-if` reads from the log, and what it prints."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from services.cli.client import Client
from services.cli.moderation.table import DECIMALS, NONE, table
from services.moderation.domain.draw.events import DrawEvent
from services.moderation.domain.inclusion import Inclusion
from services.moderation.domain.plan.events import PlanEvent
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.what_if import Change, Differing, what_if
from shared.eventlog import Codec, StoredFact

_CODEC = Codec(PlanEvent | DrawEvent)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Logged:
    """The facts of one cohort in the order of the log."""

    cohort_id: str
    plan_facts: Sequence[PlanEvent]
    draws: Mapping[str, Sequence[DrawEvent]]
    """By reviewer id."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What other rules would have drawn, reviewer by reviewer."""

    cohort_id: str
    reviewers: tuple[Differing, ...]

    @property
    def is_exact(self) -> bool:
        """Whether the tickets are known; otherwise there are only expected numbers."""
        return all(each.drawn_now is not None for each in self.reviewers)

    def text(self) -> str:
        """Return it as tables for people."""
        headings = (
            "reviewer", "judgements", "drawn then", "drawn now", "expected then",
            "expected now", "changed", "unknown",
        )  # fmt: skip
        by_reviewer = table(
            f"Draws of {self.cohort_id} by its plan, and by the other rules",
            headings,
            [_cells(each) for each in self.reviewers],
        )
        changes = table(
            "Probabilities that change",
            ("by rule", "judgements"),
            [(_told(change), str(count)) for change, count in self._changes()],
        )
        return "\n\n".join((by_reviewer, changes, "\n".join(self._notes())))

    def for_programs(self) -> str:
        """Return it as one JSON object."""
        report = {
            "cohort_id": self.cohort_id,
            "is_exact": self.is_exact,
            "reviewers": [_for_programs(each) for each in self.reviewers],
            "notes": list(self._notes()),
        }
        return json.dumps(report)

    def _changes(self) -> list[tuple[Change, int]]:
        counted = Counter[Change]()
        for each in self.reviewers:
            counted.update(each.changes)
        return sorted(counted.items(), key=lambda item: (-item[1], _told(item[0])))

    def _notes(self) -> Iterator[str]:
        yield "Nothing was written."
        if not self.is_exact:
            yield (
                "The key is not public, so no ticket is known. Expected numbers are"
                " sums of probabilities; charts are moved by what was really moderated."
            )
            return
        yield (
            "Drawn by the same tickets. Published, the other rules would have had"
            " tickets of their own, with the same expected numbers."
        )
        if unknown := sum(each.unknown or 0 for each in self.reviewers):
            yield (
                f"Unknown: {unknown} judgements that the other rules draw were never"
                " moderated. How they differed, and what their reviewers' charts would"
                " have drawn next because of it, cannot be known."
            )


def compared(logged: Logged, rules: Rules) -> Comparison:
    """Return what *rules* would have drawn.

    Raises:
        NothingDrawnError: there is no plan, or its randomness is not fixed.
    """
    found = what_if(logged.plan_facts, logged.draws, rules)
    return Comparison(logged.cohort_id, found)


def logged(client: Client, cohort_id: str) -> Logged:
    """Read the facts of a cohort's plan and draws from the event log."""
    draws: dict[str, list[DrawEvent]] = {}
    for stream, fact in _facts(client, "draw", f"draw-{cohort_id}."):
        reviewer_id = stream.removeprefix(f"draw-{cohort_id}.")
        draws.setdefault(reviewer_id, []).append(cast("DrawEvent", fact))
    plan_facts = [
        cast("PlanEvent", fact)
        for stream, fact in _facts(client, "plan", f"plan-{cohort_id}")
        if stream == f"plan-{cohort_id}"
    ]
    return Logged(cohort_id, plan_facts, draws)


def _facts(client: Client, category: str, begins: str) -> Iterator[tuple[str, object]]:
    lines = client.pages("/operations/events", category=category, limit=_PAGE)
    for line in lines:
        if line["stream"].startswith(begins):
            yield line["stream"], _CODEC.decode(_stored(line))


def _stored(line: Mapping[str, Any]) -> StoredFact:
    return StoredFact(
        position=line["position"],
        stream=line["stream"],
        type=line["type"],
        schema_version=line["schema_version"],
        payload=json.dumps(_with_envelopes(line["payload"])).encode(),
    )


def _with_envelopes(value: Any) -> Any:
    """Put an empty envelope where the log shows only for whom one is sealed."""
    if isinstance(value, dict):
        if value.keys() == {"sealed_for"}:
            subject = value["sealed_for"]
            return {"subject": subject, "key": "", "nonce": "", "ciphertext": ""}
        return {name: _with_envelopes(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_envelopes(part) for part in value]
    return value


def _cells(each: Differing) -> tuple[str, ...]:
    return (
        each.reviewer_id,
        str(each.judgements),
        str(each.drawn_then),
        NONE if each.drawn_now is None else str(each.drawn_now),
        f"{each.expected_then:.1f}",
        f"{each.expected_now:.1f}",
        str(sum(each.changes.values())),
        NONE if each.unknown is None else str(each.unknown),
    )


def _told(change: Change) -> str:
    return f"{_worded(change.then)} -> {_worded(change.now)}"


def _worded(inclusion: Inclusion) -> str:
    share = 100 * inclusion.probability_ppm / PARTS_PER_MILLION
    return f"{inclusion.rule} {share:.4g} %"


def _for_programs(each: Differing) -> dict[str, Any]:
    changes = sorted(each.changes.items(), key=lambda item: _told(item[0]))
    return {
        "reviewer_id": each.reviewer_id,
        "judgements": each.judgements,
        "drawn_then": each.drawn_then,
        "drawn_now": each.drawn_now,
        "expected_then": round(each.expected_then, DECIMALS),
        "expected_now": round(each.expected_now, DECIMALS),
        "unknown": each.unknown,
        "changes": [
            {
                "rule_then": change.then.rule,
                "probability_ppm_then": change.then.probability_ppm,
                "rule_now": change.now.rule,
                "probability_ppm_now": change.now.probability_ppm,
                "judgements": count,
            }
            for change, count in changes
        ],
    }
