"""What the office and the lead do around the judging."""

import secrets
from datetime import timedelta

from services.cli.demo import cast
from services.cli.demo.stage import (
    COHORT,
    DEADLINE_DAYS,
    NEXT_COHORT,
    NEXT_DEADLINE,
    NEXT_START,
    SETTLED,
    Stage,
    tells_a_decision,
    until,
)
from services.moderation.domain.randomness import nonce_commitment
from shared.clock import utc_now


def import_staff(stage: Stage) -> str:
    """Put reviewers, moderators and the lead into the directory."""
    content = cast.people_csv().encode()
    answer = stage.office.post("/operations/imports", content=content, key="demo-staff")
    return f"{answer['people']} members of staff imported"


def open_cohort(stage: Stage) -> str:
    """Open a cohort, and give it one more week before anybody submits."""
    later = utc_now().date() + timedelta(days=DEADLINE_DAYS)
    deadline = later - timedelta(days=7)
    body = {"cohort_id": COHORT, "programme": "ATS", "deadline": str(deadline)}
    stage.office.post("/submission/cohorts", body, key="demo-cohort")
    stage.office.post(
        f"/submission/cohorts/{COHORT}/deadline",
        {"deadline": str(later)},
        key="demo-cohort-deadline",
    )
    return f"cohort {COHORT} opened; its deadline moved to {later}"


def open_next_cohort(stage: Stage) -> str:
    """Open the cohort that starts in some months, for whoever begins anew."""
    today = utc_now().date()
    body = {
        "cohort_id": NEXT_COHORT,
        "programme": "ATS",
        "starts_on": str(today + timedelta(days=NEXT_START)),
        "deadline": str(today + timedelta(days=NEXT_DEADLINE)),
    }
    stage.office.post("/submission/cohorts", body, key="demo-next-cohort")
    return f"cohort {NEXT_COHORT} opened; it starts on {body['starts_on']}"


def publish_plan(stage: Stage) -> str:
    """Publish the sampling plan; three parties commit, then reveal a number."""
    publish_plan_of(stage, COHORT, "ATS")
    return "plan published, key committed, randomness fixed by three parties"


def publish_plan_of(stage: Stage, cohort: str, programme: str) -> None:
    """Publish the plan of any cohort, and fix its randomness."""
    body = {"cohort_id": cohort, "programme": programme, "parties": list(cast.PARTIES)}
    stage.lead.post("/moderation/plans", body, key=f"demo-plan-{cohort}")
    parties = {party: stage.player(party, "auditor") for party in cast.PARTIES}
    nonces = {party: secrets.token_hex(32) for party in cast.PARTIES}
    for party, client in parties.items():
        commitment = nonce_commitment(cohort, party, nonces[party])
        client.post(f"/moderation/plans/{cohort}/nonces", {"commitment": commitment})
    for party, client in parties.items():
        client.post(f"/moderation/plans/{cohort}/reveals", {"nonce": nonces[party]})


def pass_the_deadline(stage: Stage) -> str:
    """Move the demonstration clock behind the deadline, for every service."""
    stage.go_to_day(DEADLINE_DAYS + 1)
    return f"the clock runs {stage.day} days ahead; the deadline has passed"


def release(stage: Stage) -> str:
    """Release the outcomes of the cohort."""
    return f"{release_round(stage, COHORT)} outcomes released"


def release_round(stage: Stage, cohort: str, *, attempt: int = 1, part: int = 0) -> int:
    """Release a round of any cohort, or what came late; return how many went out.

    Submission has heard of them by then: it is a service of its own.
    """
    path = f"/moderation/cohorts/{cohort}/release"
    key = f"demo-release-{cohort}-{attempt}-{part}"
    released = int(stage.lead.post(path, {"attempt": attempt}, key=key)["released"])
    stage.released += released
    until(
        lambda: stage.decisions() >= stage.released,
        "submission to hear of what was released",
    )
    return released


def reveal_key(stage: Stage) -> str:
    """Reveal the key once nothing is left to draw: anybody can check the draws."""
    stage.lead.post(f"/moderation/cohorts/{COHORT}/key", key="demo-key")
    return "the key of the draw is public: anybody can compute the sample again"


def wait_for_letters(stage: Stage) -> str:
    """Wait until every decision is told and no letter is on its way any more."""

    def all_handed_over() -> bool:
        notices = stage.letters()
        told = sum(tells_a_decision(each) for each in notices)
        is_settled = all(each["state"] in SETTLED for each in notices)
        return is_settled and min(told, stage.decisions()) >= stage.released

    until(all_handed_over, "every letter to be handed over")
    letters = stage.letters()
    told = sum(tells_a_decision(each) for each in letters)
    sent = [each for each in letters if each["state"] == "handed_over"]
    return f"{len(sent)} letters handed over, {told} of them with a decision"


def wait_for_awards(stage: Stage) -> str:
    """Wait until everybody who passed, or needs no viva, has the award."""
    waiting = {"criteria_met", "submitted"}

    def all_conferred() -> bool:
        return not any(row["state"] in waiting for row in stage.played())

    until(all_conferred, "every award to be conferred")
    awarded = [row for row in stage.played() if row["state"] == "awarded"]
    return f"{len(awarded)} awards conferred, each with a certificate"
