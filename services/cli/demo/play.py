"""The demonstration, act by act, through the HTTP interfaces and nothing else."""

import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.cli.client import Client, ClientSettings, RefusedError, connected
from services.cli.demo import cast
from services.cli.demo.judging import (
    criterion_words,
    feedback_words,
    full_feedback,
    levels_by,
)
from services.moderation.domain.randomness import nonce_commitment
from services.submission.documents.samples import generate_portfolio
from shared.clock import utc_now
from shared.errors import UnavailableError
from shared.vocabulary import CRITERIA

COHORT = "ats-demo"
DEADLINE_DAYS = 30
EXTENSION_DAYS = 14
HANDS = 4
"""Participants who submit at the same time."""
PATIENCE_SECONDS = 120.0

Report = Callable[[str], None]


class StuckError(UnavailableError):
    """The demonstration waited in vain; the message says for what."""


@dataclass(slots=True)
class Cohort:
    """What the players know of each other's cases."""

    numbers: dict[str, int] = field(default_factory=dict)
    """Participant's number by case id."""


class Stage:
    """Signed-in players and the things they do."""

    def __init__(self, settings: ClientSettings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self.cohort = Cohort()
        self._judged_once: set[str] = set()
        self.office = self.player("operator", "operations", "auditor")
        self.lead = self.player(cast.LEAD, "lead_moderator")

    def player(self, person_id: str, *roles: str) -> Client:
        """Return a client signed in as this person."""
        return self._stack.enter_context(
            connected(self._settings, person_id=person_id, roles=roles)
        )

    def close(self) -> None:
        """Sign everybody out."""
        self._stack.close()

    def play(self, report: Report) -> None:
        """Play every act."""
        for act in (
            self.import_staff,
            self.open_cohort,
            self.publish_plan,
            self.submit_in_time,
            self.pass_the_deadline,
            self.submit_with_extension,
            self.review,
            self.moderate,
            self.lead_decides,
            self.release,
            self.wait_for_letters,
        ):
            started = time.monotonic()
            told = act()
            report(f"{told} ({time.monotonic() - started:.1f} s)")

    def import_staff(self) -> str:
        """Put reviewers, moderators and the lead into the directory."""
        answer = self.office.post(
            "/operations/imports", content=cast.people_csv().encode(), key="demo-staff"
        )
        return f"{answer['people']} members of staff imported"

    def open_cohort(self) -> str:
        """Open a cohort, and give it one more week before anybody submits."""
        deadline = utc_now().date() + timedelta(days=DEADLINE_DAYS - 7)
        body = {"cohort_id": COHORT, "programme": "ATS", "deadline": str(deadline)}
        self.office.post("/submission/cohorts", body, key="demo-cohort")
        later = deadline + timedelta(days=7)
        self.office.post(
            f"/submission/cohorts/{COHORT}/deadline",
            {"deadline": str(later)},
            key="demo-cohort-deadline",
        )
        return f"cohort {COHORT} opened; its deadline moved to {later}"

    def publish_plan(self) -> str:
        """Publish the sampling plan; three parties commit, then reveal a number."""
        self.lead.post(
            "/moderation/plans",
            {
                "cohort_id": COHORT,
                "programme": "ATS",
                "parties": list(cast.PARTIES),
            },
            key="demo-plan",
        )
        nonces = {party: secrets.token_hex(32) for party in cast.PARTIES}
        for party, nonce in nonces.items():
            commitment = nonce_commitment(COHORT, party, nonce)
            self._party(party).post(
                f"/moderation/plans/{COHORT}/nonces", {"commitment": commitment}
            )
        for party, nonce in nonces.items():
            self._party(party).post(
                f"/moderation/plans/{COHORT}/reveals", {"nonce": nonce}
            )
        return "plan published, key committed, randomness fixed by three parties"

    def _party(self, party: str) -> Client:
        return self.player(party, "auditor")

    def submit_in_time(self) -> str:
        """Let everybody without an extension submit, a few at a time."""
        everybody = cast.participants()
        for person in everybody:
            if person.is_extended:
                self._extend(person)
        in_time = [person for person in everybody if not person.is_extended]
        self._submit_all(in_time)
        return f"{len(in_time)} portfolios submitted before the deadline"

    def _extend(self, person: cast.Participant) -> None:
        registered = self.office.post(
            "/submission/people",
            {
                "name": person.name,
                "email": person.email,
                "organisation": person.organisation,
                "roles": ["participant"],
            },
            key=f"demo-person-{person.number}",
        )
        case = self.office.post(
            "/submission/cases",
            {"cohort_id": COHORT, "person_id": registered["person_id"]},
            key=f"demo-case-{person.number}",
        )
        until = utc_now().date() + timedelta(days=DEADLINE_DAYS + EXTENSION_DAYS)
        self.office.post(
            f"/submission/cases/{case['case_id']}/deadline",
            {"deadline": str(until), "reason": "exceptional_circumstances"},
            key=f"demo-extension-{person.number}",
        )

    def _submit_all(self, people: list[cast.Participant]) -> None:
        with ThreadPoolExecutor(HANDS) as hands:
            for person, case_id in zip(
                people, hands.map(self._submit, people), strict=True
            ):
                self.cohort.numbers[case_id] = person.number

    def _submit(self, person: cast.Participant) -> str:
        name, content = generate_portfolio(person.number, template=person.template)
        fields = {
            "cohort": COHORT,
            "name": person.name,
            "email": person.email,
            "organisation": person.organisation,
            "mentor": f"Mentor {person.number} <mentor{person.number}@example.org>",
        }
        answer = self.office.post(
            "/submission/portfolios",
            key=f"demo-portfolio-{person.number}",
            data=fields,
            files={"file": (name, content, "application/octet-stream")},
        )
        case_id: str = answer["case_id"]
        return case_id

    def pass_the_deadline(self) -> str:
        """Move the demonstration clock behind the deadline, for every service."""
        offset = timedelta(days=DEADLINE_DAYS + 1)
        self.office.post(
            "/submission/clock/offset",
            {"offset_seconds": int(offset.total_seconds())},
            key="demo-clock",
        )
        target = utc_now() + offset - timedelta(minutes=5)
        for service in ("submission", "review", "moderation", "notification"):
            _until(
                lambda name=service: self._now_at(name) >= target.isoformat(), "clock"
            )
        return f"the clock runs {offset.days} days ahead; the deadline has passed"

    def _now_at(self, service: str) -> str:
        now: str = self.office.get(f"/{service}/maintenance/position")["now"]
        return now

    def submit_with_extension(self) -> str:
        """A late portfolio is refused; those with an extension are accepted."""
        late = cast.Participant(cast.PARTICIPANTS)
        try:
            self._submit(late)
        except RefusedError as refused:
            told = refused.problem["type"].rpartition(":")[2]
        else:
            message = "a portfolio was accepted after the deadline"
            raise StuckError(message)
        extended = [person for person in cast.participants() if person.is_extended]
        self._submit_all(extended)
        return f"{len(extended)} submitted on an extension; a late one refused: {told}"

    def review(self) -> str:
        """Let the reviewers work through their queues, all at once."""
        reviewers = [self.player(person, "reviewer") for person in cast.REVIEWERS]
        expected = len(self.cohort.numbers)
        done: list[str] = []
        deadline = time.monotonic() + PATIENCE_SECONDS
        with ThreadPoolExecutor(len(reviewers)) as hands:
            while len(done) < expected:
                if time.monotonic() > deadline:
                    raise StuckError(f"only {len(done)} of {expected} reviews are done")
                for found in hands.map(self._review_next, reviewers):
                    done += found
        return f"{len(done)} reviews completed by {len(reviewers)} reviewers"

    def _review_next(self, reviewer: Client) -> list[str]:
        """Claim and judge one case, if there is one; somebody else may be faster."""
        for item in reviewer.get("/review/queue", limit=10)["items"]:
            if item["cohort_id"] != COHORT:
                continue
            try:
                claim = reviewer.post(f"/review/reviews/{item['review_id']}/claim")
            except RefusedError:
                continue
            self._judge(reviewer, item, claim["token"])
            return [item["case_id"]]
        time.sleep(0.05)
        return []

    def _judge(self, reviewer: Client, item: Mapping[str, Any], token: int) -> None:
        path = f"/review/reviews/{item['review_id']}"
        held = {"Fencing-Token": str(token)}
        number = self.cohort.numbers[item["case_id"]]
        portfolio = reviewer.get(f"{path}/portfolio")
        levels = levels_by(cast.reviewer_level, number)
        for place, criterion in enumerate(CRITERIA):
            words = criterion_words(portfolio, levels[criterion], place)
            reviewer.post(f"{path}/criteria/{criterion}", words, headers=held)
        reviewer.post(f"{path}/feedback", feedback_words(levels), headers=held)
        reviewer.post(f"{path}/complete", {"borderline": False}, headers=held)

    def moderate(self) -> str:
        """Let the moderators judge every drawn case, blind; some need two of them."""
        self._wait_for_draws()
        moderators = [self.player(person, "moderator") for person in cast.MODERATORS]
        done = 0
        while any(found := [self._moderate_next(each) for each in moderators]):
            done += sum(found)
        return f"{done} blind second judgements by {len(moderators)} moderators"

    def _wait_for_draws(self) -> None:
        expected = len(self.cohort.numbers)

        def all_drawn() -> bool:
            counts = self.lead.get(f"/moderation/cohorts/{COHORT}/draws")
            return bool(counts["drawn"] >= expected)

        _until(all_drawn, "every completed review to be drawn or not")

    def _moderate_next(self, moderator: Client) -> int:
        for item in moderator.get("/moderation/queue", limit=20)["items"]:
            path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
            try:
                taken = moderator.post(f"{path}/take")
            except RefusedError:
                continue
            self._second_judgement(moderator, path, item["case_id"], taken["token"])
            return 1
        return 0

    def _second_judgement(
        self, moderator: Client, path: str, case_id: str, token: str
    ) -> None:
        number = self.cohort.numbers[case_id]
        portfolio = moderator.get(f"{path}/portfolio")
        is_second = case_id in self._judged_once
        judge = cast.second_moderator_level if is_second else cast.moderator_level
        levels = levels_by(judge, number)
        words = [
            criterion_words(portfolio, levels[criterion], place)
            for place, criterion in enumerate(CRITERIA)
        ]
        moderator.post(
            f"{path}/judgement",
            {
                "levels": levels,
                "rationale": " ".join(word["rationale"] for word in words),
                "evidence": {
                    criterion: word["evidence"]
                    for criterion, word in zip(CRITERIA, words, strict=True)
                },
            },
            headers={"Fencing-Token": str(token)},
        )
        self._judged_once.add(case_id)

    def lead_decides(self) -> str:
        """Let the lead decide what two moderators saw differently from the reviewer."""
        upheld = overturned = 0
        for item in self.lead.pages("/moderation/queue"):
            number = self.cohort.numbers[item["case_id"]]
            path = f"/moderation/cases/{item['case_id']}/{item['attempt']}"
            if overturned > upheld:
                self.lead.post(f"{path}/decision", _uphold())
                upheld += 1
            else:
                levels = levels_by(cast.second_moderator_level, number)
                self.lead.post(f"{path}/decision", _overturn(levels))
                overturned += 1
        return f"the lead overturned {overturned} and upheld {upheld}"

    def release(self) -> str:
        """Release the cohort; reveal the key, so that anybody can check the draws."""
        released = self.lead.post(
            f"/moderation/cohorts/{COHORT}/release", key="demo-release"
        )
        self.lead.post(f"/moderation/cohorts/{COHORT}/key", key="demo-key")
        return f"{released['cases']} outcomes released; the key of the draw is public"

    def wait_for_letters(self) -> str:
        """Wait until every letter is with the mail server."""
        expected = len(self.cohort.numbers)

        def handed_over() -> int:
            notices = self.office.pages("/notification/notices", limit=500)
            return sum(
                notice["state"] == "handed_over"
                and notice["case_id"] in self.cohort.numbers
                for notice in notices
            )

        _until(lambda: handed_over() >= expected, "every letter to be handed over")
        return f"{expected} letters handed over"


def _uphold() -> dict[str, Any]:
    reason = "The reviewer weighed the same evidence with better reasons."
    return {"decision": "uphold", "reason": reason}


def _overturn(levels: Mapping[str, int]) -> dict[str, Any]:
    return {
        "decision": "overturn",
        "levels": levels,
        "reason": "Two moderators independently saw what the reviewer did not.",
        "feedback": full_feedback(dict(levels)),  # type: ignore[arg-type]
        "other_work": "widened",
        "other_work_reason": "More of this reviewer's work is to be looked at.",
    }


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise StuckError(f"waited {PATIENCE_SECONDS:.0f} s for {what}")
        time.sleep(0.1)
