"""Feedback proposed from a judgement: a beginning that its reviewer edits and saves.

Invariant: a proposal is never kept and never sent; it says what follows from levels,
evidence and required modifications, and nothing that only a reader of the portfolio can
know. The rationale stays with the assessors, so no word of it is in a proposal.
"""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from services.review.handlers.words import CriterionWords, QuotedPassage
from shared.contracts.programme import Programme
from shared.programmes.phrase_bank import PhraseBank
from shared.vocabulary import (
    CRITERIA,
    MET_LEVEL,
    CriterionKey,
    Level,
    outcome_of,
)


class FeedbackProposal(BaseModel):
    """What feedback could say, in the shape in which it is saved."""

    overall: str | None
    """None until all three criteria are judged."""
    comments: dict[CriterionKey, str]
    missing: tuple[CriterionKey, ...]
    """Criteria that are still to be judged."""


def propose(
    judged: Mapping[CriterionKey, CriterionWords],
    programme: Programme,
    template: str,
    bank: PhraseBank,
) -> FeedbackProposal:
    """Return what the judgements so far lead to."""
    missing = tuple(key for key in CRITERIA if key not in judged)
    titles = _titles(programme, template)
    return FeedbackProposal(
        overall=None if missing else _overall(judged, programme, bank),
        comments={
            key: _comment(key, judged[key], programme.code, titles, bank)
            for key in CRITERIA
            if key in judged
        },
        missing=missing,
    )


def _overall(
    judged: Mapping[CriterionKey, CriterionWords],
    programme: Programme,
    bank: PhraseBank,
) -> str:
    levels: dict[CriterionKey, Level] = {key: judged[key].level for key in CRITERIA}
    opening = bank.opening(programme.code, outcome_of(levels))
    names = {each.code: each.title for each in programme.criteria}
    met = [names[key] for key in CRITERIA if levels[key] >= MET_LEVEL]
    if not met or len(met) == len(CRITERIA):
        return opening
    return f"{opening}\n\nAlready met: {_listed(met)}."


def _comment(
    key: CriterionKey,
    words: CriterionWords,
    programme: str,
    titles: Mapping[str, str],
    bank: PhraseBank,
) -> str:
    phrase = bank.level(programme, key, words.level)
    if words.level >= MET_LEVEL:
        cited = (
            titles.get(each.section, each.section)
            for each in words.evidence
            if isinstance(each, QuotedPassage)
        )
        return _with(phrase, "We saw this in particular in", cited)
    wanted = (titles.get(each.section, each.section) for each in words.modifications)
    return _with(phrase, "What has to change is listed below; it concerns", wanted)


def _with(phrase: str, before: str, names: Iterable[str]) -> str:
    different = list(dict.fromkeys(names))
    return f"{phrase} {before} {_listed(different)}." if different else phrase


def _listed(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _titles(programme: Programme, template: str) -> dict[str, str]:
    known = programme.template(template)
    return {} if known is None else {each.key: each.title for each in known.sections}
