"""What a programme is: its templates, criteria, standards and policy, as pure values.

A programme is data. Every value here comes from a file in `shared/programmes`, every
number in a policy carries its source, and a case keeps the two versions it was
submitted under, so that a later file never re-interprets an earlier case.
"""

from shared.contracts.programme.award import Award
from shared.contracts.programme.criteria import (
    Criterion,
    Descriptor,
    Level,
    Standard,
    StandardGroup,
)
from shared.contracts.programme.definition import Programme
from shared.contracts.programme.entry import (
    Application,
    CohortRhythm,
    Entry,
    Requirement,
    Support,
)
from shared.contracts.programme.fairness import (
    FairnessAttribute,
    FairnessValue,
    RoleContext,
)
from shared.contracts.programme.policy import (
    AdjustmentPolicy,
    AppealGround,
    AppealPolicy,
    CalendarPolicy,
    ConversationPolicy,
    LinkPolicy,
    Policy,
    RestartPolicy,
    ResubmissionPolicy,
    ReviewPolicy,
    SamplingPolicy,
    UploadPolicy,
    VivaPolicy,
)
from shared.contracts.programme.sections import (
    Author,
    Box,
    Column,
    Contributor,
    MappedTo,
    Part,
    Rating,
    Row,
    SectionKind,
    SectionTemplate,
)
from shared.contracts.programme.templates import Contribution, Layout, Template
from shared.contracts.programme.values import Sourced, version_order

__all__ = [
    "AdjustmentPolicy",
    "AppealGround",
    "AppealPolicy",
    "Application",
    "Author",
    "Award",
    "Box",
    "CalendarPolicy",
    "CohortRhythm",
    "Column",
    "Contribution",
    "Contributor",
    "ConversationPolicy",
    "Criterion",
    "Descriptor",
    "Entry",
    "FairnessAttribute",
    "FairnessValue",
    "Layout",
    "Level",
    "LinkPolicy",
    "MappedTo",
    "Part",
    "Policy",
    "Programme",
    "Rating",
    "Requirement",
    "RestartPolicy",
    "ResubmissionPolicy",
    "ReviewPolicy",
    "RoleContext",
    "Row",
    "SamplingPolicy",
    "SectionKind",
    "SectionTemplate",
    "Sourced",
    "Standard",
    "StandardGroup",
    "Support",
    "Template",
    "UploadPolicy",
    "VivaPolicy",
    "version_order",
]
