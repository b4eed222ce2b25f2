"""How somebody comes into a programme: application, cohorts, and who supports them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contracts.programme.values import (
    Key,
    Positive,
    PositiveSetting,
    Record,
    Source,
    Sourced,
    Words,
    refuse_repeats,
)

Month = Annotated[int, Field(ge=1, le=12)]
"""1 is January."""


PERSON_FIELDS = ("name", "email", "organisation")
"""Fields of every form: who applies is entered in the directory by them."""
SUPPORT_FIELD = "support"
"""Field in which an adjustment is asked for. Source: S2 3.1.1."""


class Requirement(Record):
    """Something an applicant must have; a refusal names it by its key."""

    key: Key
    text: Words
    years: Sourced[Positive] | None = None
    """At least so many years, where the requirement is a length of time."""
    source: Source


class FormField(Record):
    """What the application form asks, under which names."""

    key: Key
    title: Words
    """How a refusal names it."""
    also: tuple[Words, ...] = ()
    """Other labels under which it is answered."""
    kind: Literal["text", "date", "email"] = "text"
    required: bool = True
    answers: Key | None = None
    """The requirement that it answers."""
    source: Source


class Application(Record):
    """A form that comes before enrolment, and who decides about it."""

    form: Words
    opens_months_before_start: PositiveSetting
    closes_months_before_start: PositiveSetting
    decided_by: Sourced[Literal["panel"]]
    """Who decides eligibility: a panel."""
    fields: tuple[FormField, ...] = ()
    """What a form in Word answers; none where forms are not taken as documents."""

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> Self:
        opens, closes = self.opens_months_before_start, self.closes_months_before_start
        if closes.value > opens.value:
            message = "closes_months_before_start: must not be before it opens"
            raise ValueError(message)
        return self


class Entry(Record):
    """Who may take part, and whether they have to apply first."""

    application: Application | None
    """None: whoever is put on the list of a cohort is enrolled."""
    requirements: tuple[Requirement, ...]

    @model_validator(mode="after")
    def _form_answers_what_is_required(self) -> Self:
        refuse_repeats([each.key for each in self.requirements], "requirement", "entry")
        fields = self.application.fields if self.application else ()
        refuse_repeats([each.key for each in fields], "field", "form")
        names = [name for each in fields for name in (each.title, *each.also)]
        refuse_repeats([each.casefold() for each in names], "label", "form")
        answered = {each.answers for each in fields if each.answers and each.required}
        asked = {each.key for each in self.requirements}
        if fields and answered != asked:
            message = f"application.fields: answer each requirement: {sorted(asked)}"
            raise ValueError(message)
        for key in PERSON_FIELDS if fields else ():
            if not any(each.key == key and each.required for each in fields):
                message = f"application.fields: the form must ask for {key!r}"
                raise ValueError(message)
        return self

    def requirement(self, key: str) -> Requirement | None:
        """The requirement called *key*, or None."""
        return next((each for each in self.requirements if each.key == key), None)


class CohortRhythm(Record):
    """How often a programme begins."""

    per_year: PositiveSetting
    start_months: Sourced[tuple[Month, ...]]

    @model_validator(mode="after")
    def _as_many_months_as_cohorts(self) -> Self:
        months = self.start_months.value
        if len(set(months)) != len(months) or len(months) != self.per_year.value:
            message = f"start_months: name {self.per_year.value} different months"
            raise ValueError(message)
        return self


class Support(Record):
    """Who accompanies a participant, and writes the statement about the work."""

    title: Words
    """What a mentor is called here: ``Mentor`` or ``Supporter``."""
    appointed_by: Sourced[Literal["participant"]]
    may_ask_for_one: Sourced[bool]
    """A participant who has nobody may ask the programme to appoint someone."""
