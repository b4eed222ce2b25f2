"""What every public message is, and what a consumer gets with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """One public message. Subclasses add ``type: Literal["owner.Name.v1"]``.

    Tolerant of unknown fields, so that an owner may add one. People are opaque ids;
    anything personal is an envelope.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    @property
    def key(self) -> str:
        """What keeps its order: the case id, else the person or cohort id."""
        raise NotImplementedError


M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Generic[M]):
    """A message as it arrived: the body and its CloudEvents attributes."""

    body: M
    event_id: UUID
    source: str
    """Owning service, for example ``submission``."""
    stream: str
    version: int
    position: int
    epoch: int
    generation: int
    occurred_at: datetime
    correlation_id: UUID
    traceparent: str | None = None
