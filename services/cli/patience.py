"""Repeats requests that nobody answers.

Invariant: a repeat is the same request with the same Idempotency-Key, so whatever the
first one led to happens once, and the repeat gets the answer that was lost.
"""

import time

import httpx

PAUSE_SECONDS = 0.2
AWAY = frozenset(
    {
        httpx.codes.BAD_GATEWAY,
        httpx.codes.SERVICE_UNAVAILABLE,
        httpx.codes.GATEWAY_TIMEOUT,
    }
)
"""Answers that tell that nobody could answer now."""


class PatientTransport(httpx.BaseTransport):
    """Gives each request *patience_seconds* to be answered completely."""

    def __init__(
        self, patience_seconds: float, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Send through *transport*; by default over the network."""
        self._patience_seconds = patience_seconds
        self._transport = transport or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the first answer that is one, or the last failure."""
        give_up = time.monotonic() + self._patience_seconds
        while True:
            try:
                answer = self._transport.handle_request(request)
                answer.read()
            except httpx.TransportError:
                if time.monotonic() > give_up:
                    raise
            else:
                if answer.status_code not in AWAY or time.monotonic() > give_up:
                    return answer
                answer.close()
            time.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()
