"""Phrases that reviewers start from when they write feedback: never sent by themselves.

They are no part of what a case pins: a reviewer chooses and edits, and what was saved
is what counts.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.contracts.programme.values import Key, Record, Words, refuse_repeats
from shared.vocabulary import CriterionKey, Level, Outcome


class Phrase(Record):
    """A sentence or two about one criterion, for the levels it fits."""

    key: Key
    criterion: CriterionKey
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    text: Words
    says_only_the_level: bool = False
    """True where it holds of everything at these levels, so that it may be proposed
    unseen; others say something particular, which only a reviewer can know."""


class Opening(Record):
    """How feedback begins, by its outcome."""

    outcome: Outcome
    text: Words


class PhraseFile(Record):
    """The phrases of one programme, or of every programme."""

    programme: str | None
    """Code of a programme; None: of all."""
    overall: tuple[Opening, ...] = ()
    phrases: tuple[Phrase, ...]

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        where = self.programme or "every programme"
        refuse_repeats([each.key for each in self.phrases], "phrase", where)
        refuse_repeats([each.outcome for each in self.overall], "opening", where)
        return self
