"""How facts add up to the content of a portfolio in the making."""

from typing import TypeAlias, assert_never

from services.submission.domain.events import (
    ContributionEvent,
    EvidenceAttached,
    EvidenceRemoved,
    FeedbackReceived,
    FeedbackRequested,
    PortfolioEvent,
    SectionSaved,
    SelfRatingRecorded,
    StatementReceived,
    StatementRequested,
    TemplateChosen,
)
from services.submission.domain.states import Open
from shared.decider import replace

ContentEvent: TypeAlias = PortfolioEvent | ContributionEvent
"""What changes what a portfolio says."""


def words_of_file(evidence_id: str) -> str:
    """Return the key of the section that holds the words of an evidence file."""
    return f"evidence-{evidence_id}"


def grow(state: Open, event: ContentEvent) -> Open:
    """Return the portfolio as it is after *event*."""
    match event:
        case EvidenceAttached():
            evidence = {**state.evidence, event.evidence_id: event}
            removed = state.removed - {event.evidence_id}
            return replace(state, evidence=evidence, removed=removed)
        case SectionSaved() | SelfRatingRecorded():
            return replace(state, sections={**state.sections, event.key: event})
        case EvidenceRemoved():
            return _without(state, event.evidence_id)
        case TemplateChosen():
            return replace(state, template=event.template)
        case FeedbackRequested() | StatementRequested():
            return replace(state, requests={**state.requests, event.request_id: event})
        case FeedbackReceived() | StatementReceived():
            answers = {**state.answers, event.request_id: event}
            sections = {**state.sections, event.key: event}
            return replace(state, answers=answers, sections=sections)
        case _:
            assert_never(event)


def _without(state: Open, evidence_id: str) -> Open:
    evidence, sections = dict(state.evidence), dict(state.sections)
    evidence.pop(evidence_id, None)
    sections.pop(words_of_file(evidence_id), None)
    removed = state.removed | {evidence_id}
    return replace(state, evidence=evidence, sections=sections, removed=removed)
