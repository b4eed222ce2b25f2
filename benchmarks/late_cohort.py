"""A cohort past its deadline, whose participants hand in on an extension.

Everything goes through the HTTP interfaces. A portfolio handed in here is ready to be
reviewed at once, because the cohort's review window is open.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from services.cli.client import Client, ClientSettings, connected
from services.cli.demo.stage import until
from services.submission.documents.samples import generate_portfolio
from shared.clock import utc_now

COHORT = "benchmark"
REVIEWER = "rev-benchmark"
ORGANISATION = "dunmere-college"
DEADLINE_DAYS = 30
EXTENSION_DAYS = 14
STAFF = (
    "id,name,email,organisation,roles\n"
    f"{REVIEWER},Ada Reviewer,reviewer@example.org,set-office,reviewer\n"
)
_FOLLOWERS = ("submission", "review", "moderation", "notification")


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What one participant hands in."""

    number: int
    file_name: str
    content: bytes

    @property
    def name(self) -> str:
        return f"Participant {self.number}"

    @property
    def email(self) -> str:
        return f"participant-{self.number}@example.org"


def portfolios(count: int) -> tuple[Portfolio, ...]:
    """Return *count* generated portfolios, workbooks and folders in turns."""
    return tuple(
        Portfolio(
            number,
            *generate_portfolio(
                number, template="phases" if number % 2 else "workbook"
            ),
        )
        for number in range(count)
    )


class LateCohort:
    """The office and one reviewer, signed in."""

    def __init__(self, office: Client, reviewer: Client) -> None:
        self.office = office
        self.reviewer = reviewer
        self._last_receipt: str | None = None

    def open(self, participants: Sequence[Portfolio]) -> None:
        """Open the cohort, extend everybody's deadline and let the cohort's pass."""
        self.office.post("/operations/imports", content=STAFF.encode())
        self.office.post(
            "/submission/cohorts",
            {
                "cohort_id": COHORT,
                "programme": "ATS",
                "deadline": _in(DEADLINE_DAYS),
                "because": "A benchmark runs on any day.",
            },
        )
        for participant in participants:
            self._extend(participant)
        self._pass_the_deadline()

    def _extend(self, participant: Portfolio) -> None:
        person = self.office.post(
            "/submission/people",
            {
                "name": participant.name,
                "email": participant.email,
                "organisation": ORGANISATION,
                "roles": ["participant"],
            },
        )
        enrolment = {"cohort_id": COHORT, "person_id": person["person_id"]}
        case = self.office.post("/submission/cases", enrolment)
        self.office.post(
            f"/submission/cases/{case['case_id']}/deadline",
            {
                "deadline": _in(DEADLINE_DAYS + EXTENSION_DAYS),
                "reason": "exceptional_circumstances",
            },
        )

    def _pass_the_deadline(self) -> None:
        offset = timedelta(days=DEADLINE_DAYS + 1)
        self.office.post(
            "/submission/clock/offset",
            {"offset_seconds": int(offset.total_seconds())},
        )
        target = (utc_now() + offset - timedelta(minutes=5)).isoformat()

        def moved() -> bool:
            paths = (f"/{service}/maintenance/position" for service in _FOLLOWERS)
            return all(str(self.office.get(path)["now"]) >= target for path in paths)

        until(moved, "every clock to move")

    def hand_in(self, portfolio: Portfolio) -> str:
        """Submit *portfolio*; return its case."""
        answer = self.office.post(
            "/submission/portfolios",
            data={
                "cohort": COHORT,
                "name": portfolio.name,
                "email": portfolio.email,
                "organisation": ORGANISATION,
                "mentor": "Mentor <mentor@example.org>",
            },
            files={
                "file": (
                    portfolio.file_name,
                    portfolio.content,
                    "application/octet-stream",
                )
            },
        )
        case_id: str = answer["case_id"]
        return case_id

    def wait_for_receipts(self, cases: Sequence[str]) -> None:
        """Return when the receipts of *cases* are handed over: all is at rest then."""

        def handed_over() -> bool:
            page = self.office.get(
                "/notification/notices",
                state="handed_over",
                after=self._last_receipt,
                limit=500,
            )
            if not set(cases) <= {item["case_id"] for item in page["items"]}:
                return False
            self._last_receipt = page["last"]
            return True

        until(handed_over, "receipts to be handed over")

    def wait_until_in_queue(self, cases: Sequence[str]) -> None:
        """Return when the reviewer sees all of *cases*."""

        def seen() -> bool:
            queue = self.reviewer.pages("/review/queue", limit=500)
            return set(cases) <= {item["case_id"] for item in queue}

        until(seen, "the review queue to show what was handed in")


def _in(days: int) -> str:
    return str(utc_now().date() + timedelta(days=days))


@contextmanager
def late_cohort(url: str, participants: Sequence[Portfolio]) -> Iterator[LateCohort]:
    """Yield the cohort of *participants* at *url*, past its deadline."""
    settings = ClientSettings(url=url)
    with ExitStack() as stack:
        cohort = LateCohort(
            stack.enter_context(
                connected(settings, person_id="office", roles=("operations", "auditor"))
            ),
            stack.enter_context(
                connected(settings, person_id=REVIEWER, roles=("reviewer",))
            ),
        )
        cohort.open(participants)
        yield cohort
