"""A small cohort, step by step, by those who have a part in it, over HTTP."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from services.cli.client import Client, ClientSettings, connected
from services.cli.demo.judging import criterion_words, feedback_words, full_feedback
from services.moderation.domain.randomness import nonce_commitment
from services.moderation.domain.rules import rules_of
from shared.clock import utc_now
from shared.programmes import load_programme
from shared.vocabulary import CRITERIA, CriterionKey

T = TypeVar("T")

Levels = Mapping[CriterionKey, int]

DAYS_OPEN = 30
WAIT_SECONDS = 30.0
PARTIES = ("party-kim", "party-lou", "party-mo")

ALL_MET: Levels = dict.fromkeys(CRITERIA, 3)
INSUFFICIENT: Levels = {**ALL_MET, "sufficiency": 2}


def eventually(ask: Callable[[], T | None], what: str) -> T:
    """Return the first answer that is not None or empty."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not (found := ask()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)
    return found


@dataclass(slots=True)
class Cohort:
    """Everybody who has a part in the cohort, signed in when first needed."""

    url: str
    cohort_id: str
    stack: ExitStack
    people: dict[str, Client] = field(default_factory=dict)

    def person(self, person_id: str, *roles: str) -> Client:
        """Return *person_id*, signed in with *roles*."""
        if person_id not in self.people:
            signed_in = connected(
                ClientSettings(url=self.url), person_id=person_id, roles=roles
            )
            self.people[person_id] = self.stack.enter_context(signed_in)
        return self.people[person_id]

    @property
    def office(self) -> Client:
        return self.person("operator", "operations", "auditor")

    def open(self) -> None:
        """Open the cohort until in thirty days, by everybody's present clock."""
        body = {
            "cohort_id": self.cohort_id,
            "programme": "ATS",
            "deadline": str((self._now() + timedelta(days=DAYS_OPEN)).date()),
            "because": "A test runs on any day.",
        }
        self.office.post("/submission/cohorts", body)

    def publish_plan(self, lead: str, **more: Any) -> None:
        """Publish the plan; three people commit to a number and reveal it.

        Without second opinions: what is agreed on must not hang on a draw here. *more*
        are rules that the programme does not have.
        """
        policy = load_programme("ATS").policy
        rules = rules_of(policy.sampling, policy.release)
        without = rules.model_copy(update={"second_opinions_ppm": 0})
        plan = {
            "cohort_id": self.cohort_id,
            "programme": "ATS",
            "parties": PARTIES,
            "rules": {**without.model_dump(mode="json"), **more},
        }
        self.person(lead, "lead_moderator").post("/moderation/plans", plan)
        nonces = {party: secrets.token_hex(32) for party in PARTIES}
        path = f"/moderation/plans/{self.cohort_id}"
        for party, nonce in nonces.items():
            commitment = nonce_commitment(self.cohort_id, party, nonce)
            client = self.person(party, "panel_member")
            client.post(f"{path}/nonces", {"commitment": commitment})
        for party, nonce in nonces.items():
            self.person(party, "panel_member").post(f"{path}/reveals", {"nonce": nonce})

    def pass_the_deadline(self) -> None:
        """Move the clock of every service behind the deadline."""
        self._go_on(timedelta(days=DAYS_OPEN + 1))

    def pass_recalls(self) -> None:
        """Go on to when nobody can take back a judgement any more."""
        self._go_on(timedelta(minutes=16))

    def _go_on(self, time: timedelta) -> None:
        """Move the clock of every service on."""
        target = self._now() + time
        offset = int((target - utc_now()).total_seconds())
        self.office.post("/submission/clock/offset", {"offset_seconds": offset})
        early = (target - timedelta(seconds=30)).isoformat()
        for service in ("submission", "review", "moderation", "notification"):
            eventually(partial(self._is_past, service, early), f"clock of {service}")

    def review(self, case_id: str, reviewer: str, levels: Levels) -> None:
        """Claim the review of a case, judge it and complete it."""
        client = self.person(reviewer, "reviewer")
        path = f"/review/reviews/{case_id}.1.1"
        eventually(
            lambda: case_id in self.waiting_for(reviewer), "the case in the queue"
        )
        token = client.post(f"{path}/claim")["token"]
        held = {"Fencing-Token": str(token)}
        portfolio = client.get(f"{path}/portfolio")
        for place, criterion in enumerate(CRITERIA):
            words = criterion_words(portfolio, levels[criterion], place)
            client.post(f"{path}/criteria/{criterion}", words, headers=held)
        client.post(f"{path}/feedback", feedback_words(levels), headers=held)
        client.post(f"{path}/complete", {"borderline": False}, headers=held)

    def waiting_for(self, reviewer: str) -> list[str]:
        """Return the cases of the cohort in a reviewer's queue, oldest first."""
        queue = self.person(reviewer, "reviewer").pages("/review/queue")
        return [
            item["case_id"] for item in queue if item["cohort_id"] == self.cohort_id
        ]

    def moderate(self, case_id: str, moderator: str, levels: Levels) -> None:
        """Take a drawn case and judge it blind."""
        client = self.person(moderator, "moderator")
        self._in_queue(client, case_id)
        path = f"/moderation/cases/{case_id}/1"
        token = client.post(f"{path}/take")["token"]
        portfolio = client.get(f"{path}/portfolio")
        words = {
            criterion: criterion_words(portfolio, levels[criterion], place)
            for place, criterion in enumerate(CRITERIA)
        }
        judgement = {
            "levels": levels,
            "rationale": {key: each["rationale"] for key, each in words.items()},
            "evidence": {key: each["evidence"] for key, each in words.items()},
        }
        client.post(
            f"{path}/judgement", judgement, headers={"Fencing-Token": str(token)}
        )

    def overturn(self, case_id: str, lead: str, levels: Levels) -> None:
        """Let the lead decide for the moderators' levels."""
        client = self.person(lead, "lead_moderator")
        self._in_queue(client, case_id)
        decision = {
            "decision": "overturn",
            "reason": "Both moderators miss the same evidence.",
            "overturning": {
                "feedback": full_feedback(levels),
                "other_work": "not_widened",
                "other_work_reason": "The other judgements of this reviewer agree.",
            },
        }
        client.post(f"/moderation/cases/{case_id}/1/decision", decision)

    def release(self, lead: str) -> int:
        """Release the cohort once nobody can take a judgement back any more.

        Returns how many outcomes went out.
        """
        self.pass_recalls()
        path = f"/moderation/cohorts/{self.cohort_id}/release"
        return int(self.person(lead, "lead_moderator").post(path)["released"])

    def _in_queue(self, client: Client, case_id: str) -> None:
        eventually(
            lambda: [
                item
                for item in client.get("/moderation/queue", limit=200)["items"]
                if item["case_id"] == case_id
            ],
            "the case in the moderation queue",
        )

    def _is_past(self, service: str, moment: str) -> bool:
        now: str = self.office.get(f"/{service}/maintenance/position")["now"]
        return now >= moment

    def _now(self) -> datetime:
        now: str = self.office.get("/submission/maintenance/position")["now"]
        return datetime.fromisoformat(now)


@contextmanager
def cohort_at(url: str, cohort_id: str) -> Iterator[Cohort]:
    """Yield an unopened cohort; signs everybody out afterwards."""
    with ExitStack() as stack:
        yield Cohort(url, cohort_id, stack)
