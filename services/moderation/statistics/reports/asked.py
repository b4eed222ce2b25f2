"""What parts of a report share: thresholds that are stated in it, and its seeds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.moderation.statistics.agreement.joint import joint_of_pairs
from services.moderation.statistics.agreement.of_pairs import PairAgreement
from services.moderation.statistics.estimates import Estimate, not_estimable
from services.moderation.statistics.rates import Picks, official_rate
from services.moderation.statistics.reports.judgements import BlindMark, Judgement
from shared.vocabulary import CriterionKey, Outcome

LEAST_PAIRS = 40
"""Pairs from which a coefficient corrected for chance is printed. Source: statistics.md
1.6: at 20 pairs the interval of kappa is .75 wide."""

LEAST_IN_GROUP = 10
"""Participants: smaller groups are not shown (P)."""

OVERTURN_THRESHOLD = 0.10
"""Overturn rate whose chance to be exceeded is told. Source: statistics.md 3.2."""

SEVERITY_LIMIT = 0.5
"""Levels: half a level on average is what two readers would notice (P)."""

LEVELS = (1, 2, 3, 4)
OUTCOMES = (0, 1)
"""CNM and CM as marks."""

_MARKS: dict[Outcome, int] = {"CNM": 0, "CM": 1}


@dataclass(frozen=True, slots=True)
class Seeds:
    """Where draws come from: the log, and the name of the statistic."""

    head: str

    def of(self, *names: str) -> str:
        """Return the text that seeds the draws of one statistic."""
        return "|".join((self.head, *names))


def mark_of(mark: BlindMark) -> float:
    """Return the outcome that a moderator gave as a mark."""
    return _MARKS[mark.outcome]


def outcome_pairs(judgements: Iterable[Judgement]) -> list[tuple[float, float]]:
    """Return the outcome of reviewer and first moderator as marks."""
    return [
        (_MARKS[each.judged.outcome], _MARKS[each.blind[0].outcome])
        for each in judgements
    ]


def level_pairs(
    judgements: Iterable[Judgement], criterion: CriterionKey
) -> list[tuple[float, float]]:
    """Return the level of reviewer and first moderator on *criterion*."""
    return [
        (each.judged.levels[criterion], each.blind[0].levels[criterion])
        for each in judgements
    ]


def moderator_pairs(judgements: Iterable[Judgement]) -> list[tuple[float, float]]:
    """Return the outcomes of first and second moderator where there were two."""
    return [
        (_MARKS[each.blind[0].outcome], _MARKS[each.blind[1].outcome])
        for each in judgements
        if len(each.blind) > 1
    ]


def agreement(
    scale: Sequence[float],
    pairs: Sequence[tuple[float, float]],
    seed_text: str,
    *,
    inclusion: Sequence[float] | None = None,
) -> PairAgreement:
    """Return the agreement of *pairs*, weighted by how likely each was drawn."""
    joint = joint_of_pairs(scale, pairs, inclusion=inclusion)
    return PairAgreement(joint, seed_text=seed_text)


def enough(found: PairAgreement) -> bool:
    """Tell whether there are pairs enough for coefficients corrected for chance."""
    return found.joint.pairs >= LEAST_PAIRS


def too_few(pairs: int, least: int = LEAST_PAIRS) -> Estimate:
    """Return the refusal to print what so few pairs do not support."""
    return not_estimable(f"too few: {pairs} of at least {least}")


def official(judgements: Iterable[Judgement]) -> Estimate:
    """Return the official overturn rate of settled *judgements*."""
    picks: dict[str, list[Judgement]] = {}
    for each in judgements:
        if each.is_settled and each.is_official:
            picks.setdefault(each.reviewer_id, []).append(each)
    return official_rate([_picks(each) for each in picks.values()], block_size=1)


def _picks(judgements: Sequence[Judgement]) -> Picks:
    hidden = [each for each in judgements if not each.is_first]
    return Picks(
        first=[float(each.is_wrong) for each in judgements if each.is_first],
        hidden=[float(each.is_wrong) for each in hidden],
        sizes=[each.block_size for each in hidden],
    )
