"""The few errors a caller is expected to handle; everything else is a bug.

```
ServiceError
├── RuleViolatedError      422  a decider refused the command
├── BadInputError          400  what came from outside is not well formed
├── NotAuthenticatedError  401  no valid identity came with the request
├── ForbiddenError         403  this identity may not do that
├── NotFoundError          404  no such thing, or not for this reader
├── ConflictError          409  somebody else appended to the stream first
├── TooLargeError          413  over a limit on size or number
└── UnavailableError       503  a part we need does not answer; try again
```
"""

from collections.abc import Mapping


class ServiceError(Exception):
    """The request could not be carried out."""

    status = 500
    """HTTP status of the problem document."""

    def __init__(self, message: str | None = None, **context: object) -> None:
        """Keep *message* (default: first line of the docstring) and *context*.

        *context* is shown to the asker and written to the log, so it holds names,
        ids and numbers, never personal data, secrets or rationale text.
        """
        default = (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]
        super().__init__(message or default)
        self.context: Mapping[str, object] = context

    @property
    def code(self) -> str:
        """The stable name of the problem, for example ``ClaimLapsed``."""
        return type(self).__name__.removesuffix("Error")


class RuleViolatedError(ServiceError):
    """The command breaks a rule in the current state."""

    status = 422


class BadInputError(ServiceError):
    """What was sent is not well formed."""

    status = 400


class NotAuthenticatedError(ServiceError):
    """No valid identity came with the request: sign in and send the token."""

    status = 401


class ForbiddenError(ServiceError):
    """This identity may not do that."""

    status = 403


class NotFoundError(ServiceError):
    """There is no such thing, or it is not for this reader."""

    status = 404


class ConflictError(ServiceError):
    """Somebody else changed this first: read it again and retry."""

    status = 409


class TooLargeError(ServiceError):
    """What was sent is over a limit."""

    status = 413


class UnavailableError(ServiceError):
    """A part this service needs does not answer: try again later."""

    status = 503
