"""Answers that come as one JSON object a line, while the work goes on."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from fastapi.responses import StreamingResponse

Report = Callable[[int, int], None]
Work = Callable[[Report], Awaitable[Mapping[str, Any]]]


def streamed(work: Work) -> StreamingResponse:
    """Return an answer of progress lines ``{done, total}`` and a last ``{result}``.

    A client that goes away cancels *work*.
    """
    return StreamingResponse(_lines(work), media_type="application/x-ndjson")


async def _lines(work: Work) -> AsyncIterator[bytes]:
    reports: asyncio.Queue[tuple[int, int]] = asyncio.Queue()
    task = asyncio.ensure_future(
        work(lambda done, total: reports.put_nowait((done, total)))
    )
    try:
        while not task.done() or not reports.empty():
            waiter = asyncio.ensure_future(reports.get())
            await asyncio.wait({waiter, task}, return_when=asyncio.FIRST_COMPLETED)
            if not waiter.done():
                waiter.cancel()
                continue
            done, total = waiter.result()
            yield _line({"done": done, "total": total})
        yield _line({"result": await task})
    finally:
        task.cancel()


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, default=str).encode() + b"\n"
