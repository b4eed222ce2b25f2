"""What leaves a service: its message decides, and nothing private can slip through.

Every fact, as its golden payload has it, goes through its service's ``to_public``.
"""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from services.appeals import outgoing as appeals
from services.moderation import outgoing as moderation
from services.notification import outgoing as notification
from services.operations import outgoing as operations
from services.operations.app import CODEC
from services.review import outgoing as review
from services.submission import outgoing as submission
from services.viva import outgoing as viva
from shared.contracts.message import Message
from shared.personal import Personal
from shared.vocabulary import PersonId
from tests.contract.schemas import public_messages
from tests.contract.test_golden_payloads import FILES, stored

TO_PUBLIC = {
    "appeals": appeals.to_public,
    "moderation": moderation.to_public,
    "notification": notification.to_public,
    "operations": operations.to_public,
    "review": review.to_public,
    "submission": submission.to_public,
    "viva": viva.to_public,
}

SEALED = {
    "appeals.Dismissed.v1": {"reasons"},
    "appeals.ExplanationGiven.v1": {"explanation"},
    "appeals.Upheld.v1": {"reasons"},
    "moderation.OutcomeReleased.v1": {"feedback"},
    "moderation.OutcomeRevised.v1": {"feedback"},
    "moderation.ReturnOrdered.v1": {"reason"},
    "review.Completed.v1": {"feedback"},
    "submission.ResubmissionOpened.v1": {"feedback"},
    "submission.RestartRequired.v1": {"feedback"},
}
"""The only sealed fields that are published. Source: domain.md section 4."""

IDS_AND_CODES = {
    "appeal_id",
    "award_id",
    "fairness",
    "grounds",
    "hold_id",
    "notice_id",
    "programme",
    "programme_version",
    "policy_version",
    "reason",
    "request_id",
    "review_id",
    "role_context",
    "snapshot_path",
    "template",
}
"""Fields that any text fits into: each is an id, a code or a path, never words."""

PUBLIC = {model.model_fields["type"].default: model for model in public_messages()}
"""Every message class there is, by its type."""


def published() -> Iterator[tuple[BaseModel, Message]]:
    """Yield every fact that leaves, and what leaves."""
    for path in FILES:
        event = stored(path)
        fact = CODEC.decode(event)
        message = TO_PUBLIC[event.type.partition(".")[0]](fact, event)
        if message is not None:
            yield fact, message


PUBLISHED = [
    pytest.param(fact, message, id=type(fact).__name__) for fact, message in published()
]


def sealed_in(value: object) -> Iterator[Personal[Any]]:
    """Yield every sealed value inside *value*."""
    if isinstance(value, Personal):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from sealed_in(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from sealed_in(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from sealed_in(item)


def within(annotation: Any) -> Iterator[Any]:
    """Yield the types that *annotation* is made of."""
    yield annotation
    for argument in get_args(annotation):
        yield from within(argument)


def is_sealed(field: FieldInfo) -> bool:
    return any(
        isinstance(part, type) and issubclass(part, Personal)
        for part in within(field.annotation)
    )


def takes_any_text(schema: Any) -> bool:
    """Whether a JSON Schema, or one inside it, allows every string."""
    if isinstance(schema, list):
        return any(takes_any_text(item) for item in schema)
    if not isinstance(schema, dict):
        return False
    narrowed = schema.keys() & {"pattern", "format", "enum", "const"}
    is_open = schema.get("type") == "string" and not narrowed
    return is_open or any(takes_any_text(value) for value in schema.values())


@pytest.mark.parametrize("name", sorted(PUBLIC))
class TestPublicMessage:
    def test_has_only_the_sealed_fields_on_the_list(self, name: str) -> None:
        """Source: domain.md section 4, the one private/public rule."""
        fields = PUBLIC[name].model_fields.items()
        sealed = {field for field, info in fields if is_sealed(info)}
        assert sealed == SEALED.get(name, set())

    def test_has_no_field_for_words_in_clear(self, name: str) -> None:
        """Source: domain.md section 4, the one private/public rule."""
        fields = PUBLIC[name].model_json_schema()["properties"].items()
        open_to_words = {field for field, schema in fields if takes_any_text(schema)}
        assert open_to_words <= IDS_AND_CODES

    def test_is_made_from_some_fact(self, name: str) -> None:
        made = {message.type for _, message in published()}  # type: ignore[attr-defined]
        assert name in made


@pytest.mark.parametrize(("fact", "message"), PUBLISHED)
class TestPublishedFact:
    def test_gives_every_field_of_its_message(
        self, fact: BaseModel, message: Message
    ) -> None:
        fields = type(message).model_fields.keys() - {"type"}
        assert fields <= message.model_fields_set

    def test_keeps_what_its_message_does_not_name(
        self, fact: BaseModel, message: Message
    ) -> None:
        """Source: domain.md section 4, the one private/public rule."""
        told = {value.ciphertext for value in sealed_in(message)}
        kept = {value.ciphertext for value in sealed_in(fact)} - told
        text = message.model_dump_json()
        assert not [ciphertext for ciphertext in kept if ciphertext in text]
        assert message.model_dump().keys() == type(message).model_fields.keys()


def test_finds_words_in_clear_and_sealed_ones() -> None:
    class Loose(Message):
        person_id: PersonId
        notes: tuple[str | None, ...]
        rationale: tuple[Personal[str], ...]

    schemas = Loose.model_json_schema()["properties"].items()
    assert {name for name, schema in schemas if takes_any_text(schema)} == {"notes"}
    fields = Loose.model_fields.items()
    assert {name for name, info in fields if is_sealed(info)} == {"rationale"}
