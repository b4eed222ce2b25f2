"""Submits the portfolios that come with attest, once, each to its programme."""

from datetime import date, timedelta
from pathlib import Path

from services.cli.client import Client
from services.cli.submitting import Missing, submit_portfolio
from services.submission.documents.samples import read_samples, render_sample
from shared.clock import utc_now

COHORT = "ats-sample"
OPEN_DAYS = 90


def submit_samples(client: Client, directory: Path) -> None:
    """Open a cohort for each programme and submit the samples to them.

    Nothing is done where there are cases already.
    """
    if next(client.pages("/submission/cases", limit=1), None) is not None:
        return
    samples = read_samples()
    for programme in sorted({sample.recipe.programme for sample in samples}):
        _open_cohort(client, programme)
    for sample in samples:
        path = render_sample(sample, directory)
        missing = Missing(cohort=cohort_of(sample.recipe.programme))
        submit_portfolio(client, path, missing, key=f"sample-{path.name}")


def cohort_of(programme: str) -> str:
    """Return the cohort that takes the samples of *programme*."""
    return COHORT if programme == "ATS" else f"{programme.casefold()}-sample"


def _open_cohort(client: Client, programme: str) -> None:
    deadline: date = utc_now().date() + timedelta(days=OPEN_DAYS)
    cohort = cohort_of(programme)
    client.post(
        "/submission/cohorts",
        {
            "cohort_id": cohort,
            "programme": programme,
            "deadline": deadline.isoformat(),
        },
        key="sample-cohort" if cohort == COHORT else f"sample-cohort-{cohort}",
    )
