"""Calls from one service to another: a service token, a time limit, one error."""

from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import SecretStr

from shared.errors import NotFoundError, ServiceError, UnavailableError
from shared.web.identity import service_token

CALL_SECONDS = 5.0
_LATER = frozenset({httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS})


class RefusedByServiceError(UnavailableError):
    """Another service refused what this one asked, and said why.

    The context has ``service``, ``status``, and ``code`` and ``title`` of its problem.
    A loop that only knows that the answer is missing may take it for that.
    """


class TokenNotAcceptedError(UnavailableError):
    """Another service does not know this one: check SERVICE_TOKEN_SECRET of both."""


class ServiceCaller:
    """Asks other services as this service."""

    def __init__(
        self,
        *,
        name: str,
        urls: Mapping[str, str],
        secret: SecretStr,
        http: httpx.AsyncClient,
    ) -> None:
        self._name = name
        self._urls = urls
        self._secret = secret
        self._http = http

    async def get(self, service: str, path: str) -> Any:
        """Return the JSON answer of ``GET path``.

        Raises:
            NotFoundError: there is no such thing there.
            RefusedByServiceError: it refuses; an `UnavailableError`, too.
            UnavailableError: the service does not answer, or not as agreed.
        """
        return await self._ask("GET", service, path)

    async def post(
        self, service: str, path: str, json: object, *, key: str | None = None
    ) -> Any:
        """Return the JSON answer of ``POST path``; *key* is its Idempotency-Key.

        Errors as in `get`.
        """
        headers = {"Idempotency-Key": key} if key else {}
        return await self._ask("POST", service, path, json=json, headers=headers)

    async def _ask(
        self,
        method: str,
        service: str,
        path: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        token = service_token(self._name, self._secret)
        try:
            answer = await self._http.request(
                method,
                f"{self._urls[service].rstrip('/')}{path}",
                json=json,
                headers={"Authorization": f"Bearer {token}", **(headers or {})},
                timeout=CALL_SECONDS,
            )
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise UnavailableError(service=service, reason=reason) from None
        if answer.is_error:
            raise _error(service, answer)
        return answer.json()


def _error(service: str, answer: httpx.Response) -> ServiceError:
    status = answer.status_code
    if status == httpx.codes.NOT_FOUND:
        return NotFoundError(service=service)
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return TokenNotAcceptedError(service=service, status=status)
    if not answer.is_client_error or status in _LATER:
        return UnavailableError(service=service, status=status)
    problem = _problem(answer)
    return RefusedByServiceError(
        service=service,
        status=status,
        code=str(problem.get("type", "")).rpartition(":")[2],
        title=str(problem.get("title", "")),
    )


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
