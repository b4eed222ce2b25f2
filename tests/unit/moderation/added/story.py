"""What every reader of decisions makes of one that is new."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from services.moderation.api.cases import cases_router
from services.moderation.domain.decisions import USUAL, DecisionWords
from services.moderation.domain.outcomes import JudgementModerated, OutcomeReleased
from services.moderation.handlers import Blindness
from services.moderation.handlers.showing import LEAD_GRANT
from services.moderation.handlers.streams import (
    case_stream,
    draw_stream,
    plan_stream,
)
from services.moderation.read_models import CaseRow, follow_case
from services.moderation.statistics.reports import records_of
from services.operations.wording import sentence
from shared.contracts.feedback import FEEDBACK_FIELD, CriterionFeedback, Feedback
from shared.errors import RuleViolatedError
from shared.vocabulary import CRITERIA
from tests.unit.moderation.examples import CNM_LEVELS, COHORT
from tests.unit.moderation.test_translation import stored
from tests.unit.moderation.test_whole import NEW_FEEDBACK
from tests.unit.moderation.world import World

WORDS: TypeAdapter[Any] = TypeAdapter(DecisionWords)
ALL_FOUR = Feedback(
    overall="Better than was said.",
    criteria={key: CriterionFeedback(level=4, comment="Seen.") for key in CRITERIA},
)


async def tell() -> dict[str, Any]:
    """Return it, in the order of a case's life."""
    usual, world = await referred(*USUAL), await referred(*USUAL, "correct")
    higher = correct(ALL_FOUR.model_dump())
    told = {
        "route": route(world),
        "timeline": sentence("moderation.LevelsCorrected"),
        "without the plan": await refusal(usual, higher),
        "against its rule": await refusal(world, correct(NEW_FEEDBACK)),
        "decided": (await world.decide(1, higher)).facts[0].type,  # type: ignore[attr-defined]
        "again": list((await world.decide(1, higher)).facts),
    }
    lead = await world.showing.lead_case(world.shown(1, "p-lead"))
    assert lead.decision is not None
    told["lead reads"] = [lead.decision.outcome, lead.decision.other_work]
    await world.release()
    return told | await released(world)


def correct(feedback: object) -> Any:
    """Return the body of a request as the route reads it."""
    correcting = {
        "feedback": feedback,
        "other_work": "widened",
        "other_work_reason": "The same may hold for others.",
    }
    body = {"decision": "correct", "reason": "Too low.", "correcting": correcting}
    return WORDS.validate_python(body)


async def referred(*decisions: str) -> World:
    """Return a cohort with a case for the lead, under a plan with these decisions."""
    world = World()
    world.rules = world.rules.model_copy(update={"decisions": decisions})
    await world.ready()
    await world.completed(1)
    await world.judge(1, CNM_LEVELS)
    await world.judge(1, CNM_LEVELS, "p-mod2")
    return world


async def refusal(world: World, asked: Any) -> str | None:
    """Return why the lead may not decide so; None when they may."""
    try:
        await world.decide(1, asked)
    except RuleViolatedError as error:
        return error.code
    return None


def route(world: World) -> list[str]:
    """Return what the published interface says may be decided."""
    app = FastAPI()
    blindness = Blindness(world.handling)
    app.include_router(cases_router(world.cases, world.showing, blindness, world.clock))
    asked = app.openapi()["paths"]["/cases/{case_id}/{attempt}/decision"]["post"]
    body = asked["requestBody"]["content"]["application/json"]["schema"]
    return sorted(body["discriminator"]["mapping"])


async def released(world: World) -> dict[str, Any]:
    """Return what people, the queue and the report know after the release."""
    streams = (plan_stream(COHORT), draw_stream(COHORT, "p-rev"), case_stream("c1", 1))
    facts: list[Any] = [
        (name, fact) for name in streams for fact in await world.facts(name)
    ]
    row: CaseRow | None = None
    for fact in (fact for name, fact in facts if name == streams[-1]):
        row = follow_case(row, fact, stored(fact))
    (judgement,) = records_of(facts).judgements
    (told,) = (fact for _, fact in facts if isinstance(fact, OutcomeReleased))
    letter = await world.vault.open(
        told.feedback, str, field=FEEDBACK_FIELD, grant=LEAD_GRANT
    )
    assert isinstance(letter, str)
    (heard,) = (fact for _, fact in facts if isinstance(fact, JudgementModerated))
    return {
        "queue": row.stage if row else None,
        "participant reads": [told.outcome, Feedback.from_text(letter).overall],
        "reviewer hears": heard.result,
        "report": [judgement.final, judgement.is_overturned],
    }
