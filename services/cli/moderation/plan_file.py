"""Rules of a plan in a file that somebody wrote, read as strictly as when published.

YAML, so JSON too: the fields of `Rules`, or a whole published plan with them under
``rules``, as ``GET /moderation/plans/{cohort}`` shows it.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from services.moderation.domain.plan.checking import refuse_unusable
from services.moderation.domain.rules import Rules
from shared.errors import BadInputError, RuleViolatedError
from shared.programmes.strict_yaml import NotPlainYamlError, read_yaml

LARGEST_BYTES = 100_000


class UnusablePlanError(BadInputError):
    """These rules cannot be used: correct what is named."""


def read_rules(path: Path) -> Rules:
    """Return the rules in the file.

    Raises:
        UnusablePlanError: it cannot be read; says what is wrong in which field.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UnusablePlanError(file=str(path), problem="it is too large for rules")
        content = read_yaml(path.read_bytes())
    except OSError as error:
        raise UnusablePlanError(file=str(path), problem=error.strerror) from error
    except NotPlainYamlError as error:
        raise UnusablePlanError(file=str(path), problem=str(error)) from error
    if isinstance(content, Mapping):
        plan = content.get("plan", content)
        content = plan.get("rules", plan) if isinstance(plan, Mapping) else plan
    try:
        rules = Rules.model_validate(content)
        refuse_unusable(rules)
    except ValidationError as error:
        raise UnusablePlanError(file=str(path), fields=_fields(error)) from error
    except RuleViolatedError as error:
        raise UnusablePlanError(
            None, file=str(path), problem=str(error), **error.context
        ) from error
    return rules


def _fields(error: ValidationError) -> list[str]:
    problems = error.errors(include_url=False, include_input=False)
    return [
        f"{'.'.join(str(step) for step in each['loc']) or 'rules'}:"
        f" {each['msg'].removeprefix('Value error, ')}"
        for each in problems
    ]
