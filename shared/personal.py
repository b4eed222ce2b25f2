"""The type of a personal field: ciphertext in every fact, plaintext nowhere.

A decider may carry a `Personal` value from a command into a fact, and nothing else:
it never looks inside, so erasing a person changes no decision.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Personal(BaseModel, Generic[T]):
    """An envelope around a value of type *T* about one person.

    AES-256-GCM under the person's own key; opened by ``shared.crypto``, which
    answers *T* or `Erased`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    """Opaque id of the person the value is about."""
    key: str
    """Id of the person's key in the key store."""
    nonce: str
    """12 random bytes, base64url without padding."""
    ciphertext: str
    """Ciphertext and tag, base64url without padding."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What is left of a personal value once the person's key is destroyed."""

    subject: str
