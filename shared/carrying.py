"""What one shape takes over from another: commands from messages, facts from commands.

Invariant: the fields of the shape that is made decide alone what is taken, so nothing
leaves a service that its public message does not name.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter

Shape = TypeVar("Shape")

_OWN = frozenset({"type"})
"""What every fact and message says for itself."""


def carry(source: Any, into: type[Shape], /, **named: object) -> Shape:
    """Return an *into* with the values that *source* has under the same names.

    Args:
        source: a pydantic model, or a dataclass such as a command.
        into: the shape to make, one or the other too. Mypy knows what is made, not
            what of: so all it gets is validated, a dataclass too.
        named: its fields that *source* calls otherwise, or does not have.

    Raises:
        TypeError: a required field has no source, or no field has the name; a bug.
        pydantic.ValidationError: a value is none of the field's; likewise.
    """
    kind: Any = into  # mypy holds no class to be hashable
    known = _known(kind)
    values = {
        name: getattr(source, name)
        for name in known.keys() & _known(source.__class__).keys() - named.keys() - _OWN
    } | named
    required = {name for name, is_required in known.items() if is_required}
    if wrong := (required - values.keys()) | (named.keys() - known.keys()):
        message = (
            f"{type(source).__name__} into {into.__name__}: "
            f"no source or no field for {', '.join(sorted(wrong))}"
        )
        raise TypeError(message)
    made: Shape = _maker(kind).validate_python(values)
    return made


@cache
def _known(kind: type[Any]) -> Mapping[str, bool]:
    """Return the fields of *kind* by name, and of each whether it is required."""
    if issubclass(kind, BaseModel):
        return {name: field.is_required() for name, field in kind.model_fields.items()}
    return {
        field.name: field.default is MISSING and field.default_factory is MISSING
        for field in fields(kind)
    }


@cache
def _maker(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
