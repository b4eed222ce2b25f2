"""What must hold of the large cohort: who was found, what was held, at what risk."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.cli.demo.found import Found, Reviewer
from services.cli.demo.marking import DRIFTS_AFTER

Finding = dict[str, Any]


def check_found(found: Found) -> Iterator[Finding]:
    """Yield what must hold of the reviewers, the releases and the report."""
    for reviewer in found.reviewers:
        if reviewer.judge.fault:
            yield _is_found(reviewer)
    yield _good_ones(found)
    yield _held(found)
    yield _releases(found)
    yield _official_rate(found)
    yield _intervals(found)
    yield _finding("report the same twice", found.is_same_twice, "JSON and CSV")


def _is_found(reviewer: Reviewer) -> Finding:
    """Return whether an alarm found them, no sooner than their fault, and paused them.

    What is held, and marked again, is that of who is paused.
    """
    judge, alarm = reviewer.judge, reviewer.alarm
    is_alarmed = alarm is not None and (
        judge.fault != "drifting" or alarm.after > DRIFTS_AFTER
    )
    is_found = is_alarmed and reviewer.is_paused
    told = (
        f"{judge.person_id}: alarm {alarm.chart} after {alarm.after}" if alarm else "-"
    )
    return _finding(
        f"{judge.fault} reviewer found",
        is_found,
        f"{told}, then {', '.join(reviewer.standings) or 'nothing'}",
    )


def _good_ones(found: Found) -> Finding:
    good = [each for each in found.reviewers if each.judge.fault is None]
    alarmed = [each.judge.person_id for each in good if each.alarm]
    return _finding(
        "no good reviewer paused",
        not any(each.is_paused for each in good),
        f"an alarm, and a closer look, for {', '.join(alarmed)}"
        if alarmed
        else f"{len(good)}, and no alarm",
    )


def _held(found: Found) -> Finding:
    paused = [each for each in found.reviewers if each.is_paused]
    early = [each.judge.person_id for each in paused if not each.waited]
    is_re_marked = all(each.remarked for each in paused)
    held = sum(each.told["judgements"] for each in paused)
    told = ", ".join(f"{each.remarked} of {each.judge.person_id}" for each in paused)
    return _finding(
        "held until re-marked",
        paused and is_re_marked and not early and found.first_waited_for_nobody,
        f"released too early: {', '.join(early)}"
        if early
        else f"{held}, of which re-marked {told}",
    )


def _releases(found: Found) -> Finding:
    risks = [each["risk"] for each in found.releases]
    is_limited = all(each and each["risk_ppm"] <= each["alpha_ppm"] for each in risks)
    told = ", ".join(f"{each['risk_ppm'] / 10_000:.1f} %" for each in risks if each)
    most = max((each["alpha_ppm"] for each in risks if each), default=0)
    return _finding(
        "releases at a limited risk",
        risks and is_limited,
        f"{told} of at most {most / 10_000:.1f} %",
    )


def _official_rate(found: Found) -> Finding:
    rate = found.report["overturns"]["official_rate"]
    interval, picks = rate["interval"], found.report["counts"]["official_picks"]
    seen = [each.told["overturns"] for each in found.reviewers]
    is_complete = sum(each["official_picks"] for each in seen) == picks > 0
    told = f"{estimate(rate)}, from {picks} official picks"
    return _finding("overturn rate with its interval", is_complete and interval, told)


def _intervals(found: Found) -> Finding:
    """Return whether the report tells of everybody how sure it is."""
    missing = [
        each.judge.person_id
        for each in found.reviewers
        for told in (each.told["overturns"]["expected_rate"], each.told["severity"])
        if told["value"] is None or told["interval"] is None
    ]
    return _finding(
        "rates and severities with intervals",
        not missing,
        f"missing of {', '.join(dict.fromkeys(missing))}"
        if missing
        else f"of {len(found.reviewers)} reviewers",
    )


def estimate(told: Mapping[str, Any]) -> str:
    """Return a value with its interval, or why there is none."""
    if told["value"] is None:
        return str(told["reason"])
    value, interval = _short(told["value"]), told["interval"]
    if interval is None:
        return value
    return f"{value} ({_short(interval['low'])} to {_short(interval['high'])})"


def _short(number: float) -> str:
    """Return two decimals without the nought before them; nought has no sign."""
    return f"{round(number, 2) + 0.0:.2f}".replace("0.", ".", 1)


def _finding(check: str, holds: object, told: str) -> Finding:
    return {"check": check, "holds": bool(holds), "found": told}
