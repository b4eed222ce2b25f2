"""Facts to exact bytes and back, by the type in the row.

Invariant: what is stored is exactly ``model_dump_json()``; an error names position and
type, never the payload.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from shared.decider import Fact
from shared.errors import ServiceError
from shared.eventlog.values import Metadata, NewEvent, StoredEvent, StoredFact

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Pure: the payload of one schema version as that of the next."""

_METADATA = TypeAdapter(Metadata)


class UnknownFactError(ServiceError):
    """A fact of a type or version that this code does not know: deploy newer code."""


class MalformedFactError(ServiceError):
    """A stored fact does not fit its type."""


def fact_types(union: Any) -> Mapping[str, type[Fact]]:
    """Return the models of a discriminated *union* of facts by their type literals.

    Accepts one model, ``A | B``, either inside ``Annotated``, and unions of these.
    """
    members: dict[str, type[Fact]] = {}
    for model in _members(union):
        name = model.model_fields["type"].default
        if members.setdefault(name, model) is not model:
            raise ValueError(f"two facts are called {name}")
    return members


def _members(union: Any) -> Iterator[Any]:
    if get_origin(union) is Annotated:
        yield from _members(get_args(union)[0])
    elif members := get_args(union):
        for member in members:
            yield from _members(member)
    else:
        yield union


class Codec:
    """Encodes and decodes the facts of one service."""

    def __init__(
        self, union: Any, *, upcasters: Mapping[tuple[str, int], Upcaster] | None = None
    ) -> None:
        """Know the facts of *union*; *upcasters* by type and the version they start at.

        Raises:
            ValueError: an upcaster is missing between version 1 and the current one.
        """
        self._models = fact_types(union)
        self._upcasters = dict(upcasters or {})
        self._validators = {
            (name, model.schema_version): model.__pydantic_validator__.validate_json
            for name, model in self._models.items()
        }
        for name, model in self._models.items():
            for version in range(1, model.schema_version):
                if (name, version) not in self._upcasters:
                    raise ValueError(f"{name} has no upcaster from version {version}")

    @property
    def types(self) -> frozenset[str]:
        """The types this codec decodes."""
        return frozenset(self._models)

    def encode(self, fact: Fact, *, event_id: UUID, metadata: Metadata) -> NewEvent:
        """Return *fact* as the bytes to be stored.

        Raises:
            UnknownFactError: it is no fact of this service.
        """
        name: str = getattr(fact, "type", "")
        if self._models.get(name) is not type(fact):
            raise UnknownFactError(type=type(fact).__name__)
        return NewEvent(
            event_id=event_id,
            type=name,
            schema_version=fact.schema_version,
            payload=fact.model_dump_json().encode(),
            metadata=_METADATA.dump_json(metadata),
            occurred_at=fact.occurred_at,
        )

    def decode(self, event: StoredEvent | StoredFact) -> Fact:
        """Return the fact in *event*, upcast to the current version of its type.

        Raises:
            UnknownFactError: its type, or that version of it, is not known here.
            MalformedFactError: the payload does not fit.
        """
        validate = self._validators.get((event.type, event.schema_version))
        try:
            if validate is None:
                return self._upcast(event)
            fact: Fact = validate(event.payload)
        except ValidationError as error:
            raise _malformed(event, error) from None
        return fact

    def decode_metadata(self, event: StoredEvent) -> Metadata:
        """Return who caused *event*, and in which conversation.

        Raises:
            MalformedFactError: the stored metadata does not fit.
        """
        try:
            return _METADATA.validate_json(event.metadata)
        except ValidationError as error:
            raise _malformed(event, error) from None

    def _upcast(self, event: StoredEvent | StoredFact) -> Fact:
        model = self._models.get(event.type)
        if model is None or not 0 < event.schema_version < model.schema_version:
            raise UnknownFactError(
                position=event.position,
                type=event.type,
                schema_version=event.schema_version,
            )
        try:
            payload = json.loads(event.payload)
        except ValueError:
            raise MalformedFactError(position=event.position, type=event.type) from None
        for version in range(event.schema_version, model.schema_version):
            payload = self._upcasters[event.type, version](payload)
        # Through JSON, so that an upcaster returns what an old service would have sent.
        return model.model_validate_json(json.dumps(payload))


def _malformed(
    event: StoredEvent | StoredFact, error: ValidationError
) -> MalformedFactError:
    """Return the error with the fields at fault, without what stood in them."""
    fields = sorted({".".join(map(str, one["loc"])) for one in error.errors()})
    return MalformedFactError(
        position=event.position,
        type=event.type,
        fields=", ".join(fields),
    )
