"""What is answered to a request, and kept so that a repeat is answered the same."""

import json
from collections.abc import Mapping

from shared.errors import ServiceError
from shared.eventlog import StoredAnswer
from shared.handling.cause import PendingRequest


class AlreadyAnsweredError(ServiceError):
    """This request was answered before; the answer is the same as then."""

    def __init__(self, answer: StoredAnswer) -> None:
        """Carry the stored *answer*."""
        super().__init__()
        self.answer = answer


class KeyReusedError(ServiceError):
    """This Idempotency-Key came before with another body: use a new key."""

    status = 422


def problem_of(error: ServiceError) -> dict[str, object]:
    """Return *error* as the members of a problem document (RFC 9457).

    ``type`` is the stable code; ``context`` holds ids and numbers only.
    """
    return {
        "type": f"urn:attest:problem:{error.code}",
        "title": str(error),
        "status": error.status,
        "context": dict(error.context),
    }


def stored_answer(
    request: PendingRequest, status: int, body: Mapping[str, object]
) -> StoredAnswer:
    """Return the answer to *request* as the log keeps it."""
    return StoredAnswer(
        request=request.key,
        body_sha256=request.body_sha256,
        status=status,
        body=json.dumps(body, separators=(",", ":"), default=str).encode(),
    )
