"""What one shape takes over from another: facts from commands, messages from facts.

Invariant: the fields of the shape that is made decide alone what is taken, so nothing
leaves a service that its public message does not name.
"""

from dataclasses import fields
from typing import Any, TypeVar

from pydantic import BaseModel

Shape = TypeVar("Shape", bound=BaseModel)

_OWN = frozenset({"type"})
"""What every fact and message says for itself."""


def carry(source: Any, into: type[Shape], /, **named: object) -> Shape:
    """Return an *into* with the values that *source* has under the same names.

    Args:
        source: a pydantic model, or a dataclass such as a command.
        into: the shape to make; it validates all it gets.
        named: its fields that *source* calls otherwise, or does not have.

    Raises:
        TypeError: a required field has no source, or no field has the name; a bug.
    """
    known = into.model_fields
    values = {
        name: getattr(source, name)
        for name in known.keys() & _names(type(source)) - named.keys() - _OWN
    } | named
    required = {name for name, field in known.items() if field.is_required()}
    if wrong := (required - values.keys()) | (named.keys() - known.keys()):
        message = (
            f"{type(source).__name__} into {into.__name__}: "
            f"no source or no field for {', '.join(sorted(wrong))}"
        )
        raise TypeError(message)
    return into.model_validate(values)


def _names(kind: type[Any]) -> frozenset[str]:
    if issubclass(kind, BaseModel):
        return frozenset(kind.model_fields)
    return frozenset(field.name for field in fields(kind))
