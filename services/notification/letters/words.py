"""The words of each letter, kept as data beside the layouts, and filled in here.

A changed word or layout is a new version: ``versions.yaml`` names the version of each
letter and the digest of its files, and a test holds the two together.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from jinja2 import Environment, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.notification.domain.events import Template
from services.notification.letters.plain import plain
from shared.programmes.strict_yaml import read_yaml
from shared.vocabulary import Sha256

FOLDER = Path(__file__).parents[1] / "templates"
LAYOUTS = ("letter.txt.jinja", "letter.html.jinja", "letter.typ")

_Text = Annotated[str, Field(min_length=1)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PointWords(_Record):
    """An item of a list, led by a few words in bold."""

    label: _Text
    text: _Text


class SectionWords(_Record):
    """A heading and what stands under it."""

    heading: _Text
    paragraphs: tuple[_Text, ...] = ()
    points: tuple[PointWords, ...] = ()
    shows_feedback: bool = False


class LetterWords(_Record):
    """A letter with gaps; a paragraph that turns out empty is left out."""

    subject: _Text
    decision: _Text
    required: _Text
    """Heads the changes to a criterion that is not met."""
    suggested: _Text
    """Heads those to a criterion that is met."""
    opening: tuple[_Text, ...]
    sections: tuple[SectionWords, ...]
    closing: tuple[_Text, ...]


class TemplateVersion(_Record):
    """Which words and layouts a letter has."""

    version: int = Field(ge=1)
    sha256: Sha256


@cache
def letter_words(template: Template) -> LetterWords:
    """Return the words of a letter."""
    path = FOLDER / f"{template}.yaml"
    return LetterWords.model_validate(read_yaml(path.read_bytes()))


@cache
def template_versions() -> Mapping[Template, TemplateVersion]:
    """Return version and digest of every letter."""
    content = read_yaml((FOLDER / "versions.yaml").read_bytes())
    return TypeAdapter(dict[Template, TemplateVersion]).validate_python(content)


def digest_of(template: Template) -> str:
    """Return the SHA-256 over the files that make up a letter, as they are now."""
    digest = hashlib.sha256()
    for name in (f"{template}.yaml", *LAYOUTS):
        content = (FOLDER / name).read_bytes()
        for piece in (name.encode(), content):
            digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()


def filled(text: str, gaps: Mapping[str, object]) -> str:
    """Return *text* with its gaps filled; a gap nobody fills is an error."""
    return plain(_environment.from_string(text).render(gaps))


_environment = Environment(
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - plain words; each layout escapes them for itself
)
