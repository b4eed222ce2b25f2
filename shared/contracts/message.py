"""What every public message is, and what a consumer gets with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.vocabulary import CaseId, PersonId


class Message(BaseModel):
    """One public message. Subclasses add ``type: Literal["owner.Name.v1"]``.

    Tolerant of unknown fields, so that an owner may add one. People are opaque ids;
    anything personal is an envelope.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    @property
    def key(self) -> str:
        """What keeps its order: the id of the case, else of the person."""
        raise NotImplementedError


class CaseMessage(Message):
    """A message about one case; the messages of a case keep their order."""

    case_id: CaseId

    @property
    def key(self) -> str:
        """The case."""
        return self.case_id


class PersonMessage(Message):
    """A message about somebody in the directory, whatever their cases."""

    person_id: PersonId

    @property
    def key(self) -> str:
        """The person."""
        return self.person_id


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
