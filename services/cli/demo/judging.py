"""Judgements with evidence, as reviewers and moderators send them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.portfolio import Section, section_text
from shared.vocabulary import CRITERIA, MET_LEVEL, CriterionKey

PASSAGE_CHARACTERS = 120

Levels = Callable[[int, CriterionKey], int]


@dataclass(frozen=True, slots=True)
class Work:
    """Portfolios to be judged, and what those who judge them will say."""

    cohort: str
    cases: Collection[str]
    reviewer: Levels
    moderator: Levels
    second_moderator: Levels
    judged_before: int = 0
    """How many judgements of the cohort there are already."""
    is_sampled: bool = True
    """False after an appeal: moderated always, so that nothing is drawn."""
    is_first: bool = False
    """True for what was handed in at first: samples are judged as they deserve."""


_RATIONALE: Mapping[int, str] = {
    1: "The evidence comes from work outside the role that is described.",
    2: "There is a start, but colleagues' own accounts of the change are missing.",
    3: "The dates, the people and the figures agree with one another.",
    4: "The evidence is rich, and the weak results are discussed as openly as others.",
}
_COMMENT: Mapping[int, str] = {
    1: "Show work from the role you hold now, with your own part in it.",
    2: "Let colleagues say in their own words what changed for them.",
    3: "Your evidence is convincing here.",
    4: "This is an example others could learn from.",
}
OVERALL = "Thank you for a portfolio that lets the reader see your practice."


def passage_in(portfolio: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return a reference to the beginning of a section that has words."""
    sections = [Section.model_validate(each) for each in portfolio["sections"]]
    texts = [(each.key, section_text(each)) for each in sections]
    key, text = [found for found in texts if found[1].strip()][number % len(CRITERIA)]
    return {
        "kind": "passage",
        "snapshot_sha256": portfolio["snapshot_sha256"],
        "section": key,
        "start": 0,
        "end": min(len(text), PASSAGE_CHARACTERS),
    }


def criterion_words(
    portfolio: Mapping[str, Any], level: int, number: int, *, section: str | None = None
) -> dict[str, Any]:
    """Return the judgement of one criterion as the review interface takes it.

    *section* is where something has to change, if not where the evidence is.
    """
    reference = passage_in(portfolio, number)
    modification = {
        "section": section or reference["section"],
        "standard": "19",
        "text": _COMMENT[level],
    }
    return {
        "level": level,
        "rationale": _RATIONALE[level],
        "evidence": [reference],
        "modifications": [modification] if level < MET_LEVEL else [],
    }


def feedback_words(levels: Mapping[CriterionKey, int]) -> dict[str, Any]:
    """Return the feedback as the review interface takes it."""
    comments = {criterion: _COMMENT[level] for criterion, level in levels.items()}
    return {"overall": OVERALL, "comments": comments}


def full_feedback(
    levels: Mapping[CriterionKey, int], *, section: str = "critical-narrative"
) -> dict[str, Any]:
    """Return feedback in the agreed form, for a lead who overturns.

    *section* is where something has to change, if anything has to.
    """
    return {
        "overall": OVERALL,
        "criteria": {
            criterion: {
                "level": level,
                "comment": _COMMENT[level],
                "modifications": [
                    {
                        "section": section,
                        "standard": "19",
                        "text": _COMMENT[level],
                    }
                ]
                if level < MET_LEVEL
                else [],
            }
            for criterion, level in levels.items()
        },
    }


def levels_by(levels: Levels, number: int) -> dict[CriterionKey, int]:
    """Return the level of each criterion for participant *number*."""
    return {criterion: levels(number, criterion) for criterion in CRITERIA}
