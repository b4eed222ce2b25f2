"""A programme as one value, complete and consistent in itself."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.programme.award import Award
from shared.contracts.programme.criteria import (
    Criterion,
    Level,
    Standard,
    StandardGroup,
)
from shared.contracts.programme.entry import CohortRhythm, Entry, Support
from shared.contracts.programme.fairness import FairnessAttribute, RoleContext
from shared.contracts.programme.policy import Policy
from shared.contracts.programme.sections import MappedTo, SectionTemplate
from shared.contracts.programme.templates import Template
from shared.contracts.programme.values import (
    Key,
    PositiveSetting,
    Record,
    Version,
    Words,
    refuse_gaps,
    refuse_repeats,
)


class Programme(Record):
    """A professional-status programme, complete and consistent in itself."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]*$")]
    title: Words
    programme_version: Version
    duration_months: PositiveSetting
    entry: Entry
    cohorts: CohortRhythm | None
    """None: cohorts may begin at any time."""
    support: Support | None
    """None: nobody is appointed to accompany the participant."""
    viva: Literal["required", "none"]
    role_contexts: tuple[RoleContext, ...] = Field(min_length=1)
    fairness: tuple[FairnessAttribute, ...]
    templates: tuple[Template, ...] = Field(min_length=1)
    scale: tuple[Level, ...] = Field(min_length=2)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    standards: tuple[StandardGroup, ...]
    related_standards: tuple[StandardGroup, ...] = ()
    """Other frameworks that criteria of a form are mapped to."""
    award: Award
    letters: tuple[Key, ...] = Field(min_length=1)
    """Codes of the letters that participants of the programme may get."""
    policy: Policy

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        for what, codes in (
            ("template", [each.code for each in self.templates]),
            ("criterion", [each.code for each in self.criteria]),
            ("group", [each.code for each in self._every_group()]),
            ("requirement", [each.key for each in self.entry.requirements]),
            ("role context", [str(each.key) for each in self.role_contexts]),
            ("fairness attribute", [each.key for each in self.fairness]),
            ("letter", list(self.letters)),
        ):
            refuse_repeats(codes, what, self.code)
        return self

    @model_validator(mode="after")
    def _judging_covers_the_scale(self) -> Self:
        levels = [each.level for each in self.scale]
        refuse_gaps(levels, "scale: levels")
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
        refuse_gaps([each.number for each in self.every_standard()], "standards")
        for group in self.related_standards:
            numbers = [each.number for each in group.standards]
            refuse_gaps(numbers, f"related_standards: {group.code}")
        return self

    @model_validator(mode="after")
    def _viva_is_described_where_there_is_one(self) -> Self:
        if (self.viva == "required") != (self.policy.viva is not None):
            message = f"policy.viva: does not go with viva: {self.viva}"
            raise ValueError(message)
        if self.viva == "none":
            about = [each for each in self.letters if each.startswith("viva-")]
            if about:
                message = f"letters: there is no viva, so no {', '.join(about)}"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _sections_name_what_exists(self) -> Self:
        own = {each.code for each in self.standards}
        for template in self.templates:
            for section in template.sections:
                where = f"templates: {template.code}.{section.key}"
                if unknown := set(section.groups) - own:
                    message = f"{where}.groups: no group {', '.join(sorted(unknown))}"
                    raise ValueError(message)
                self._refuse_unknown_mapping(section, where)
        return self

    @model_validator(mode="after")
    def _mentors_write_where_there_are_mentors(self) -> Self:
        for template in self.templates:
            for each in template.contributions():
                if each.by == "mentor" and self.support is None:
                    message = (
                        f"templates: {template.code}.{each.section}: written by a"
                        " mentor, but the programme has no support"
                    )
                    raise ValueError(message)
        return self

    def _refuse_unknown_mapping(self, section: SectionTemplate, where: str) -> None:
        groups = {each.code: each for each in self._every_group()}
        for row in section.rows:
            for mapped in row.maps_to:
                known = groups.get(mapped.group)
                if known is None or not _numbers(known).issuperset(mapped.numbers):
                    message = f"{where}.rows: {row.number} maps to {_said(mapped)}"
                    raise ValueError(message + ", which no group of standards has")

    def _every_group(self) -> Iterator[StandardGroup]:
        yield from self.standards
        yield from self.related_standards

    @property
    def policy_version(self) -> str:
        """The version of the policy that a case pins at submission."""
        return self.policy.policy_version

    def every_standard(self) -> tuple[Standard, ...]:
        """All standards in order, over the groups."""
        return tuple(each for group in self.standards for each in group.standards)

    def rated_standards(self, section: SectionTemplate) -> tuple[Standard, ...]:
        """The standards that a self-assessment *section* rates, in order."""
        return tuple(
            each
            for group in self.standards
            if not section.groups or group.code in section.groups
            for each in group.standards
        )

    def template(self, code: str) -> Template | None:
        """The template called *code*, or None."""
        return next((each for each in self.templates if each.code == code), None)


def _numbers(group: StandardGroup) -> set[int]:
    return {each.number for each in group.standards}


def _said(mapped: MappedTo) -> str:
    return f"{mapped.group} {', '.join(map(str, mapped.numbers))}"
