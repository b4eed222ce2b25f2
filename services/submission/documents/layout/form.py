"""``portfolio.yaml``: what the participant says about the portfolio as a whole."""

from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from services.submission.documents.layout.details import Details, cohort_month
from services.submission.documents.limits import MAX_FORM_BYTES
from services.submission.documents.portfolio import (
    Contact,
    Participant,
    Qualification,
    RoleContext,
)
from services.submission.documents.refusals import Refusal, UnreadableError
from shared.programmes.strict_yaml import NotPlainYamlError, read_yaml_as_written

_REMEDY = "Correct it and pack the folder again."


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
]
Address = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[^@\s]+@[^@\s]+$"),
]


class _FormPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class _Person(_FormPart):
    name: Line | None = None
    email: Address | None = None


class _Participant(_Person):
    membership_number: Line | None = None


class _Qualification(_FormPart):
    title: Line
    date: Line | None = None


class Form(_FormPart):
    """The fields of ``portfolio.yaml``; each may be left out."""

    programme: Line | None = None
    template: Line | None = None
    participant: _Participant = _Participant()
    cohort: Line | None = None
    setting: Line | None = None
    role: Line | None = None
    role_context: RoleContext | None = None
    fairness: dict[Line, Line] = Field(default_factory=dict, max_length=20)
    qualifications: tuple[_Qualification, ...] = ()
    mentor: _Person = _Person()
    manager: _Person = _Person()

    def details(self) -> Details:
        """Return what the form says of people and place."""
        return Details(
            participant=Participant(**self.participant.model_dump()),
            cohort=cohort_month(self.cohort),
            setting=self.setting,
            role=self.role,
            role_context=self.role_context,
            fairness=self.fairness,
            qualifications=tuple(
                Qualification(**each.model_dump()) for each in self.qualifications
            ),
            mentor=Contact(**self.mentor.model_dump()),
            manager=Contact(**self.manager.model_dump()),
        )


class FormRefusedError(Exception):
    """The form cannot be used; holds a refusal for each field."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        """Keep what is wrong with the form."""
        self.refusals = refusals
        super().__init__(len(refusals))


def parse_form(data: bytes, *, file: str) -> Form:
    """Return the form written in *data*; *file* is named in refusals.

    Raises:
        FormRefusedError: not plain YAML, or fields that are unknown or wrong.
    """
    if len(data) > MAX_FORM_BYTES:
        reason = f"It is {len(data):,} bytes; the limit is {MAX_FORM_BYTES:,} bytes."
        problem = UnreadableError(reason, "Keep only the fields of the form.")
        raise FormRefusedError((problem.about(file),))
    try:
        return Form.model_validate(_filled_in(read_yaml_as_written(data)) or {})
    except NotPlainYamlError as error:
        problem = UnreadableError(f"It cannot be read: {error}.", _REMEDY)
        raise FormRefusedError((problem.about(file),)) from error
    except ValidationError as error:
        raise FormRefusedError(_about_fields(error, file)) from error


def _filled_in(value: object) -> object:
    """Return *value* without the fields that were left empty."""
    if isinstance(value, dict):
        filled = {field: _filled_in(each) for field, each in value.items()}
        return {field: each for field, each in filled.items() if each not in ("", {})}
    if isinstance(value, list):
        return [_filled_in(each) for each in value]
    return value


def _about_fields(error: ValidationError, file: str) -> tuple[Refusal, ...]:
    refusals = []
    for problem in error.errors(include_url=False, include_input=False):
        field = ".".join(str(step) for step in problem["loc"]) or "the form"
        unknown = problem["type"] == "extra_forbidden"
        reason = "There is no such field." if unknown else f"{problem['msg']}."
        refusals.append(Refusal(file=file, reason=f"{field}: {reason}", remedy=_REMEDY))
    return tuple(refusals)
