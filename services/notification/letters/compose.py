"""From something to tell to a document: the words of the letter, its gaps filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.notification.letters.addresses import Correspondent
from services.notification.letters.document import (
    Change,
    Document,
    Judged,
    Labelled,
    Section,
)
from services.notification.letters.letter import Letter
from services.notification.letters.plain import one_line, paragraphs
from services.notification.letters.titles import Titles
from services.notification.letters.words import (
    LetterWords,
    SectionWords,
    day,
    filled,
    letter_words,
)
from shared.contracts.feedback import CriterionFeedback, Feedback
from shared.contracts.programme import Criterion, Programme
from shared.london import london_day
from shared.programmes import programme_of
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
        UnknownProgrammeError, UnknownProgrammeVersionError: there is no such one.
    """
    programme = programme_of(letter)
    words = letter_words(letter.template)
    writer = _Writer(letter, programme, words, _gaps(letter, programme))
    name = one_line(recipient.name)
    return Document(
        subject=one_line(writer.filled(words.subject)),
        sender=one_line(sender.name),
        reply_address=sender.address.strip(),
        recipient=name,
        written_on=day(london_day(sent_at)),
        facts=writer.facts(name),
        decision=writer.filled(words.decision or ""),
        opening=writer.paragraphs(words.opening),
        link=writer.link(),
        sections=writer.sections(),
        closing=writer.paragraphs(words.closing),
        has_pdf=words.has_pdf,
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

    def facts(self, name: str) -> tuple[Labelled, ...]:
        """Return what stands above the letter; a line that is empty is left out."""
        letter, words = self.letter, self.words
        person = {"participant": name, "about": one_line(letter.participant or "")}
        facts = (
            Labelled("Participant", person.get(words.names, "")),
            Labelled("Programme", f"{self.programme.title} ({self.programme.code})"),
            Labelled("Cohort", letter.cohort_id),
            Labelled("Reference", letter.case_id),
            *(
                Labelled(self.filled(each.label), self.filled(each.text))
                for each in words.facts
            ),
        )
        return tuple(fact for fact in facts if fact.text)

    def link(self) -> Labelled | None:
        """Return the link of the letter, where it has one."""
        words = self.words.link
        if words is None:
            return None
        return Labelled(self.filled(words.label), self.filled(words.text))

    def sections(self) -> tuple[Section, ...]:
        """Return the sections; one in which nothing stands is left out."""
        written = (self.section(words) for words in self.words.sections)
        return tuple(each for each in written if each.says_something)

    def section(self, words: SectionWords) -> Section:
        written = self.paragraphs(words.paragraphs)
        feedback = self.letter.feedback if words.shows_feedback else None
        if feedback is not None:
            written += paragraphs(feedback.overall)
        if words.shows_words:
            written += paragraphs(self.letter.words or "")
        points = (
            Labelled(self.filled(point.label), self.filled(point.text))
            for point in words.points
        )
        return Section(
            heading=self.filled(words.heading),
            paragraphs=written,
            points=tuple(point for point in points if point.text),
            judged=self.judged(feedback) if feedback else (),
        )

    def judged(self, feedback: Feedback) -> tuple[Judged, ...]:
        """Return what was found on each criterion, in the order of `CRITERIA`."""
        found = feedback.criteria
        mentioned = (
            change.section for each in found.values() for change in each.modifications
        )
        titles = Titles(self.programme, self.letter.portfolio_template, mentioned)
        criteria = {each.code: each for each in self.programme.criteria}
        headings = self.filled(self.words.required), self.filled(self.words.suggested)
        return tuple(
            _judged(criteria[key], found[key], titles, headings) for key in CRITERIA
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


def _gaps(letter: Letter, programme: Programme) -> dict[str, object]:
    return {
        "programme": programme,
        "policy": programme.policy,
        "matter": letter.matter,
        "told_on": letter.told_on,
        "case_id": letter.case_id,
        "link": letter.link,
        "participant": one_line(letter.participant or "") or "A participant",
        "unmet": _unmet(letter.feedback, programme),
    }


def _unmet(feedback: Feedback | None, programme: Programme) -> str:
    """Return the criteria that are not met, as words: ``sufficiency and ...``."""
    if feedback is None:
        return ""
    levels = feedback.levels()
    titles = {each.code: each.title.lower() for each in programme.criteria}
    unmet = [titles[key] for key in CRITERIA if levels[key] < MET_LEVEL]
    return " and ".join(filter(None, [", ".join(unmet[:-1]), *unmet[-1:]]))
