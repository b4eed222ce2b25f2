"""What a programme is: its templates, criteria, standards and policy, as pure values.

A programme is data. Every value here comes from a file in `shared/programmes`, every
number in a policy carries its source, and a case keeps the two versions it was
submitted under, so that a later file never re-interprets an earlier case.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.programme.criteria import (
    Criterion,
    Descriptor,
    Level,
    Standard,
    StandardGroup,
)
from shared.contracts.programme.policy import (
    Policy,
    ReviewPolicy,
    SamplingPolicy,
    UploadPolicy,
)
from shared.contracts.programme.templates import (
    Layout,
    Part,
    SectionKind,
    SectionTemplate,
    Template,
)
from shared.contracts.programme.values import (
    Record,
    Sourced,
    Version,
    Words,
    refuse_repeats,
)

__all__ = [
    "Criterion",
    "Descriptor",
    "Layout",
    "Level",
    "Part",
    "Policy",
    "Programme",
    "ReviewPolicy",
    "SamplingPolicy",
    "SectionKind",
    "SectionTemplate",
    "Sourced",
    "Standard",
    "StandardGroup",
    "Template",
    "UploadPolicy",
]


class Programme(Record):
    """A professional-status programme, complete and consistent in itself."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]*$")]
    title: Words
    programme_version: Version
    duration_months: int = Field(gt=0)
    viva: Literal["required", "none"]
    templates: tuple[Template, ...] = Field(min_length=1)
    scale: tuple[Level, ...] = Field(min_length=2)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    standards: tuple[StandardGroup, ...]
    policy: Policy

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        refuse_repeats([each.code for each in self.templates], "template", self.code)
        refuse_repeats([each.code for each in self.criteria], "criterion", self.code)
        refuse_repeats([each.code for each in self.standards], "group", self.code)
        return self

    @model_validator(mode="after")
    def _judging_covers_the_scale(self) -> Self:
        levels = [each.level for each in self.scale]
        _refuse_gaps(levels, "scale: levels")
        for criterion in self.criteria:
            if [each.level for each in criterion.descriptors] != levels:
                message = f"criteria: {criterion.code} needs a descriptor for {levels}"
                raise ValueError(message)
        if self.policy.review.met_level.value not in levels:
            message = f"policy.review.met_level: must be one of {levels}"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _standards_are_numbered(self) -> Self:
        _refuse_gaps([each.number for each in self.every_standard()], "standards")
        return self

    @property
    def policy_version(self) -> str:
        """The version of the policy that a case pins at submission."""
        return self.policy.policy_version

    def every_standard(self) -> tuple[Standard, ...]:
        """All standards in order, over the groups."""
        return tuple(each for group in self.standards for each in group.standards)

    def template(self, code: str) -> Template | None:
        """The template called *code*, or None."""
        return next((each for each in self.templates if each.code == code), None)


def _refuse_gaps(numbers: list[int], what: str) -> None:
    if numbers != list(range(1, len(numbers) + 1)):
        message = f"{what}: must count up from 1, found {numbers}"
        raise ValueError(message)
