"""Plans, randomness and releases of a cohort."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from services.moderation.domain.events import Opened
from services.moderation.domain.plan.commands import CommitNonce, RevealNonce
from services.moderation.domain.plan.events import (
    CohortReleased,
    PlanPublished,
    RiskStatement,
    SampleOrdered,
)
from services.moderation.handlers import Disclosure, Plans, PlanWords, Releases
from services.moderation.handlers.disclosure import PlanView
from shared.clock import Clock
from shared.decider import Fact
from shared.handling import Ids
from shared.vocabulary import Attempt, CohortId, Sha256
from shared.web.requests import Ask, Reader, posted

Cohort = Annotated[CohortId, Path()]
LEAD = "lead_moderator"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NonceCommitment(_Body):
    """SHA-256 that binds the signed-in party to its number."""

    commitment: Sha256


class Nonce(_Body):
    """The number of the signed-in party: 32 bytes as 64 hexadecimal digits."""

    nonce: Sha256


class Release(_Body):
    """Which round is released: resubmissions are one of their own."""

    attempt: Attempt = 1


def cohorts_router(
    plans: Plans, releases: Releases, disclosure: Disclosure, clock: Clock
) -> APIRouter:
    """Return the routes of a cohort as a whole."""
    router = APIRouter(tags=["cohorts"])
    _add_plans(router, plans, disclosure, clock)
    _add_releases(router, releases, clock)
    return router


def _add_plans(
    router: APIRouter, plans: Plans, disclosure: Disclosure, clock: Clock
) -> None:
    @router.post("/plans", status_code=201)
    async def publish(body: PlanWords, ask: Ask) -> JSONResponse:
        ask.require(LEAD)
        cause = ask.cause.answer(201, _plan_ids(body.cohort_id))
        by = ask.identity.person_id
        return posted(await plans.publish(body, by=by, at=clock(), cause=cause))

    @router.get("/plans/{cohort_id}")
    async def show(cohort_id: Cohort, _: Reader) -> PlanView:
        """Everybody who is signed in may see a plan: it is published."""
        return await disclosure.plan(cohort_id)

    @router.post("/plans/{cohort_id}/nonces")
    async def commit(
        cohort_id: Cohort, body: NonceCommitment, ask: Ask
    ) -> JSONResponse:
        command = CommitNonce(
            party=ask.identity.person_id, commitment=body.commitment, at=clock()
        )
        cause = ask.cause.answer(200, {"cohort_id": cohort_id})
        return posted(await plans.commit(cohort_id, command, cause))

    @router.post("/plans/{cohort_id}/reveals")
    async def reveal(cohort_id: Cohort, body: Nonce, ask: Ask) -> JSONResponse:
        command = RevealNonce(
            party=ask.identity.person_id, nonce=body.nonce, at=clock()
        )
        cause = ask.cause.answer(200, {"cohort_id": cohort_id})
        return posted(await plans.reveal(cohort_id, command, cause))


def _add_releases(router: APIRouter, releases: Releases, clock: Clock) -> None:
    @router.post("/cohorts/{cohort_id}/release")
    async def release(
        cohort_id: Cohort, ask: Ask, body: Release | None = None
    ) -> JSONResponse:
        """Release one round; without a body the first."""
        ask.require(LEAD)
        cause = ask.cause.answer(200, _release_ids)
        by = ask.identity.person_id
        round_ = body or Release()
        return posted(
            await releases.release(
                cohort_id, round_.attempt, by=by, at=clock(), cause=cause
            )
        )

    @router.post("/cohorts/{cohort_id}/sample", status_code=201)
    async def sample(
        cohort_id: Cohort, ask: Ask, body: Release | None = None
    ) -> JSONResponse:
        """Have moderated what the release of a round still needs."""
        ask.require(LEAD)
        cause = ask.cause.answer(201, _sample_ids)
        by = ask.identity.person_id
        round_ = body or Release()
        return posted(
            await releases.sample(
                cohort_id, round_.attempt, by=by, at=clock(), cause=cause
            )
        )

    @router.post("/cohorts/{cohort_id}/key")
    async def reveal_key(cohort_id: Cohort, ask: Ask) -> JSONResponse:
        ask.require(LEAD)
        cause = ask.cause.answer(200, {"cohort_id": cohort_id})
        by = ask.identity.person_id
        return posted(
            await releases.reveal_key(cohort_id, by=by, at=clock(), cause=cause)
        )


def _plan_ids(cohort_id: str) -> Callable[[tuple[Fact, ...]], Ids]:
    def ids(facts: tuple[Fact, ...]) -> Ids:
        hashes = [fact.plan_hash for fact in facts if isinstance(fact, PlanPublished)]
        return {"cohort_id": cohort_id, "plan_hash": hashes[0] if hashes else None}

    return ids


def _release_ids(facts: tuple[Fact, ...]) -> Ids:
    released = [fact for fact in facts if isinstance(fact, CohortReleased)]
    return {
        "released": sum(fact.cases for fact in released),
        "held": sum(fact.held for fact in released),
        "attempt": released[0].attempt if released else None,
        "number": released[0].number if released else None,
        **(_risk(released[0].risk) if released else {}),
    }


def _risk(risk: RiskStatement | None) -> Ids:
    """Return at what risk it was released; nothing when the plan limits none."""
    if risk is None:
        return {}
    return {
        "population": risk.population,
        "checked": risk.checked,
        "wrong": risk.wrong,
        "risk_ppm": risk.risk_ppm,
        "tolerated_ppm": risk.tolerated_ppm,
        "alpha_ppm": risk.alpha_ppm,
    }


def _sample_ids(facts: tuple[Fact, ...]) -> Ids:
    return {
        "ordered": sum(
            len(fact.judgements) for fact in facts if isinstance(fact, SampleOrdered)
        ),
        "to_moderate": sum(isinstance(fact, Opened) for fact in facts),
    }
