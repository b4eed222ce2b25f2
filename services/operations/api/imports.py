"""Lists of people for the directory."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from services.operations.handlers import Desk
from services.operations.people import LARGEST_LIST_BYTES
from shared.web.requests import Ask, posted


def imports_router(desk: Desk) -> APIRouter:
    """Return the route that takes a list."""
    router = APIRouter(tags=["operations"])

    @router.post("/imports", status_code=201, max_body_size=LARGEST_LIST_BYTES)
    async def imports(request: Request, ask: Ask) -> JSONResponse:
        ask.require("operations")
        return posted(await desk.import_people(await request.body(), ask.cause))

    return router
