"""What a review asks, and the professional standards a portfolio is held against."""

from pydantic import Field

from shared.contracts.programme.values import Key, Record, Words


class Level(Record):
    """One step of the scale on which a criterion is judged."""

    level: int = Field(ge=1)
    title: Words


class Descriptor(Record):
    """What a criterion looks like at one level."""

    level: int = Field(ge=1)
    text: Words


class Criterion(Record):
    """A question every review answers, with a descriptor for each level."""

    code: Key
    title: Words
    question: Words
    descriptors: tuple[Descriptor, ...]


class Standard(Record):
    """One professional standard, in our own words."""

    number: int = Field(ge=1)
    title: Words
    text: Words


class StandardGroup(Record):
    """Professional standards that belong together."""

    code: Key
    title: Words
    standards: tuple[Standard, ...] = Field(min_length=1)
