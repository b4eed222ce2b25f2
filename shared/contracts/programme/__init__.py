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
from shared.contracts.programme.detection import Chart, Detection, OverturnChart
from shared.contracts.programme.entry import (
    PERSON_FIELDS,
    SUPPORT_FIELD,
    Application,
    CohortRhythm,
    Entry,
    FormField,
    Requirement,
    Support,
)
from shared.contracts.programme.fairness import (
    FairnessAttribute,
    FairnessValue,
    RoleContext,
)
from shared.contracts.programme.phrases import Opening, Phrase, PhraseFile
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
    UploadPolicy,
    VivaPolicy,
)
from shared.contracts.programme.sampling import (
    BlockSize,
    Floor,
    Newcomers,
    Rate,
    ReviewerStanding,
    RuleName,
    SamplingPolicy,
    StandingRule,
    Standings,
    Told,
    refuse_easier_start,
    refuse_inexact,
    refuse_repeated_rules,
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
from shared.contracts.programme.seeding import QualificationRules, SeedRules
from shared.contracts.programme.standing import ReleasePolicy, StandingPolicy
from shared.contracts.programme.templates import Contribution, Layout, Template
from shared.contracts.programme.values import Sourced, version_order

__all__ = [
    "PERSON_FIELDS",
    "SUPPORT_FIELD",
    "AdjustmentPolicy",
    "AppealGround",
    "AppealPolicy",
    "Application",
    "Author",
    "Award",
    "BlockSize",
    "Box",
    "CalendarPolicy",
    "Chart",
    "CohortRhythm",
    "Column",
    "Contribution",
    "Contributor",
    "ConversationPolicy",
    "Criterion",
    "Descriptor",
    "Detection",
    "Entry",
    "FairnessAttribute",
    "FairnessValue",
    "Floor",
    "FormField",
    "Layout",
    "Level",
    "LinkPolicy",
    "MappedTo",
    "Newcomers",
    "Opening",
    "OverturnChart",
    "Part",
    "Phrase",
    "PhraseFile",
    "Policy",
    "Programme",
    "QualificationRules",
    "Rate",
    "Rating",
    "ReleasePolicy",
    "Requirement",
    "RestartPolicy",
    "ResubmissionPolicy",
    "ReviewPolicy",
    "ReviewerStanding",
    "RoleContext",
    "Row",
    "RuleName",
    "SamplingPolicy",
    "SectionKind",
    "SectionTemplate",
    "SeedRules",
    "Sourced",
    "Standard",
    "StandardGroup",
    "StandingPolicy",
    "StandingRule",
    "Standings",
    "Support",
    "Template",
    "Told",
    "UploadPolicy",
    "VivaPolicy",
    "refuse_easier_start",
    "refuse_inexact",
    "refuse_repeated_rules",
    "version_order",
]
