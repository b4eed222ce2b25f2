"""The reading process: for each request a child with limits, so one file harms none.

Run as ``python -m services.submission.documents.readers.process``. The parent of the
children reads requests only, never a portfolio, and ends with its input.
"""

import os
import resource
import signal
import sys
import traceback
from collections.abc import Iterator
from typing import NoReturn

from services.submission.documents.portfolio import Portfolio
from services.submission.documents.readers.protocol import (
    Answer,
    ReadingLimits,
    Request,
    Result,
)
from services.submission.documents.reading import read_one, read_upload
from services.submission.documents.refusals import PortfolioRefusedError

_TOO_MUCH_MEMORY = 70
_FAILED = 71
_OUT_OF_MEMORY = (MemoryError, SystemError)
"""A library that forgets to say why it failed was nearly always out of memory."""
_MAX_WRITTEN_BYTES = 1024**3
"""Largest file a child may write. Source: P, twice the limit of an upload unpacked."""
_MAX_OPEN_FILES = 64
"""Source: P."""


def main() -> None:
    """Answer requests from standard input until it ends."""
    for line in sys.stdin:
        answer = _read_apart(Request.model_validate_json(line))
        sys.stdout.write(f"{answer.model_dump_json()}\n")
        sys.stdout.flush()


def _read_apart(request: Request) -> Answer:
    child = os.fork()
    if child == 0:
        _read_and_exit(request)
    _, status = os.waitpid(child, 0)
    return _answer(status)


def _answer(status: int) -> Answer:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name
        if number in {signal.SIGALRM, signal.SIGXCPU}:
            return Answer(ended="too_long", detail=name)
        if number == signal.SIGABRT:  # how compiled libraries say that memory is out
            return Answer(ended="too_much_memory", detail=name)
        return Answer(ended="killed", detail=name)
    match os.waitstatus_to_exitcode(status):
        case 0:
            return Answer(ended="read")
        case code if code == _TOO_MUCH_MEMORY:
            return Answer(ended="too_much_memory")
        case code:
            return Answer(ended="failed", detail=f"exit code {code}")


def _read_and_exit(request: Request) -> NoReturn:
    code = _FAILED
    try:
        _detach()
        _limit(request.limits)
        request.result.write_text(_result(request).model_dump_json())
        code = 0
    except MemoryError:
        code = _TOO_MUCH_MEMORY
    finally:
        os._exit(code)  # nothing of the parent's is flushed or cleaned up twice


def _result(request: Request) -> Result:
    try:
        portfolio = _read(request)
    except PortfolioRefusedError as error:
        return Result(refusals=error.refusals)
    except Exception as error:  # hostile input may break any library in any way
        if any(isinstance(each, _OUT_OF_MEMORY) for each in _chain(error)):
            raise MemoryError from error
        return Result(failure=_place(error))
    return Result(portfolio=portfolio)


def _read(request: Request) -> Portfolio:
    path, name, contents = request.path, request.name, request.contents
    if request.is_one_file:
        (programme,) = request.programmes
        return read_one(path, name, programme=programme, contents=contents)
    return read_upload(path, name, programmes=request.programmes, contents=contents)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield *error* and what led to it: libraries put their own over a MemoryError."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _place(error: Exception) -> str:
    """Return the kind of *error* and where it arose, without its words."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {last.name}, line {last.lineno}"


def _detach() -> None:
    """Let the child neither read requests nor answer them."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _limit(limits: ReadingLimits) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limits.wall_seconds)
    # At the first limit of the processor a signal says so, at the second it is over.
    cpu_seconds = limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _MAX_WRITTEN_BYTES),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
