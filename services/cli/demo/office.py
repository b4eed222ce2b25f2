"""What the office and the lead do around the judging."""

import secrets
from datetime import timedelta

from services.cli.demo import cast
from services.cli.demo.stage import (
    COHORT,
    DEADLINE_DAYS,
    SETTLED,
    Stage,
    tells_a_decision,
    until,
)
from services.moderation.domain.randomness import nonce_commitment
from shared.clock import utc_now

_FOLLOWERS = ("submission", "review", "moderation", "notification", "viva", "appeals")


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


def publish_plan(stage: Stage) -> str:
    """Publish the sampling plan; three parties commit, then reveal a number."""
    plan = {"cohort_id": COHORT, "programme": "ATS", "parties": list(cast.PARTIES)}
    stage.lead.post("/moderation/plans", plan, key="demo-plan")
    parties = {party: stage.player(party, "auditor") for party in cast.PARTIES}
    nonces = {party: secrets.token_hex(32) for party in cast.PARTIES}
    for party, client in parties.items():
        commitment = nonce_commitment(COHORT, party, nonces[party])
        client.post(f"/moderation/plans/{COHORT}/nonces", {"commitment": commitment})
    for party, client in parties.items():
        client.post(f"/moderation/plans/{COHORT}/reveals", {"nonce": nonces[party]})
    return "plan published, key committed, randomness fixed by three parties"


def pass_the_deadline(stage: Stage) -> str:
    """Move the demonstration clock behind the deadline, for every service."""
    offset = timedelta(days=DEADLINE_DAYS + 1)
    stage.office.post(
        "/submission/clock/offset",
        {"offset_seconds": int(offset.total_seconds())},
        key="demo-clock",
    )
    target = (utc_now() + offset - timedelta(minutes=5)).isoformat()

    def moved() -> bool:
        paths = [f"/{service}/maintenance/position" for service in _FOLLOWERS]
        return all(str(stage.office.get(path)["now"]) >= target for path in paths)

    until(moved, "every clock to move")
    return f"the clock runs {offset.days} days ahead; the deadline has passed"


def release(stage: Stage) -> str:
    """Release the cohort; reveal the key, so that anybody can check the draws."""
    path = f"/moderation/cohorts/{COHORT}"
    released = stage.lead.post(f"{path}/release", key="demo-release")
    stage.lead.post(f"{path}/key", key="demo-key")
    return f"{released['released']} outcomes released; the key of the draw is public"


def wait_for_letters(stage: Stage) -> str:
    """Wait until every decision is told and no letter is on its way any more."""
    expected = len(stage.numbers)

    def all_handed_over() -> bool:
        notices = stage.letters()
        told = sum(tells_a_decision(each) for each in notices)
        return told >= expected and all(each["state"] in SETTLED for each in notices)

    until(all_handed_over, "every letter to be handed over")
    sent = [each for each in stage.letters() if each["state"] == "handed_over"]
    return f"{len(sent)} letters handed over, {expected} of them with a decision"
