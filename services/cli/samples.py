"""Submits the two portfolios that come with attest, once."""

from datetime import date, timedelta
from pathlib import Path

from services.cli.client import Client
from services.cli.submitting import Missing, submit_portfolio
from services.submission.documents.samples import render_samples
from shared.clock import utc_now

COHORT = "ats-sample"
OPEN_DAYS = 90


def submit_samples(client: Client, directory: Path) -> None:
    """Open a cohort and submit the samples to it, unless there are cases already."""
    if next(client.pages("/submission/cases", limit=1), None) is not None:
        return
    deadline: date = utc_now().date() + timedelta(days=OPEN_DAYS)
    client.post(
        "/submission/cohorts",
        {"cohort_id": COHORT, "programme": "ATS", "deadline": deadline.isoformat()},
        key="sample-cohort",
    )
    for path in render_samples(directory):
        submit_portfolio(
            client, path, Missing(cohort=COHORT), key=f"sample-{path.name}"
        )
