"""What participants do: hand in, in time, on an extension, or too late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from services.cli.client import RefusedError
from services.cli.demo import cast
from services.cli.demo.stage import (
    COHORT,
    DEADLINE_DAYS,
    EXTENSION_DAYS,
    Stage,
    StuckError,
)
from services.submission.documents.samples import generate_portfolio
from shared.clock import utc_now

HANDS = 4
"""Participants who submit at the same time."""


def submit_in_time(stage: Stage) -> str:
    """Let everybody without an extension submit, a few at a time."""
    everybody = cast.participants(stage.participants)
    for person in everybody:
        if person.is_extended:
            _extend(stage, person)
    in_time = [person for person in everybody if not person.is_extended]
    _submit_all(stage, in_time)
    written = sum(each.number in stage.library.samples for each in in_time)
    told = f"{len(in_time)} portfolios"
    return f"{told}, {written} of them written with care" if written else told


def submit_with_extension(stage: Stage) -> str:
    """A late portfolio is refused; those with an extension are accepted."""
    told = _refusal_of_late(stage)
    everybody = cast.participants(stage.participants)
    extended = [person for person in everybody if person.is_extended]
    _submit_all(stage, extended)
    return f"{len(extended)} portfolios; another, without leave, refused: {told}"


def _refusal_of_late(stage: Stage) -> str:
    try:
        _submit(stage, cast.Participant(stage.participants))
    except RefusedError as refused:
        return str(refused.problem["title"])
    message = "a portfolio was accepted after the deadline"
    raise StuckError(message)


def _extend(stage: Stage, person: cast.Participant) -> None:
    registered = stage.office.post(
        "/submission/people",
        {
            "name": person.name,
            "email": person.email,
            "organisation": person.organisation,
            "roles": ["participant"],
        },
        key=f"demo-person-{person.number}",
    )
    case = stage.office.post(
        "/submission/cases",
        {"cohort_id": COHORT, "person_id": registered["person_id"]},
        key=f"demo-case-{person.number}",
    )
    until = utc_now().date() + timedelta(days=DEADLINE_DAYS + EXTENSION_DAYS)
    stage.office.post(
        f"/submission/cases/{case['case_id']}/deadline",
        {"deadline": str(until), "reason": "exceptional_circumstances"},
        key=f"demo-extension-{person.number}",
    )


def _submit_all(stage: Stage, people: list[cast.Participant]) -> None:
    with ThreadPoolExecutor(HANDS) as hands:
        cases = list(hands.map(lambda person: _submit(stage, person), people))
    for person, case_id in zip(people, cases, strict=True):
        stage.numbers[case_id] = person.number


def _submit(stage: Stage, person: cast.Participant) -> str:
    """Hand in a portfolio and return the case."""
    return hand_in(stage, person, cohort=COHORT, seed=person.number)


def hand_in(stage: Stage, person: cast.Participant, *, cohort: str, seed: int) -> str:
    """Hand in the portfolio of *seed* in a cohort and return the case.

    The seed of a first portfolio is the number of its author.
    """
    if seed == person.number and person.number in stage.library.samples:
        name, content = stage.library.upload(person.number)
    else:
        name, content = generate_portfolio(
            seed, template=person.template, name=person.name
        )
    mentor = f"Mentor {person.number} <mentor{person.number:02d}@example.org>"
    answer = stage.office.post(
        "/submission/portfolios",
        key=f"demo-portfolio-{cohort}-{seed}",
        data={
            "cohort": cohort,
            "name": person.name,
            "email": person.email,
            "organisation": person.organisation,
            "mentor": mentor,
        },
        files={"file": (name, content, "application/octet-stream")},
    )
    case_id: str = answer["case_id"]
    return case_id
