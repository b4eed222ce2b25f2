"""JSON Schemas of the stored form: one file a type, as committed."""

from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter

from services.operations.facts import AnyFact
from shared.contracts.appeals import AppealsMessage
from shared.contracts.message import Message
from shared.contracts.moderation import ModerationMessage
from shared.contracts.notification import NotificationMessage
from shared.contracts.operations import OperationsMessage
from shared.contracts.review import ReviewMessage
from shared.contracts.submission import SubmissionMessage
from shared.contracts.viva import VivaMessage
from shared.eventlog import schemas

DIRECTORY = Path(__file__).parent
MESSAGES = (
    SubmissionMessage,
    ReviewMessage,
    ModerationMessage,
    NotificationMessage,
    VivaMessage,
    AppealsMessage,
    OperationsMessage,
)


def current_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of every fact and public message, by type name."""
    found = dict(schemas(AnyFact))
    for model in public_messages():
        name = model.model_fields["type"].default
        found[name] = TypeAdapter(model).json_schema(mode="serialization")
    return found


def public_messages() -> tuple[type[Message], ...]:
    """Return every message class that is published."""
    return tuple(model for union in MESSAGES for model in _members(union))


def _members(union: Any) -> tuple[Any, ...]:
    inner = get_args(union)[0]
    return get_args(inner) or (inner,)
