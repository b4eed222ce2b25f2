"""The samples of `attest up`: each on its own, repeated while nobody answers."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import httpx
import pytest

from services.cli import patience, samples
from services.cli.client import Client
from services.cli.patience import PatientTransport
from services.cli.samples import NotSubmitted, submit_samples
from services.cli.up import introduce, tell
from services.submission.documents.samples import Sample, read_samples

NOBODY_LISTENS = "http://127.0.0.1:1"
NAMES = ("ats-workbook", "ats-workbook-borderline", "mentor-form")
"""Documents: quicker to render than a folder."""
REFUSED = "ats-workbook-borderline"
PROBLEM = {"title": "The heading Introduction is missing.", "status": 422}

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three samples, and no pause between two tries."""

    def few() -> tuple[Sample, ...]:
        return tuple(each for each in read_samples() if each.name in NAMES)

    monkeypatch.setattr(samples, "read_samples", few)
    monkeypatch.setattr(patience, "PAUSE_SECONDS", 0)


class Submission:
    """What answers like submission: *portfolio* says what becomes of each upload."""

    def __init__(self, portfolio: Answer, *, cases: int = 0) -> None:
        self._portfolio = portfolio
        self._cases = [{"case_id": f"case-{number}"} for number in range(cases)]
        self.uploads: list[str] = []
        """Idempotency-Keys of the portfolios that came."""

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer like the service."""
        if request.url.path == "/submission/cases":
            return httpx.Response(200, json={"items": self._cases, "next": None})
        if request.url.path == "/submission/cohorts":
            return httpx.Response(201, json={"position": 1})
        self.uploads.append(request.headers["Idempotency-Key"])
        return self._portfolio(request)


@contextmanager
def signed_in(submission: Submission, *, seconds: float = 5) -> Iterator[Client]:
    """Yield a client that repeats what nobody answers for so long."""
    transport = PatientTransport(seconds, httpx.MockTransport(submission.answer))
    with httpx.Client(base_url="http://attest.test", transport=transport) as http:
        yield Client(http, "token")


def taken(_: httpx.Request) -> httpx.Response:
    return httpx.Response(201, json={"case_id": "case-1", "position": 2})


def refuses_one(request: httpx.Request) -> httpx.Response:
    if REFUSED in request.headers["Idempotency-Key"]:
        return httpx.Response(422, content=json.dumps(PROBLEM))
    return taken(request)


class TestSubmitSamples:
    def test_goes_on_after_a_refusal_and_says_which_it_was(
        self, tmp_path: Path
    ) -> None:
        submission = Submission(refuses_one)
        with signed_in(submission) as client:
            (left_out,) = submit_samples(client, tmp_path)
        assert len(submission.uploads) == len(NAMES)
        assert left_out.path.stem == REFUSED
        assert left_out.problem == PROBLEM
        assert left_out.remedy == (
            f"attest submit {tmp_path / REFUSED}.docx --cohort ats-sample"
        )
        assert left_out.path.is_file()

    def test_repeats_what_nobody_answers_under_the_same_key(
        self, tmp_path: Path
    ) -> None:
        answers = iter([503, 504])

        def late(request: httpx.Request) -> httpx.Response:
            status = next(answers, None)
            return taken(request) if status is None else httpx.Response(status)

        submission = Submission(late)
        with signed_in(submission) as client:
            assert submit_samples(client, tmp_path) == ()
        assert len(submission.uploads) == len(NAMES) + 2
        assert len(set(submission.uploads)) == len(NAMES)

    def test_names_every_sample_that_nobody_took(self, tmp_path: Path) -> None:
        def gone(_: httpx.Request) -> httpx.Response:
            message = "nobody"
            raise httpx.ConnectError(message)

        with signed_in(Submission(gone), seconds=0) as client:
            left_out = submit_samples(client, tmp_path)
        assert [each.path.stem for each in left_out] == list(NAMES)
        assert {each.problem["title"] for each in left_out} == {
            "No service answered in time."
        }

    def test_submits_nothing_where_there_are_cases(self, tmp_path: Path) -> None:
        submission = Submission(taken, cases=1)
        with signed_in(submission) as client:
            assert submit_samples(client, tmp_path) == ()
        assert submission.uploads == []


class TestTell:
    def test_says_what_is_missing_why_and_what_to_do(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = Path("samples") / f"{REFUSED}.docx"
        tell([NotSubmitted(path=path, cohort="ats-sample", problem=PROBLEM)])
        told = capsys.readouterr().err
        assert f"The sample {REFUSED}.docx was not submitted" in told
        assert str(PROBLEM["title"]) in told
        assert f"attest submit {path} --cohort ats-sample" in told


class TestIntroduce:
    def test_goes_on_when_nobody_says_who_may_submit(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        module = import_module("services.cli.up")  # its name is that of the command
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
        introduce(NOBODY_LISTENS, tmp_path)
        assert "No sample was submitted: No attest answers" in capsys.readouterr().err
