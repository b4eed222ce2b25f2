"""Repeating what nobody answers: the same request, with the same key."""

from collections.abc import Callable

import httpx
import pytest

from services.cli import patience
from services.cli.patience import PatientTransport

Answer = httpx.Response | Exception
GONE = httpx.ConnectError("nobody")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PAUSE_SECONDS", 0)


def answering(
    answers: list[Answer], asked: list[httpx.Request]
) -> Callable[[httpx.Request], httpx.Response]:
    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return handle


def ask(answers: list[Answer], *, seconds: float = 5) -> tuple[int, list[str]]:
    """Return the status of a POST, and what was sent each time."""
    asked: list[httpx.Request] = []
    mock = httpx.MockTransport(answering(answers, asked))
    with httpx.Client(transport=PatientTransport(seconds, mock)) as http:
        answer = http.post(
            "http://attest.test/", headers={"Idempotency-Key": "key-1"}, json={"a": 1}
        )
    return (
        answer.status_code,
        [f"{each.headers['Idempotency-Key']} {each.content!r}" for each in asked],
    )


class TestPatientTransport:
    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_repeats_until_somebody_answers(self, status: int) -> None:
        code, asked = ask([GONE, httpx.Response(status), httpx.Response(201)])
        assert code == 201
        assert len(asked) == 3
        assert len(set(asked)) == 1

    @pytest.mark.parametrize("status", [200, 400, 409, 422, 500])
    def test_takes_every_other_answer(self, status: int) -> None:
        code, asked = ask([httpx.Response(status), httpx.Response(201)])
        assert (code, len(asked)) == (status, 1)

    def test_gives_the_last_answer_when_patience_ends(self) -> None:
        assert ask([httpx.Response(503)], seconds=0)[0] == 503

    def test_raises_the_last_failure_when_patience_ends(self) -> None:
        with pytest.raises(httpx.ConnectError):
            ask([GONE], seconds=0)
