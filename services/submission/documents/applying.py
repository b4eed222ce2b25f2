"""An application form in Word, read into the fields that its programme asks for.

Fields stand as ``Label: words``, as a label with words under it, or in rows of a table
beside their label; labels are known by title or another name, whatever their case,
accents, numbers and punctuation. Text before the first label belongs to nobody.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.submission.documents.refusals import PortfolioRefusedError, Problems
from shared.contracts.portfolio import Block, Heading, Paragraph, Table
from shared.contracts.programme import FormField

MOST_CHARACTERS = 5_000
"""Of one answer; as much as the office's own form takes (P)."""

_DAYS = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%B %Y", "%m/%Y")
_PLACEHOLDERS = frozenset(
    {"click or tap here to enter text", "click or tap to enter a date"}
)
"""What Word itself writes into an empty field."""
_NUMBER = re.compile(r"^\W*(?:\d+|[a-z])[.)]\s+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class ApplicationRefusedError(PortfolioRefusedError):
    """The application form cannot be taken in: see what is wrong with each field."""


@dataclass(slots=True)
class _Reading:
    """What was found so far, by field; *current* takes what comes next."""

    names: Mapping[str, FormField]
    found: dict[str, list[str]] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    current: str | None = None

    def labelled(self, text: str) -> FormField | None:
        return self.names.get(_plain(text))

    def begin(self, asked: FormField, words: Iterable[str]) -> None:
        said = [each for each in (_said(word) for word in words) if each]
        before = self.found.setdefault(asked.key, [])
        if said and before and said != before:
            self.twice.add(asked.key)
        elif said:
            before[:] = said
        self.current = asked.key

    def go_on(self, words: str) -> None:
        said = _said(words)
        if self.current is not None and said:
            self.found[self.current].append(said)


def read_form(
    blocks: Sequence[Block], fields: Sequence[FormField], *, today: date
) -> dict[str, str]:
    """Return what the form says, by field; dates as ``2019-07-12``.

    Raises:
        ApplicationRefusedError: names each field that is missing, said twice or cannot
            be read, with what to do.
    """
    reading = _Reading({name: each for each in fields for name in _names(each)})
    for block in blocks:
        _read(block, reading)
    problems, answers = Problems(), {}
    for each in fields:
        text = "\n".join(reading.found.get(each.key, ()))
        if each.key in reading.twice:
            problems.add(
                each.title,
                reason="The form says this in two places, and not the same.",
                remedy="Leave one of them.",
            )
        elif text:
            answers[each.key] = _checked(each, text, today, problems)
        elif each.required:
            problems.add(
                each.title,
                reason="The form says nothing here.",
                remedy=f"Write it beside or under “{each.title}”.",
            )
    if problems.found:
        raise ApplicationRefusedError(problems.found)
    return answers


def _read(block: Block, reading: _Reading) -> None:
    match block:
        case Heading(text=text):
            _heading(text, reading)
        case Paragraph(text=text) if _is_bold(block):
            _heading(text, reading)
        case Paragraph(text=text):
            for line in text.splitlines():
                _line(line, reading)
        case Table(rows=rows):
            for row in rows:
                _row(row, reading)
        case _:
            pass  # a picture answers nothing


def _heading(text: str, reading: _Reading) -> None:
    reading.current = None
    _line(text, reading)


def _line(line: str, reading: _Reading) -> None:
    label, _, words = line.partition(":")
    asked = reading.labelled(line)
    if asked is not None:
        reading.begin(asked, ())
    elif (asked := reading.labelled(label)) is not None:
        reading.begin(asked, (words,))
    else:
        reading.go_on(line)


def _row(row: Sequence[str], reading: _Reading) -> None:
    if len([each for each in row if each.strip()]) == 1 and len(row) == 1:
        _line(row[0], reading)
        return
    asked: FormField | None = None
    words: list[str] = []
    for cell in row:
        following = reading.labelled(cell)
        if following is None:
            words.append(cell)
            continue
        if asked is not None:
            reading.begin(asked, words)
        asked, words = following, []
    if asked is not None:
        reading.begin(asked, words)
    reading.current = None


def _checked(each: FormField, text: str, today: date, problems: Problems) -> str:
    if len(text) > MOST_CHARACTERS:
        problems.add(
            each.title,
            reason=f"This is longer than {MOST_CHARACTERS:,} characters.",
            remedy="Shorten it.",
        )
    elif each.kind == "email" and not _ADDRESS.fullmatch(text):
        problems.add(
            each.title,
            reason="This is no e-mail address.",
            remedy="Give one alone, of the form name@domain.",
        )
    elif each.kind == "date":
        return _day(each, text, today, problems)
    return text


def _day(each: FormField, text: str, today: date, problems: Problems) -> str:
    day = next(_days(_ORDINAL.sub("", text).replace(",", " ")), None)
    if day is None:
        problems.add(
            each.title,
            reason="This cannot be read as a date.",
            remedy="Write day, month and year, for example 12 July 2019.",
        )
    elif day > today:
        problems.add(
            each.title,
            reason="This day is still to come.",
            remedy="Give the day on which it was awarded.",
        )
    return text if day is None else day.isoformat()


def _days(text: str) -> Iterator[date]:
    for form in _DAYS:
        try:
            yield datetime.strptime(" ".join(text.split()), form).date()  # noqa: DTZ007 - a day alone
        except ValueError:
            continue


def _names(each: FormField) -> Iterator[str]:
    yield from (_plain(name) for name in (each.title, *each.also))


def _plain(text: str) -> str:
    """Return *text* as labels are compared: no case, accents, number, punctuation."""
    bare = unicodedata.normalize("NFKD", _ASIDE.sub(" ", text)).casefold()
    bare = "".join(each for each in bare if not unicodedata.combining(each))
    return " ".join(re.findall(r"[^\W_]+", _NUMBER.sub("", bare)))


def _said(text: str) -> str:
    said = text.strip()
    return "" if _plain(said) in _PLACEHOLDERS else said


def _is_bold(block: Paragraph) -> bool:
    bold = sum(each.end - each.start for each in block.emphasis if each.bold)
    return bold >= len(block.text.strip()) > 0
