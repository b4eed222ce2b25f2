"""The words of each letter, kept as data beside the layouts, and filled in here.

A changed word or layout is a new version: ``versions.yaml`` names the version of each
letter and the digest of its files, and a test holds the two together.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from jinja2 import Environment, StrictUndefined
from jinja2 import Template as JinjaTemplate
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.notification.domain.events import Template
from services.notification.letters.plain import plain
from shared.london import LONDON, london_day
from shared.programmes.strict_yaml import read_yaml
from shared.vocabulary import Sha256

FOLDER = Path(__file__).parents[1] / "templates"
LAYOUTS = ("letter.txt.jinja", "letter.html.jinja", "letter.typ")
CERTIFICATE = "certificate.typ"
NOON = 12
PENCE_A_POUND = 100

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
    shows_words: bool = False
    """Explanations and reasons, as they were written."""


class LetterWords(_Record):
    """A letter with gaps; a paragraph that turns out empty is left out."""

    subject: _Text
    names: Literal["participant", "about", "nobody"] = "participant"
    """Who is the participant in the list of facts: the reader, whom the letter is
    about, or nobody, because a reviewer reads it."""
    has_pdf: bool = False
    has_certificate: bool = False
    has_calendar: bool = False
    facts: tuple[PointWords, ...] = ()
    decision: _Text | None = None
    required: _Text = "What to change"
    """Heads the changes to a criterion that is not met."""
    suggested: _Text = "Suggestions"
    """Heads those to a criterion that is met."""
    opening: tuple[_Text, ...]
    link: PointWords | None = None
    sections: tuple[SectionWords, ...] = ()
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
    words = letter_words(template)
    layouts = LAYOUTS if words.has_pdf else LAYOUTS[:2]
    certificate = (CERTIFICATE,) if words.has_certificate else ()
    for name in (f"{template}.yaml", *layouts, *certificate):
        content = (FOLDER / name).read_bytes()
        for piece in (name.encode(), content):
            digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()


def filled(text: str, gaps: Mapping[str, object]) -> str:
    """Return *text* with its gaps filled; a gap nobody fills is an error."""
    return plain(_template(text).render(gaps))


@cache
def _template(text: str) -> JinjaTemplate:
    """Return *text* compiled: it comes from the files of the letters, so it is few."""
    return _environment.from_string(text)


def day(at: date) -> str:
    """Return ``Monday 2 November 2026``; of a moment, the day it is in London."""
    on = at.astimezone(LONDON) if isinstance(at, datetime) else at
    return f"{on:%A} {on.day} {on:%B %Y}"


def moment(at: datetime) -> str:
    """Return ``Monday 2 November 2026 at 9.30am``, in London time."""
    local = at.astimezone(LONDON)
    hour, half = local.hour % 12 or 12, "am" if local.hour < NOON else "pm"
    return f"{day(local.date())} at {hour}.{local:%M}{half}"


def last_moment(at: datetime) -> str:
    """Return until when something may come: what ends at midnight ends with its day.

    ``the end of Sunday 1 November 2026``, or as `moment` for any other time.
    """
    before = at - timedelta(microseconds=1)
    is_midnight = london_day(before) < london_day(at)
    return f"the end of {day(before)}" if is_midnight else moment(at)


def pounds(pence: int) -> str:
    """Return ``£150`` or ``£90.50``."""
    whole, rest = divmod(pence, PENCE_A_POUND)
    return f"£{whole:,}.{rest:02d}" if rest else f"£{whole:,}"


def months(numbers: Sequence[int]) -> str:
    """Return ``February, June and November``."""
    names = [f"{date(2000, number, 1):%B}" for number in numbers]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


_environment = Environment(
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - plain words; each layout escapes them for itself
)
_environment.filters["day"] = day
_environment.filters["moment"] = moment
_environment.filters["last_moment"] = last_moment
_environment.filters["pounds"] = pounds
_environment.filters["months"] = months
