"""A large cohort with a harsh, a careless and a drifting reviewer, who are found.

Nothing here knows who is found: the charts of moderation raise their alarms, the
posteriors pause, and the acts follow what the services answer.
"""

from datetime import timedelta
from typing import Any

from services.cli.demo import cast
from services.cli.demo.bench import Bench
from services.cli.demo.elsewhere import MENTORS, hand_in_all, last_start
from services.cli.demo.marking import JUDGES
from services.cli.demo.office import publish_plan_of, released_of
from services.cli.demo.pacing import (
    COHORT_PATH,
    held_by,
    judge_in_step,
    moderate_only,
)
from services.cli.demo.stage import (
    DEADLINE_DAYS,
    LARGE_COHORT,
    PLAYED_TODAY,
    Stage,
    StuckError,
)
from shared.clock import utc_now

PROGRAMME = "ADVANCED-MENTOR"
RISK_LIMIT = {"tolerated_ppm": 200_000, "alpha_ppm": 50_000}
"""If a fifth were wrong, a chance of 5 % to release all the same: of so few portfolios
a smaller share would have nearly all moderated. Source: statistics.md 2.8."""
FIRST, SECOND = 1, 2
"""Releases: of those who are not paused, and of what was held."""


def submit_many(stage: Stage) -> str:
    """Open the large cohort under a plan that limits the risk; all hand in."""
    today = utc_now().date()
    body = {
        "cohort_id": LARGE_COHORT,
        "programme": PROGRAMME,
        "deadline": str(today + timedelta(days=DEADLINE_DAYS)),
        "starts_on": str(last_start(PROGRAMME, today)),
        "because": PLAYED_TODAY,
    }
    stage.office.post("/submission/cohorts", body, key=f"demo-{LARGE_COHORT}")
    publish_plan_of(stage, LARGE_COHORT, PROGRAMME, _rules(stage))
    hand_in_all(stage, LARGE_COHORT, cast.MANY)
    return (
        f"{len(cast.MANY)} more portfolios of mentors; their plan limits the risk of a"
        " release"
    )


def _rules(stage: Stage) -> dict[str, Any]:
    """Return the rules of the programme, with a limited risk of releases.

    The reviewers are new here, not to judging: no more of their first work is drawn.
    """
    usual = stage.lead.get(f"/moderation/plans/{MENTORS}")["plan"]["rules"]
    kept = {name: rule for name, rule in usual.items() if name != "newcomers"}
    return {**kept, "release": RISK_LIMIT}


def judge_many(stage: Stage) -> str:
    """Let five new reviewers judge them, with moderation keeping pace."""
    content = cast.more_reviewers_csv().encode()
    stage.office.post("/operations/imports", content=content, key="demo-more-staff")
    registered = len(cast.REVIEWERS) + len(JUDGES)
    stage.wait_for_fact("review.ReviewerRegistered", "reviewer", count=registered)
    bench = stage.bench = Bench.of([stage.case_of(number) for number in cast.MANY])
    rounds = judge_in_step(stage, bench)
    judged = sum(len(cases) for cases in bench.judged.values())
    pauses = ", ".join(
        f"{person} after {len(bench.judged[person])}" for person in bench.paused
    )
    return (
        f"{judged} judged by {len(JUDGES)} new reviewers in {rounds} rounds, moderated"
        f" meanwhile; alarms pause {pauses or 'nobody'}"
    )


def release_the_others(stage: Stage) -> str:
    """Release what is not held, at a limited risk: it waits for nobody's re-marking."""
    bench = _bench(stage)
    held = sum(len(cases) for cases in held_by(stage).values())
    asked = _moderate_for_release(stage, bench.unpaused)
    answer = released_of(stage, LARGE_COHORT, part=FIRST)
    return (
        f"{answer['released']} outcomes, {asked} more moderated for it: {risk(answer)};"
        f" {held} of {', '.join(bench.paused)} are held"
    )


def re_mark_the_held(stage: Stage) -> str:
    """Moderate what is held of those who are paused; then it is released, too."""
    bench = _bench(stage)
    before = _overturned(stage)
    everything = {case for cases in bench.judged.values() for case in cases}
    moderated = moderate_only(stage, everything)
    left = sum(len(cases) for cases in held_by(stage).values())
    _moderate_for_release(stage, everything)
    overturned = _overturned(stage) - before
    answer = released_of(stage, LARGE_COHORT, part=SECOND)
    return (
        f"{moderated} more blind judgements, {overturned} overturned; {left} are held"
        f" now, {answer['released']} released: {risk(answer)}"
    )


def decide_about_them(stage: Stage) -> str:
    """Let the lead begin anew with those who were paused, but for one of them.

    Paused stays of whose judgements the largest share was overturned.
    """
    standings = stage.lead.get(f"{COHORT_PATH}/standings")["standings"]
    worst_first = sorted(
        (each for each in standings if each["person_id"] in _bench(stage).paused),
        key=lambda each: -each["overturned"] / each["results"],
    )
    out, *back = (each["person_id"] for each in worst_first)
    ended = len(stage.facts("review.PauseEndNoted", "reviewer"))
    reason = "We went through the overturned judgements together: we begin anew."
    for person_id in back:
        path = f"/moderation/standings/{person_id}"
        stage.lead.post(path, {"standing": "probation", "reason": reason})
    stage.wait_for_fact("review.PauseEndNoted", "reviewer", count=ended + len(back))
    again = " and ".join(back) or "nobody"
    return f"{again} on probation again; {out} stays paused"


def risk(answer: dict[str, Any]) -> str:
    """Return at what risk something was released, in words."""
    whole = answer["checked"] == answer["population"]
    seen = "all" if whole else f"{answer['checked']} of {answer['population']}"
    return (
        f"{seen} checked, {answer['wrong']} overturned, at a risk of"
        f" {answer['risk_ppm'] / 10_000:.1f} %"
    )


def _bench(stage: Stage) -> Bench:
    if stage.bench is None or not stage.bench.paused:
        message = "no reviewer of the large cohort was paused"
        raise StuckError(message)
    return stage.bench


def _moderate_for_release(stage: Stage, cases: set[str]) -> int:
    """Ask for what the release still needs until it needs no more; return how many."""
    total = 0
    while True:
        answer = stage.lead.post(f"{COHORT_PATH}/sample", {"attempt": 1})
        if not answer["ordered"]:
            return total
        total += int(answer["to_moderate"])
        moderate_only(stage, cases)


def _overturned(stage: Stage) -> int:
    facts = stage.facts("moderation.Overturned", "moderation")
    return len(facts)
