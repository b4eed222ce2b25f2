"""No answer of a service is kept on its way to the reader."""

import httpx
import pytest
from fastapi import FastAPI, Response

from shared.web.caching import NoStore
from shared.web.problems import install_problems


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    install_problems(app)
    app.add_middleware(NoStore)

    @app.get("/plain")
    async def plain() -> str:
        return "for one reader"

    @app.get("/own")
    async def own(response: Response) -> str:
        response.headers["Cache-Control"] = "private, no-store"
        return "with words of its own"

    return app


class TestNoStore:
    @pytest.mark.parametrize(
        ("path", "status", "said"),
        [
            ("/plain", 200, "no-store"),
            ("/own", 200, "private, no-store"),
            ("/nowhere", 404, "no-store"),
        ],
    )
    async def test_has_nothing_kept_unless_the_route_says_otherwise(
        self, app: FastAPI, path: str, status: int, said: str
    ) -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as http:
            answer = await http.get(path)
        assert answer.status_code == status
        assert answer.headers.get_list("Cache-Control") == [said]
