"""The samples that come with attest, as they are handed in and judged in the play."""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.cli.demo import cast
from services.cli.demo.judging import Levels
from services.submission.documents import pack
from services.submission.documents.samples import (
    Judgement,
    Sample,
    read_samples,
    render_sample,
)
from shared.contracts.portfolio import Section, section_text
from shared.errors import ConflictError
from shared.vocabulary import CriterionKey

_WORDS_OF_A_FILE = re.compile(r"evidence-\d+")
"""Section of a sample that is a file of evidence. Source: the samples."""


class NotCitedError(ConflictError):
    """A judgement of a sample cites words that are not in the portfolio."""


@dataclass(frozen=True, slots=True)
class Library:
    """Samples by the number of whoever hands them in; none in a small cohort."""

    samples: Mapping[int, Sample] = field(default_factory=dict)

    @classmethod
    def open(cls) -> "Library":
        """Return every sample that is played with."""
        by_name = {sample.name: sample for sample in read_samples()}
        return cls(
            {number: by_name[each.sample] for number, each in cast.WRITTEN.items()}
        )

    def upload(self, number: int) -> tuple[str, bytes]:
        """Return name and content of the file that this participant hands in."""
        with tempfile.TemporaryDirectory(prefix="attest-sample-") as directory:
            path = render_sample(self.samples[number], Path(directory))
            if path.is_dir():
                return f"{path.name}.zip", pack(path)
            return path.name, path.read_bytes()

    def judgement(self, number: int) -> Judgement | None:
        """Return how a fair reviewer judges what this participant handed in."""
        sample = self.samples.get(number)
        return sample.judgement if sample else None

    def levels(self, otherwise: Levels) -> Levels:
        """Return the levels of samples, and *otherwise* those of everybody else."""

        def level(number: int, criterion: CriterionKey) -> int:
            judgement = self.judgement(number)
            if judgement is None:
                return otherwise(number, criterion)
            return judgement.criteria[criterion].level

        return level


def written_criterion(
    portfolio: Mapping[str, Any], judgement: Judgement, criterion: CriterionKey
) -> dict[str, Any]:
    """Return one criterion of *judgement* as the review interface takes it.

    Raises:
        NotCitedError: it cites what the portfolio does not say.
    """
    judged = judgement.criteria[criterion]
    return {
        "level": judged.level,
        "rationale": judged.rationale,
        "evidence": [
            _passage(portfolio, cited.section, cited.words) for cited in judged.evidence
        ],
        "modifications": [each.model_dump() for each in judged.modifications],
    }


def written_feedback(judgement: Judgement) -> dict[str, Any]:
    """Return the feedback of *judgement* as the review interface takes it."""
    comments = {key: each.rationale for key, each in judgement.criteria.items()}
    return {"overall": judgement.feedback, "comments": comments}


def _passage(portfolio: Mapping[str, Any], key: str, words: str) -> dict[str, Any]:
    """Return a reference to *words*, wherever a line of them ends."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    for section in map(Section.model_validate, portfolio["sections"]):
        found = pattern.search(section_text(section))
        # What is cited as words of a file is kept under the id of that file.
        if found and (section.key == key or _WORDS_OF_A_FILE.fullmatch(key)):
            return {
                "kind": "passage",
                "snapshot_sha256": portfolio["snapshot_sha256"],
                "section": section.key,
                "start": found.start(),
                "end": found.end(),
            }
    raise NotCitedError(section=key)
