"""What belongs to a sample beside what is handed in: the recipe and the judgement.

Both are files beside the sources, `sample.yaml` and `judgement.yaml`, and neither is
ever part of an upload.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.contracts.portfolio import SectionKey
from shared.vocabulary import (
    CRITERIA,
    MET_LEVEL,
    CriterionKey,
    Level,
    Outcome,
    outcome_of,
)

SOURCES = Path(__file__).resolve().parents[4] / "samples" / "sources"
RECIPE, JUDGEMENT = "sample.yaml", "judgement.yaml"
NOT_HANDED_IN = frozenset({RECIPE, JUDGEMENT})

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Adjustment(_Part):
    """A reasonable adjustment that was agreed for the participant."""

    asked_on: date
    agreed_on: date
    agreed_by: Words
    scope: Words
    extra_days: int = Field(ge=0)
    """Added to the deadline of the submission."""


class Recipe(_Part):
    """How a sample is handed in."""

    programme: Words
    template: Words
    about: Words
    """What a reviewer meets in it."""
    handed_in_as: Literal["document", "folder", "zip"]
    inside: Words | None = None
    """One folder around everything, as packing a folder makes it."""
    system_files: tuple[Words, ...] = ()
    """Files that the participant's computer left among the others."""
    bold_headings: tuple[Words, ...] = ()
    """Documents whose headings are only bold."""
    decomposed_names: bool = False
    """Accents in file names stand apart from their letters, as on a Mac."""
    adjustment: Adjustment | None = None


class Cited(_Part):
    """Words of a section on which a judgement rests, exactly as they stand there."""

    section: SectionKey
    words: Words


class Modification(_Part):
    """What would have to change before the criterion is met."""

    section: SectionKey
    standard: Words
    text: Words


class CriterionJudgement(_Part):
    """The level of one criterion, why, and where it is seen."""

    level: Level
    rationale: Words
    evidence: tuple[Cited, ...] = Field(min_length=1)
    modifications: tuple[Modification, ...] = ()


class Judgement(_Part):
    """The judgement a fair reviewer would reach."""

    outcome: Outcome
    borderline: bool = False
    criteria: Mapping[CriterionKey, CriterionJudgement]
    feedback: Words
    """What the participant is told."""

    @model_validator(mode="after")
    def _keeps_the_rules_of_judging(self) -> Self:
        levels = {key: each.level for key, each in self.criteria.items()}
        if set(levels) != set(CRITERIA) or outcome_of(levels) != self.outcome:
            message = f"outcome: {levels} does not give {self.outcome}"
            raise ValueError(message)
        if self.borderline and self.outcome != "CM":
            message = "borderline: only a CM can be"
            raise ValueError(message)
        for key, each in self.criteria.items():
            if each.level < MET_LEVEL and not each.modifications:
                message = f"criteria: {key} is below {MET_LEVEL} and asks for nothing"
                raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True)
class Sample:
    """One portfolio of the sample cohort: its sources, its recipe, its judgement."""

    folder: Path
    recipe: Recipe
    judgement: Judgement

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name


def read_samples(sources: Path = SOURCES) -> tuple[Sample, ...]:
    """Return every sample of *sources*, in the order of their names.

    Raises:
        FileNotFoundError: no sources, or one without its recipe or judgement.
        ValidationError: a recipe or judgement that contradicts the rules.
    """
    folders = sorted(path for path in sources.iterdir() if path.is_dir())
    return tuple(read_sample(folder) for folder in folders)


def read_sample(folder: Path) -> Sample:
    """Return the sample whose sources are in *folder*. Errors: `read_samples`."""
    return Sample(
        folder,
        Recipe.model_validate(yaml.safe_load((folder / RECIPE).read_text())),
        Judgement.model_validate(yaml.safe_load((folder / JUDGEMENT).read_text())),
    )
