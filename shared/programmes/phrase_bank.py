"""The phrase bank: what reviewers may start from, by programme, criterion and level.

Every ``phrases/*.yaml`` beside the programme files, and beside the operator's own ones,
is read once. Invariant: for every programme there is a phrase that says only the level,
for each criterion at each level, and an opening for each outcome.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from shared.contracts.programme import Opening, Phrase, PhraseFile
from shared.programmes.files import ProgrammeFileError, describe
from shared.programmes.strict_yaml import NotPlainYamlError, read_yaml
from shared.vocabulary import CRITERIA, CriterionKey, Outcome

LEVELS = (1, 2, 3, 4)
PHRASES = "phrases"
"""Name of the folder beside the programme files."""


@dataclass(frozen=True, slots=True)
class PhraseBank:
    """The phrases of every programme."""

    by_programme: Mapping[str | None, tuple[Phrase, ...]]
    """None: for all of them."""
    openings: Mapping[tuple[str | None, Outcome], str]

    def of(
        self,
        programme: str,
        criterion: CriterionKey | None = None,
        level: int | None = None,
    ) -> tuple[Phrase, ...]:
        """Return the programme's own phrases, then those for all, that fit."""
        own = (*self.by_programme.get(programme, ()), *self.by_programme[None])
        return tuple(
            each
            for each in own
            if criterion in {None, each.criterion}
            and (level is None or level in each.levels)
        )

    def level(self, programme: str, criterion: CriterionKey, level: int) -> str:
        """Return what holds of everything at this level of the criterion."""
        fitting = self.of(programme, criterion, level)
        return next(each.text for each in fitting if each.says_only_the_level)

    def opening(self, programme: str, outcome: Outcome) -> str:
        """Return how feedback with this outcome begins."""
        own = self.openings.get((programme, outcome))
        return self.openings[None, outcome] if own is None else own


def read_phrases(*folders: Path) -> PhraseBank:
    """Return the phrases in *folders*; one that does not exist has none.

    Raises:
        ProgrammeFileError: a file cannot be used, or something has no phrase.
    """
    phrases: dict[str | None, tuple[Phrase, ...]] = {None: ()}
    openings: dict[tuple[str | None, Outcome], str] = {}
    for file in _files(folders):
        before = phrases.get(file.programme, ())
        phrases[file.programme] = (*before, *file.phrases)
        openings |= {_opens(file, each): each.text for each in file.overall}
    bank = PhraseBank(phrases, openings)
    _refuse_gaps(bank)
    return bank


@cache
def phrase_bank(*folders: Path) -> PhraseBank:
    """Return the phrases in *folders*, read once. Errors as `read_phrases`."""
    return read_phrases(*folders)


def _files(folders: tuple[Path, ...]) -> Iterator[PhraseFile]:
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            yield _read(path)


def _read(path: Path) -> PhraseFile:
    file = f"{PHRASES}/{path.name}"
    try:
        return PhraseFile.model_validate(read_yaml(path.read_bytes()))
    except (NotPlainYamlError, OSError) as error:
        message = f"{file}: cannot be read ({error}): correct it there."
        raise ProgrammeFileError(message, file=file) from error
    except ValidationError as error:
        raise ProgrammeFileError(describe(file, error), file=file) from error


def _opens(file: PhraseFile, opening: Opening) -> tuple[str | None, Outcome]:
    return file.programme, opening.outcome


def _refuse_gaps(bank: PhraseBank) -> None:
    every = bank.by_programme[None]
    known = {
        (each.criterion, level)
        for each in every
        if each.says_only_the_level
        for level in each.levels
    }
    missing = [
        f"{criterion} at {level}"
        for criterion, level in product(CRITERIA, LEVELS)
        if (criterion, level) not in known
    ]
    outcomes: tuple[Outcome, ...] = get_args(Outcome)
    missing += [
        f"an opening for {each}"
        for each in outcomes
        if (None, each) not in bank.openings
    ]
    if missing:
        message = f"{PHRASES}: no phrase for every programme: {', '.join(missing)}"
        raise ProgrammeFileError(message, missing=missing)
