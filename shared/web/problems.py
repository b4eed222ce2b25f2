"""Every error as a problem document (RFC 9457), in the same words everywhere."""

import json
from collections.abc import Collection

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import Counter
from starlette.exceptions import HTTPException

from shared.database import DATABASE_AWAY
from shared.errors import ServiceError, TooLargeError, UnavailableError
from shared.handling import AlreadyAnsweredError, problem_of
from shared.logs import described
from shared.web.refusals import Refusals

MEDIA_TYPE = "application/problem+json"
_OUR_SIDE = 500

_SAID_BESIDE = {
    401: {"WWW-Authenticate": "Bearer"},
    500: {"Cache-Control": "no-store"},
    503: {"Retry-After": "5"},
}
"""Headers that tell clients what to do next. Source: RFC 9110, 11.6.1 and 10.2.3.

Of a failure, which no middleware sees any more, also what `NoStore` says of others.
"""

REFUSED = Counter(
    "attest_requests_refused_total",
    "Requests answered with a problem, by its code and by the status.",
    ["problem", "status"],
)
"""Codes are names of our own errors, so nothing that was sent becomes a label."""


DESCRIBED: dict[int | str, dict[str, object]] = {
    "default": {
        "description": "Refused, and why: RFC 9457",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "context": {"type": "object"},
                        "fields": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["field", "problem"],
                                "properties": {
                                    "field": {"type": "string"},
                                    "problem": {"type": "string"},
                                },
                            },
                        },
                    },
                }
            }
        },
    }
}
"""Every answer of a route but the good one, for the description of the interface."""


def install_problems(app: FastAPI) -> None:
    """Make *app* answer every error with a problem document."""
    app.add_exception_handler(AlreadyAnsweredError, _repeat)
    app.add_exception_handler(ServiceError, _refusal)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    for away in DATABASE_AWAY:
        app.add_exception_handler(away, _away)
    app.add_exception_handler(Exception, _bug)


def problem(status: int, document: dict[str, object]) -> Response:
    """Return *document* as an HTTP response, counted by its code."""
    code = str(document["type"]).rpartition(":")[2]
    REFUSED.labels(problem=code, status=status).inc()
    content = json.dumps(document, default=str)
    return Response(
        content,
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=_SAID_BESIDE.get(status),
    )


def refusal(path: str, error: ServiceError) -> Response:
    """Return *error* as a response; what is our side's fault is a line in the log."""
    if error.status >= _OUR_SIDE:
        structlog.get_logger().error(
            "request.failed",
            path=path,
            code=error.code,
            context={name: str(value) for name, value in error.context.items()},
            **described(error),
        )
    return problem(error.status, problem_of(error))


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)  # noqa: S101 - registered for this type
    if error.status < _OUR_SIDE:
        await _note(request, error.status, error.code)
    return refusal(request.url.path, error)


async def _note(
    request: Request, status: int, code: str, mistakes: Collection[str] = ()
) -> None:
    """Keep a refusal where operations can see it, if this is one of the services."""
    kept: Refusals | None = getattr(request.app.state, "refusals", None)
    if kept is not None:
        await kept.note(request, status, code, mistakes)


async def _away(request: Request, error: Exception) -> Response:
    """Say that trying again helps: nothing was wrong with what was asked."""
    structlog.get_logger().warning(
        "request.interrupted", path=request.url.path, reason=type(error).__name__
    )
    message = "The database does not answer: try again later."
    return problem(503, problem_of(UnavailableError(message)))


async def _repeat(_: Request, error: Exception) -> Response:
    assert isinstance(error, AlreadyAnsweredError)  # noqa: S101
    answer = error.answer
    body = json.loads(answer.body)
    is_refusal = answer.status >= 400  # noqa: PLR2004
    response = Response(
        json.dumps(body if is_refusal else {**body, "position": answer.position}),
        status_code=answer.status,
        media_type=MEDIA_TYPE if is_refusal else "application/json",
    )
    response.headers["Idempotent-Replayed"] = "true"
    return response


async def _malformed(request: Request, error: Exception) -> Response:
    """Name each field and what is wrong with it, but never repeat what was sent.

    The log tells where, and how many: names of fields may be what was sent.
    """
    assert isinstance(error, RequestValidationError)  # noqa: S101
    mistakes = [item["type"] for item in error.errors()]
    await _note(request, 422, "MalformedRequest", mistakes)
    fields = [
        {"field": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]}
        for item in error.errors()
    ]
    structlog.get_logger().info(
        "request.malformed",
        route=getattr(request.scope.get("route"), "path", None),
        method=request.method,
        fields=len(fields),
    )
    return problem(
        422,
        {
            "type": "urn:attest:problem:MalformedRequest",
            "title": "Some fields are missing or not well formed: correct them.",
            "status": 422,
            "fields": fields,
        },
    )


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == TooLargeError.status:
        return problem(TooLargeError.status, problem_of(TooLargeError()))
    response = problem(
        error.status_code,
        {
            "type": "about:blank",
            "title": str(error.detail),
            "status": error.status_code,
        },
    )
    response.headers.update(error.headers or {})
    return response


async def _bug(request: Request, error: Exception) -> Response:
    structlog.get_logger().error(
        "request.failed", path=request.url.path, **described(error)
    )
    return problem(
        500,
        {
            "type": "urn:attest:problem:Internal",
            "title": "Something went wrong on our side; it has been logged.",
            "status": 500,
        },
    )
