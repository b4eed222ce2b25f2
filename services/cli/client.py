"""How the command line talks to a running instance."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.cli.patience import PatientTransport
from shared.embedded import StateDirectory
from shared.errors import ServiceError
from shared.ids import new_id

SERVICES = (
    "submission",
    "review",
    "moderation",
    "notification",
    "viva",
    "appeals",
    "operations",
)
OPERATOR = "operator"
"""Who the development issuer signs the command line in as."""


class NotRunningError(ServiceError):
    """No attest answers: start one with `attest up`, or say where in ATTEST_URL."""


class RefusedError(ServiceError):
    """The service refused, and said why."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        """Carry the problem document."""
        super().__init__(str(problem.get("title", "The request was refused.")))
        self.problem = problem


class ClientSettings(BaseSettings):
    """Where the instance is, and who we are there."""

    model_config = SettingsConfigDict(env_prefix="ATTEST_", frozen=True)

    url: str | None = None
    """Base address; each service below it under its name."""
    token: SecretStr | None = None
    """Bearer token; without one the development issuer is asked."""
    state_directory: Path = Path(".attest")
    timeout_seconds: float = Field(default=120.0, gt=0)
    patience_seconds: float = Field(default=0.0, ge=0)
    """How long a request that nobody answers is repeated. A repeat has the same
    Idempotency-Key, so whatever the first one led to happens once."""


def find_url(settings: ClientSettings) -> str:
    """Return the address of the instance to talk to.

    Raises:
        NotRunningError: none was named and none runs in the state directory.
    """
    if settings.url:
        return settings.url.rstrip("/")
    holder = StateDirectory.holder_of(settings.state_directory)
    if holder is None or holder.address is None:
        raise NotRunningError(state_directory=str(settings.state_directory))
    return holder.address.rstrip("/")


class Client:
    """Signed-in requests to one instance; problems become errors."""

    def __init__(self, http: httpx.Client, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}
        self._position = 0

    def get(self, path: str, **query: object) -> Any:
        """Return the JSON answer of ``GET path``, at least as new as our last POST.

        Raises:
            RefusedError: with the problem document.
            NotRunningError: nothing answers there.
        """
        params = {
            name: str(value) for name, value in query.items() if value is not None
        }
        headers = {"Attest-Position": str(self._position)} if self._position else {}
        return self._json("GET", path, params=params, headers=headers)

    def content(self, path: str, **query: object) -> bytes:
        """Return the answer of ``GET path`` byte by byte; errors as in `get`."""
        params = {name: str(value) for name, value in query.items()}
        return self._asked("GET", path, params=params).content

    def post(
        self, path: str, json: object = None, *, key: str | None = None, **request: Any
    ) -> Any:
        """Return the JSON answer of ``POST path``; *request* goes to httpx.

        *key* is the Idempotency-Key, by default a fresh one. Errors as in `get`.
        """
        own = {"Idempotency-Key": key or str(new_id())}
        request["headers"] = {**own, **request.get("headers", {})}
        answer = self._json("POST", path, json=json, **request)
        if isinstance(answer, dict):
            self._position = max(self._position, int(answer.get("position") or 0))
        return answer

    def pages(self, path: str, **query: object) -> Iterator[dict[str, Any]]:
        """Yield every row of a paged list."""
        after: str | None = None
        while True:
            page = self.get(path, **{**query, "after": after})
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def lines(self, method: str, path: str) -> Iterator[dict[str, Any]]:
        """Yield the objects of an answer that comes as one JSON object a line."""
        headers = {**self._headers, "Idempotency-Key": str(new_id())}
        try:
            with self._http.stream(
                method, path, headers=headers, timeout=None
            ) as answer:
                if answer.is_error:
                    answer.read()
                    raise RefusedError(_problem(answer))
                for line in answer.iter_lines():
                    yield json.loads(line)
        except httpx.TransportError as error:
            raise NotRunningError(reason=type(error).__name__) from error

    def _json(self, method: str, path: str, **request: Any) -> Any:
        return self._asked(method, path, **request).json()

    def _asked(self, method: str, path: str, **request: Any) -> httpx.Response:
        request["headers"] = {**self._headers, **request.get("headers", {})}
        try:
            answer = self._http.request(method, path, **request)
        except httpx.TransportError as error:
            raise NotRunningError(reason=type(error).__name__) from error
        if answer.is_error:
            raise RefusedError(_problem(answer))
        return answer


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem: dict[str, Any] = answer.json()
    except ValueError:
        problem = {"title": answer.reason_phrase, "status": answer.status_code}
    return problem


@contextmanager
def connected(
    settings: ClientSettings | None = None,
    *,
    person_id: str = OPERATOR,
    roles: tuple[str, ...] = ("operations",),
) -> Iterator[Client]:
    """Open a client signed in as *person_id*.

    Raises:
        NotRunningError: nothing answers at the address.
        RefusedError: the development issuer is not there and no token was given.
    """
    settings = settings or ClientSettings()
    patience = settings.patience_seconds
    with httpx.Client(
        base_url=find_url(settings),
        timeout=settings.timeout_seconds,
        transport=PatientTransport(patience) if patience else None,
    ) as http:
        yield Client(http, _token(settings, http, person_id, roles))


def _token(
    settings: ClientSettings, http: httpx.Client, person_id: str, roles: tuple[str, ...]
) -> str:
    if settings.token is not None:
        return settings.token.get_secret_value()
    try:
        answer = http.post(
            "/dev/token", json={"person_id": person_id, "roles": list(roles)}
        )
    except httpx.TransportError as error:
        raise NotRunningError(reason=type(error).__name__) from error
    if answer.is_error:
        message = "No development issuer answers there: give a token in ATTEST_TOKEN."
        raise RefusedError({"title": message})
    token: str = answer.json()["access_token"]
    return token
