"""Before a cohort starts: applications, eligibility, a mentor, what is arranged."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from services.cli.applying import send_form
from services.cli.client import Client, RefusedError
from services.cli.demo import cast
from services.cli.demo.stage import (
    NEXT_COHORT,
    NEXT_DEADLINE,
    NEXT_START,
    Stage,
    StuckError,
)
from services.submission.documents.samples import render_applications
from shared.clock import utc_now

ANSWERS = {
    "holds-qtls": "I hold QTLS, conferred in 2019.",
    "experience": "I qualified to teach seven years ago.",
    "impact-on-colleagues": "I coach six colleagues in two departments.",
}
REASON_OF_REFUSAL = "experience"
ADJUSTMENT, DECLINED = "reading-time", "ghost-writer"
EXTRA_DAYS = 10


def apply(stage: Stage) -> str:
    """Let three people apply for the next cohort, one by a form in Word.

    One is eligible and enrols; the panel has not met about the form yet.
    """
    builder, refused = (_apply(stage, each) for each in (cast.BUILDER, cast.REFUSED))
    with TemporaryDirectory() as folder:
        (form,) = render_applications(Path(folder))
        sent = send_form(stage.office, form, NEXT_COHORT, key="demo-form")
    path = f"/submission/applications/{sent['case_id']}"
    stage.office.get(path, reason="The panel reads what was sent.")
    _decide(stage, refused, {"decision": "refused", "reason": REASON_OF_REFUSAL})
    _decide(stage, builder, {"decision": "eligible"})
    who = stage.participant(person_id(cast.BUILDER))
    place = {"cohort_id": NEXT_COHORT, "person_id": person_id(cast.BUILDER)}
    who.post("/submission/cases", place)
    _appoint_mentor(stage, who, builder)
    _arrange(stage, who, builder)
    return (
        "one by a form in Word; one refused, one eligible, who gets a mentor and an"
        " adjustment; another adjustment is declined"
    )


def ask_too_late(stage: Stage) -> str:
    """Ask for an adjustment when it is too late, and a question at any time."""
    stage.go_to_day(NEXT_START)
    who = stage.participant(person_id(cast.BUILDER))
    path = f"/submission/cases/{stage.case_of(cast.BUILDER)}"
    who.post(f"{path}/queries/film", {"text": "May I hand in a film of a lesson?"})
    stage.office.post(
        f"{path}/queries/film/answer", {"text": "Describe it, with pictures of it."}
    )
    try:
        who.post(f"{path}/adjustments/late", {"details": "I need another month."})
    except RefusedError as refused:
        return f"a question is answered, an adjustment refused: {refused}"
    message = "an adjustment was accepted after the programme had started"
    raise StuckError(message)


def person_id(number: int) -> str:
    """Return the id of somebody who applies."""
    return f"applicant-{number}"


def _apply(stage: Stage, number: int) -> str:
    person = cast.Participant(number)
    directory: dict[str, Any] = {
        "id": person_id(number),
        "name": person.name,
        "email": person.email,
        "organisation": person.organisation,
        "roles": ["participant"],
    }
    stage.office.post("/submission/people", directory, key=f"demo-person-{number}")
    form = {
        "cohort_id": NEXT_COHORT,
        "person_id": person_id(number),
        "answers": ANSWERS,
    }
    answer = stage.participant(person_id(number)).post("/submission/applications", form)
    case_id: str = answer["case_id"]
    stage.numbers[case_id] = number
    return case_id


def _decide(stage: Stage, case_id: str, decision: dict[str, str]) -> None:
    stage.office.post(f"/submission/applications/{case_id}/decision", decision)


def _appoint_mentor(stage: Stage, who: Client, case_id: str) -> None:
    mentor = {
        "id": cast.MENTOR,
        "name": "Rhona Mentor",
        "email": mentor_address(),
        "organisation": "far-away-college",
        "roles": ["mentor"],
    }
    stage.office.post("/submission/people", mentor, key="demo-mentor")
    path = f"/submission/cases/{case_id}/mentor"
    who.post(f"{path}/request")
    stage.office.post(f"{path}/appointment", {"mentor_id": cast.MENTOR})


def mentor_address() -> str:
    """Return where letters to the mentor go."""
    return f"{cast.MENTOR}@example.org"


def _arrange(stage: Stage, who: Client, case_id: str) -> None:
    """Agree to one thing that is asked for, and decline another; read both."""
    path = f"/submission/cases/{case_id}/adjustments"
    asked = {"details": "I read with a screen reader, which takes longer."}
    who.post(f"{path}/{ADJUSTMENT}", asked)
    until = utc_now().date() + timedelta(days=NEXT_DEADLINE + 120)
    agreement = {
        "extra_days": [{"clock": "submission", "days": EXTRA_DAYS}],
        "viva": ["extra_time"],
        "until": str(until),
        "details": "Ten more days to hand in, and a longer viva.",
    }
    stage.office.post(f"{path}/{ADJUSTMENT}/agreement", agreement)
    who.post(f"{path}/{DECLINED}", {"details": "I would like my reader to write."})
    declined = {"details": "What is judged has to be in your own words."}
    stage.office.post(f"{path}/{DECLINED}/refusal", declined)
    stage.office.get(path, reason="To tell the participant what was arranged.")
