"""Submits the portfolios that come with attest, once, each to its programme.

Invariant: whatever happens to one sample keeps no other back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from services.cli.client import Client, NotRunningError, RefusedError
from services.cli.submitting import Missing, submit_portfolio
from services.submission.documents.samples import (
    Sample,
    read_samples,
    render_applications,
    render_sample,
)
from shared.clock import utc_now

COHORT = "ats-sample"
OPEN_DAYS = 90
BECAUSE = "The samples are there on whichever day attest is first started."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSubmitted:
    """A sample that is not in, and why."""

    path: Path
    cohort: str
    problem: Mapping[str, Any]
    """The problem document of the refusal, or what else kept it out."""

    @property
    def remedy(self) -> str:
        """The command that submits it after all."""
        return f"attest submit {self.path} --cohort {self.cohort}"


def submit_samples(client: Client, directory: Path) -> tuple[NotSubmitted, ...]:
    """Open a cohort for each programme and submit the samples to them.

    *directory* keeps them as they were handed in, and application forms to send with
    ``attest apply``. Returns those that are not in.
    Nothing is done where there are cases already.

    Raises:
        RefusedError, NotRunningError: nobody says whether there are cases.
    """
    if next(client.pages("/submission/cases", limit=1), None) is not None:
        return ()
    for _ in render_applications(directory):
        pass
    return tuple(_left_out(client, directory))


def cohort_of(programme: str) -> str:
    """Return the cohort that takes the samples of *programme*."""
    return COHORT if programme == "ATS" else f"{programme.casefold()}-sample"


def _left_out(client: Client, directory: Path) -> Iterator[NotSubmitted]:
    """Submit every sample; yield those that were refused, or that nobody took."""
    for sample in read_samples():
        path = render_sample(sample, directory)
        cohort = cohort_of(sample.recipe.programme)
        try:
            _submit(client, sample, path)
        except RefusedError as refused:
            yield NotSubmitted(path=path, cohort=cohort, problem=refused.problem)
        except NotRunningError:
            problem = {"title": "No service answered in time."}
            yield NotSubmitted(path=path, cohort=cohort, problem=problem)


def _submit(client: Client, sample: Sample, path: Path) -> None:
    cohort = cohort_of(sample.recipe.programme)
    _open_cohort(client, sample.recipe.programme, cohort)
    key = f"sample-{path.name}"
    submit_portfolio(client, path, Missing(cohort=cohort), key=key)


def _open_cohort(client: Client, programme: str, cohort: str) -> None:
    """Open the cohort; the same again for each of its samples changes nothing."""
    deadline: date = utc_now().date() + timedelta(days=OPEN_DAYS)
    client.post(
        "/submission/cohorts",
        {
            "cohort_id": cohort,
            "programme": programme,
            "deadline": deadline.isoformat(),
            "because": BECAUSE,
        },
        key="sample-cohort" if cohort == COHORT else f"sample-cohort-{cohort}",
    )
