"""How the lead pauses a reviewer, and begins anew with them."""

from services.cli.client import RefusedError
from services.cli.demo import cast
from services.cli.demo.stage import Stage, StuckError


def pause_a_reviewer(stage: Stage) -> str:
    """Let the lead look into a complaint: meanwhile the reviewer judges nothing."""
    person = cast.REVIEWERS[-1]
    path = f"/moderation/standings/{person}"
    complaint = "A college says that its learners' accounts were not read."
    stage.lead.post(path, {"standing": "paused", "reason": complaint})
    stage.wait_for_fact("review.PauseNoted", "reviewer")
    told = _refusal(stage, person)
    answer = "They were, and the notes show it: we begin anew."
    stage.lead.post(path, {"standing": "probation", "reason": answer})
    stage.wait_for_fact("review.PauseEndNoted", "reviewer")
    return f"a complaint is looked into, and their claim refused: {told}"


def _refusal(stage: Stage, person: str) -> str:
    reviewer = stage.player(person, "reviewer")
    case = stage.case_of(cast.FORMATIONS[0])
    try:
        reviewer.post(f"/review/reviews/{case}.1.1/claim")
    except RefusedError as refused:
        return str(refused)
    message = "a reviewer who is paused could claim a review"
    raise StuckError(message)
