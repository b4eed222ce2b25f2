"""What the office and the lead do around the judging."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.cli.demo import cast
from services.cli.demo.stage import (
    COHORT,
    DEADLINE_DAYS,
    LARGE_COHORT,
    NEXT_COHORT,
    NEXT_DEADLINE,
    NEXT_START,
    PLAYED_TODAY,
    Stage,
    tells_a_decision,
    until,
)
from services.moderation.domain.randomness import nonce_commitment
from shared.clock import utc_now

FULL_MAILBOX = "4.2.2"
"""Status code of a report about mail. Source: RFC 3463."""


def import_staff(stage: Stage) -> str:
    """Put reviewers, moderators and the lead into the directory."""
    content = cast.people_csv().encode()
    answer = stage.office.post("/operations/imports", content=content, key="demo-staff")
    return f"{answer['people']} people who judge, lead, hear appeals or sit on panels"


def open_cohort(stage: Stage) -> str:
    """Open a cohort, and give it one more week before anybody submits."""
    later = utc_now().date() + timedelta(days=DEADLINE_DAYS)
    deadline = later - timedelta(days=7)
    body = {
        "cohort_id": COHORT,
        "programme": "ATS",
        "deadline": str(deadline),
        "because": PLAYED_TODAY,
    }
    stage.office.post("/submission/cohorts", body, key="demo-cohort")
    stage.office.post(
        f"/submission/cohorts/{COHORT}/deadline",
        {"deadline": str(later)},
        key="demo-cohort-deadline",
    )
    return f"ATS, to be handed in by {later:%d %b %Y}, a week later than first said"


def open_next_cohort(stage: Stage) -> str:
    """Open the cohort that starts in some months, for whoever begins anew."""
    today = utc_now().date()
    starts_on = today + timedelta(days=NEXT_START)
    body = {
        "cohort_id": NEXT_COHORT,
        "programme": "ATS",
        "starts_on": str(starts_on),
        "deadline": str(today + timedelta(days=NEXT_DEADLINE)),
        "because": PLAYED_TODAY,
    }
    stage.office.post("/submission/cohorts", body, key="demo-next-cohort")
    return f"ATS again, from {starts_on:%d %b %Y}"


def publish_plan(stage: Stage) -> str:
    """Publish the sampling plan; three parties commit, then reveal a number."""
    publish_plan_of(stage, COHORT, "ATS")
    return "who is judged twice: key committed, randomness fixed by three parties"


def publish_plan_of(
    stage: Stage, cohort: str, programme: str, rules: Mapping[str, Any] | None = None
) -> None:
    """Publish the plan of any cohort, and fix its randomness.

    Without *rules* those of the programme.
    """
    body: dict[str, Any] = {
        "cohort_id": cohort,
        "programme": programme,
        "parties": list(cast.PARTIES),
    }
    if rules is not None:
        body["rules"] = rules
    stage.lead.post("/moderation/plans", body, key=f"demo-plan-{cohort}")
    parties = {party: stage.player(party, "panel_member") for party in cast.PARTIES}
    nonces = {party: secrets.token_hex(32) for party in cast.PARTIES}
    for party, client in parties.items():
        commitment = nonce_commitment(cohort, party, nonces[party])
        client.post(f"/moderation/plans/{cohort}/nonces", {"commitment": commitment})
    for party, client in parties.items():
        client.post(f"/moderation/plans/{cohort}/reveals", {"nonce": nonces[party]})


def change_employers(stage: Stage) -> str:
    """Say that some of the staff work elsewhere now: so they judge other people."""
    moved = {
        cast.REVIEWERS[0]: ("review.EmployerChanged", "reviewer"),
        cast.MODERATORS[0]: ("moderation.EmployerNoted", "standing"),
        cast.HEADS[0]: ("viva.EmployerNoted", "panellist"),
        cast.APPEAL_PANEL[0]: ("appeals.EmployerNoted", "hearer"),
    }
    for person in moved:
        path = f"/submission/people/{person}/organisation"
        stage.office.post(path, {"organisation": "far-away-college"})
    for fact, category in moved.values():
        stage.wait_for_fact(fact, category)
    return f"{len(moved)} of the staff work elsewhere now: every service hears of it"


def pass_the_deadline(stage: Stage) -> str:
    """Move the demonstration clock behind the deadline, for every service."""
    stage.go_to_day(DEADLINE_DAYS + 1)
    return f"the clocks of all services run {stage.day} days ahead"


def release(stage: Stage) -> str:
    """Release the outcomes of the cohort."""
    return f"{release_round(stage, COHORT)} outcomes"


def release_round(stage: Stage, cohort: str, *, attempt: int = 1, part: int = 0) -> int:
    """Release a round of any cohort, or what came late; return how many went out."""
    return int(released_of(stage, cohort, attempt=attempt, part=part)["released"])


def released_of(
    stage: Stage, cohort: str, *, attempt: int = 1, part: int = 0
) -> dict[str, Any]:
    """Release a round of any cohort, or what came late; return what was answered.

    Nobody can take a judgement back any more by then.
    Submission has heard of them by then: it is a service of its own.
    """
    stage.pass_recalls()
    path = f"/moderation/cohorts/{cohort}/release"
    key = f"demo-release-{cohort}-{attempt}-{part}"
    answer: dict[str, Any] = stage.lead.post(path, {"attempt": attempt}, key=key)
    stage.released += int(answer["released"])
    until(
        lambda: stage.decisions() >= stage.released,
        "submission to hear of what was released",
    )
    return answer


def reveal_key(stage: Stage) -> str:
    """Reveal the key once nothing is left to draw: anybody can check the draws."""
    cohorts = [COHORT, *([LARGE_COHORT, NEXT_COHORT] if stage.is_whole else [])]
    for cohort in cohorts:
        stage.lead.post(f"/moderation/cohorts/{cohort}/key", key=f"demo-key-{cohort}")
    stage.revealed += cohorts
    return f"anybody can compute every draw of {', '.join(cohorts)} again"


def wait_for_letters(stage: Stage) -> str:
    """Wait until every decision is told and no letter is on its way any more."""

    def all_told() -> bool:
        told = sum(tells_a_decision(each) for each in stage.letters())
        return min(told, stage.decisions()) >= stage.released

    until(all_told, "every decision to be told")
    letters = stage.settled_letters()
    told = sum(tells_a_decision(each) for each in letters)
    sent = [each for each in letters if each["state"] == "handed_over"]
    return f"{len(sent)} handed over by now, {told} of them with a decision"


def return_a_letter(stage: Stage) -> str:
    """Record that a letter came back, and have it sent again, byte for byte."""
    letter = next(
        each
        for each in stage.letters()
        if each["template"] == "receipt" and each["state"] == "handed_over"
    )
    path = f"/notification/notices/{letter['notice_id']}"
    stage.office.post(f"{path}/bounce", {"code": FULL_MAILBOX})
    stage.office.post(f"{path}/retry")
    stage.catch_up("notification")
    stage.wait_for_letters_about("receipt", [letter["case_id"]])
    return "a receipt came back from a full mailbox, and was sent again"


def wait_for_awards(stage: Stage) -> str:
    """Wait until everybody who passed, or needs no viva, has the award."""
    waiting = {"criteria_met", "submitted"}

    def all_conferred() -> bool:
        return not any(row["state"] in waiting for row in stage.played())

    until(all_conferred, "every award to be conferred")
    awarded = [row for row in stage.played() if row["state"] == "awarded"]
    return f"{len(awarded)} conferred, each with a certificate"
