"""Appeals against the support received: answered in writing, in time or late."""

from services.cli.demo import cast
from services.cli.demo.stage import Stage

UPHELD = {
    "decision": "upheld",
    "reasons": "Four of six meetings were cancelled, and nobody stepped in.",
}
DISMISSED = {
    "decision": "dismissed",
    "reasons": "Six meetings took place, and each was followed by notes.",
}


def appeal_about_support(stage: Stage) -> str:
    """Appeal against the support received; the office answers one in time."""
    answered = _lodge(stage, cast.SUPPORTED_BADLY)
    _lodge(stage, cast.SUPPORTED_WELL)
    stage.office.post(f"/appeals/office/appeals/{answered}/response", UPHELD)
    return "2 against the support received: 1 upheld, 1 not answered yet"


def answer_late(stage: Stage) -> str:
    """Answer the other appeal about support when its last day has passed."""
    stage.wait_for_fact("appeals.FellOverdue", "appeal")
    stage.catch_up("appeals")
    late = [
        each["appeal_id"]
        for each in stage.office.pages("/appeals/office/appeals", overdue=True)
        if each["case_id"] == stage.case_of(cast.SUPPORTED_WELL)
    ]
    for appeal_id in late:
        stage.office.post(f"/appeals/office/appeals/{appeal_id}/response", DISMISSED)
    return f"{len(late)} dismissed, and recorded as answered too late"


def _lodge(stage: Stage, number: int) -> str:
    case_id = stage.case_of(number)
    person_id = stage.office.get(f"/submission/cases/{case_id}")["person_id"]
    return lodge_about_support(stage, case_id, person_id)


def lodge_about_support(stage: Stage, case_id: str, person_id: str) -> str:
    """Appeal about the support received in a case of one's own; return the appeal."""
    statement = {"statement": "My mentor was away from January, and nobody came."}
    path = f"/appeals/cases/{case_id}/support-appeals"
    answer = stage.participant(person_id).post(path, statement)
    return str(answer["appeal_id"])
