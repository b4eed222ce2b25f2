"""What the description of an interface says of signing in and of refusals."""

from types import SimpleNamespace
from typing import Any, cast

from fastapi import APIRouter

from shared.web.problems import MEDIA_TYPE
from shared.web.requests import Reader
from shared.web.service import Definition, service_app


def described() -> dict[str, Any]:
    """Return the description of a service with one route that needs an identity."""
    app = service_app(cast("Definition", SimpleNamespace(name="any")))
    router = APIRouter()

    @router.get("/cases/{number}")
    async def case(identity: Reader, number: int) -> int:
        return number

    app.include_router(router)
    return app.openapi()


class TestDescription:
    def test_says_how_to_sign_in(self) -> None:
        route = described()["paths"]["/cases/{number}"]["get"]
        scheme = described()["components"]["securitySchemes"]["HTTPBearer"]
        assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
        assert route["security"] == [{"HTTPBearer": []}]
        assert [each["name"] for each in route["parameters"]] == ["number"]

    def test_says_that_every_refusal_is_a_problem(self) -> None:
        """Not the framework's own form of 422, which no service ever answers with."""
        document = described()
        answers = document["paths"]["/cases/{number}"]["get"]["responses"]
        assert set(answers) == {"200", "default"}
        assert list(answers["default"]["content"]) == [MEDIA_TYPE]
        assert "HTTPValidationError" not in str(document)
