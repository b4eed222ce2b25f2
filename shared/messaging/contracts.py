"""Every type of public message there is, by its name on the wire."""

from collections.abc import Iterable, Mapping
from inspect import getmembers, isclass
from types import ModuleType

from shared.contracts import (
    appeals,
    moderation,
    notification,
    operations,
    review,
    submission,
    viva,
)
from shared.contracts.message import Message

_MODULES: tuple[ModuleType, ...] = (
    submission,
    review,
    moderation,
    notification,
    viva,
    appeals,
    operations,
)


class Contracts:
    """The published language that a process was built with."""

    def __init__(self, types: Iterable[type[Message]]) -> None:
        """Know *types*, each by the default of its field ``type``."""
        self._types: Mapping[str, type[Message]] = {name_of(one): one for one in types}

    def find(self, name: str) -> type[Message] | None:
        """Return the model of messages called *name*, or None when it is unknown."""
        return self._types.get(name)

    def owners(self) -> tuple[str, ...]:
        """Return the services that own at least one type, each once."""
        return tuple(dict.fromkeys(owner_of(name) for name in self._types))


def name_of(message: type[Message]) -> str:
    """Return the name on the wire: ``submission.Submitted.v1``."""
    name: str = message.model_fields["type"].default
    return name


def owner_of(name: str) -> str:
    """Return the service that publishes messages called *name*."""
    return name.partition(".")[0]


def _messages_in(module: ModuleType) -> list[type[Message]]:
    return [
        found
        for _, found in getmembers(module, isclass)
        if issubclass(found, Message) and "type" in found.model_fields
    ]


PUBLISHED = Contracts(one for module in _MODULES for one in _messages_in(module))
"""The types in ``shared.contracts``."""

OWNERS = PUBLISHED.owners()
"""The services that publish; each has one topic."""
