"""From a decision to a document: the words of the letter with its gaps filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.notification.letters.addresses import Correspondent
from services.notification.letters.document import (
    Change,
    Document,
    Judged,
    Labelled,
    Section,
)
from services.notification.letters.letter import LONDON, Letter
from services.notification.letters.plain import one_line, paragraphs
from services.notification.letters.titles import Titles
from services.notification.letters.words import (
    LetterWords,
    SectionWords,
    filled,
    letter_words,
)
from shared.contracts.feedback import CriterionFeedback
from shared.contracts.programme import Criterion, Programme
from shared.programmes import load_programme
from shared.vocabulary import CRITERIA, MET_LEVEL


def compose(
    letter: Letter,
    *,
    sent_at: datetime,
    sender: Correspondent,
    recipient: Correspondent,
) -> Document:
    """Return the letter as a document, dated *sent_at*.

    Raises:
        UnknownProgrammeError: no programme has the letter's code.
    """
    programme = load_programme(letter.programme)
    words = letter_words(letter.template)
    writer = _Writer(letter, programme, words, _gaps(letter, programme))
    name = one_line(recipient.name)
    return Document(
        subject=one_line(writer.filled(words.subject)),
        sender=one_line(sender.name),
        reply_address=sender.address.strip(),
        recipient=name,
        written_on=_day(sent_at.astimezone(LONDON).date()),
        facts=_facts(letter, programme, name),
        decision=writer.filled(words.decision),
        opening=writer.paragraphs(words.opening),
        sections=tuple(writer.section(each) for each in words.sections),
        closing=writer.paragraphs(words.closing),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Fills the gaps of one letter."""

    letter: Letter
    programme: Programme
    words: LetterWords
    gaps: Mapping[str, object]

    def filled(self, text: str) -> str:
        return filled(text, self.gaps)

    def paragraphs(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        written = (self.filled(text) for text in texts)
        return tuple(text for text in written if text)

    def section(self, words: SectionWords) -> Section:
        written = self.paragraphs(words.paragraphs)
        if words.shows_feedback:
            written += paragraphs(self.letter.feedback.overall)
        return Section(
            heading=self.filled(words.heading),
            paragraphs=written,
            points=tuple(
                Labelled(self.filled(point.label), self.filled(point.text))
                for point in words.points
            ),
            judged=self.judged() if words.shows_feedback else (),
        )

    def judged(self) -> tuple[Judged, ...]:
        """Return what was found on each criterion, in the order of `CRITERIA`."""
        feedback = self.letter.feedback.criteria
        mentioned = (
            change.section
            for each in feedback.values()
            for change in each.modifications
        )
        titles = Titles(self.programme, self.letter.portfolio_template, mentioned)
        criteria = {each.code: each for each in self.programme.criteria}
        headings = self.filled(self.words.required), self.filled(self.words.suggested)
        return tuple(
            _judged(criteria[key], feedback[key], titles, headings) for key in CRITERIA
        )


def _judged(
    criterion: Criterion,
    found: CriterionFeedback,
    titles: Titles,
    headings: tuple[str, str],
) -> Judged:
    """Return one criterion; *headings* are those of required and suggested changes."""
    required, suggested = headings
    return Judged(
        title=criterion.title,
        question=criterion.question,
        level=titles.level(found.level),
        paragraphs=paragraphs(found.comment),
        changes_title=required if found.level < MET_LEVEL else suggested,
        changes=tuple(
            Change(
                place=titles.section(one_line(change.section)),
                standard=titles.standard(one_line(change.standard)),
                paragraphs=paragraphs(change.text),
            )
            for change in found.modifications
        ),
    )


def _facts(letter: Letter, programme: Programme, name: str) -> tuple[Labelled, ...]:
    facts = (
        Labelled("Participant", name),
        Labelled("Programme", f"{programme.title} ({programme.code})"),
        Labelled("Cohort", letter.cohort_id),
        Labelled("Reference", letter.case_id),
        Labelled("Date of decision", _day(letter.decided_on)),
    )
    return tuple(fact for fact in facts if fact.text)


def _gaps(letter: Letter, programme: Programme) -> dict[str, object]:
    levels = letter.feedback.levels()
    titles = {each.code: each.title.lower() for each in programme.criteria}
    unmet = [titles[key] for key in CRITERIA if levels[key] < MET_LEVEL]
    return {
        "programme": programme,
        "entitlements": letter.entitlements,
        "resubmit_by": _day(letter.resubmit_by),
        "unmet": " and ".join(filter(None, [", ".join(unmet[:-1]), *unmet[-1:]])),
    }


def _day(day: date) -> str:
    """``Monday 2 November 2026``."""
    return f"{day:%A} {day.day} {day:%B %Y}"
