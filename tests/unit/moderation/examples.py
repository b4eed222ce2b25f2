"""Facts and values that the examples of moderation share."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.moderation.domain.commands import Colleague
from services.moderation.domain.detection import DETECTION
from services.moderation.domain.draw.events import JudgementReceived
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.events import (
    BlindJudgementRecorded,
    Compared,
    Opened,
    ReferredToLead,
    SecondOpinionCalled,
    Taken,
)
from services.moderation.domain.judgement import (
    Evidence,
    JudgedCase,
    Visibility,
)
from services.moderation.domain.outcomes import JudgementModerated
from services.moderation.domain.plan.decide import plan_hash
from services.moderation.domain.plan.events import (
    NonceCommitted,
    NonceRevealed,
    Plan,
    PlanEvent,
    PlanPublished,
    RandomnessFixed,
)
from services.moderation.domain.randomness import beacon_of, nonce_commitment
from services.moderation.domain.rules import Rules, RulesOfVersion1
from services.moderation.domain.sampling import commitment, seed_of
from services.moderation.domain.standing.events import ModeratorRole
from services.moderation.domain.standing.evolve import Standing
from shared.contracts.portfolio import Passage
from shared.personal import Personal
from shared.programmes import load_programme
from shared.vocabulary import CRITERIA, CriterionKey, Outcome, outcome_of

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MONTH_BEGAN = datetime(2026, 10, 20, 23, tzinfo=UTC)
DUE_AT = datetime(2026, 11, 21, tzinfo=UTC)
"""A calendar month later, at midnight in London."""
COHORT = "ats-2025-10"
KEY = bytes(range(32))
PARTIES = ("p-lead", "p-auditor", "p-operator")
NONCES = {party: f"{number:064x}" for number, party in enumerate(PARTIES, start=1)}
POLICY = load_programme("ATS").policy.sampling
FLOORS = tuple(floor.value for floor in POLICY.floors)
RULES = Rules(
    first_judgements=5,
    block_size=10,
    floors=FLOORS,
    idle_days=7,
    idle_judgements=3,
    detection=DETECTION,
    standings=POLICY.standings.value,
    criterion_gap=2,
)
RULES_OF_VERSION_1 = RulesOfVersion1(
    first_judgements=5,
    block_size=10,
    cnm_floor_ppm=250_000,
    borderline_floor_ppm=200_000,
    resubmission_cnm_ppm=1_000_000,
    adjusted_ppm=1_000_000,
    criterion_gap=2,
)
PLAN = Plan(
    cohort_id=COHORT,
    programme="ATS",
    policy_version="2025.1",
    rules=RULES,
    parties=PARTIES,
)
BEACON = beacon_of(COHORT, NONCES)
SEED = seed_of(KEY, beacon=BEACON, plan_hash=plan_hash(PLAN))
SAMPLER = Sampler(rules=RULES, seed=SEED, published_at=NOW)

CM_LEVELS: dict[CriterionKey, int] = dict.fromkeys(CRITERIA, 3)
CNM_LEVELS: dict[CriterionKey, int] = {**CM_LEVELS, "sufficiency": 2}


def sealed(text: str, subject: str = "p-ana") -> Personal[str]:
    """Return an envelope that nobody opens here."""
    return Personal(subject=subject, key="k1", nonce="n", ciphertext=text)


def published(plan: Plan = PLAN) -> PlanPublished:
    return PlanPublished(
        plan=plan,
        plan_hash=plan_hash(plan),
        key_commitment=commitment(KEY),
        wrapped_key="wrapped",
        published_by="p-lead",
        occurred_at=NOW,
    )


def committed(party: str) -> NonceCommitted:
    return NonceCommitted(
        party=party,
        commitment=nonce_commitment(COHORT, party, NONCES[party]),
        occurred_at=NOW,
    )


def revealed(party: str) -> NonceRevealed:
    return NonceRevealed(party=party, nonce=NONCES[party], occurred_at=NOW)


FIXED = RandomnessFixed(beacon=BEACON, occurred_at=NOW)


def ready_plan(plan: Plan = PLAN) -> tuple[PlanEvent, ...]:
    """Return the facts after which tickets can be drawn."""
    return (
        published(plan),
        *(committed(party) for party in PARTIES),
        *(revealed(party) for party in PARTIES),
        FIXED,
    )


def judged(
    number: int = 1,
    *,
    levels: dict[CriterionKey, int] | None = None,
    reviewer: str = "p-rev",
    attempt: int = 1,
) -> JudgedCase:
    """Return a completed review of the case with this number."""
    given = CM_LEVELS if levels is None else levels
    return JudgedCase(
        judgement_id=UUID(int=number),
        review_id=f"c{number}.{attempt}.1",
        case_id=f"c{number}",
        cohort_id=COHORT,
        attempt=attempt,
        participant_id="p-ana",
        participant_organisation_id="o-college",
        mentor_id="p-mentor",
        reviewer_id=reviewer,
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        role_context=None,
        adjusted=False,
        fairness={"setting": "college"},
        snapshot_sha256="ab" * 32,
        snapshot_path="p-ana/abc",
        levels=given,
        outcome=outcome_of(given),
        borderline=False,
        feedback=sealed("feedback of the reviewer"),
        completed_at=NOW,
        period_from=MONTH_BEGAN,
        period_until=DUE_AT,
    )


def received(number: int, ordinal: int | None = None) -> JudgementReceived:
    return JudgementReceived(
        ordinal=ordinal or number, judged=judged(number), occurred_at=NOW
    )


def colleague(
    person_id: str = "p-mod",
    *roles: ModeratorRole,
    organisation: str | None = "o-elsewhere",
) -> Colleague:
    """Return a moderator unless other roles are given."""
    standing = Standing(frozenset(roles or ("moderator",)), organisation)
    return Colleague(person_id=person_id, standing=standing)


MODERATOR = colleague()
SECOND = colleague("p-mod2")
LEAD = colleague("p-lead", "lead_moderator")
TOKEN = UUID(int=501)
OTHER_TOKEN = UUID(int=502)

PASSAGE = Passage(snapshot_sha256="ab" * 32, section="action-plan", start=0, end=9)
EVIDENCE: Evidence = dict.fromkeys(CRITERIA, (PASSAGE,))
VISIBLE = Visibility(snapshot_sha256="ab" * 32, fields=("case_id", "sections"))


def opened(levels: dict[CriterionKey, int] | None = None) -> Opened:
    return Opened(judged=judged(levels=levels), criterion_gap=2, occurred_at=NOW)


def taken(by: Colleague = MODERATOR, token: UUID = TOKEN) -> Taken:
    return Taken(
        moderator_id=by.person_id, token=token, expires_at=LATER, occurred_at=NOW
    )


def blind(
    levels: dict[CriterionKey, int],
    by: Colleague = MODERATOR,
    token: UUID = TOKEN,
    number: int = 1,
) -> BlindJudgementRecorded:
    return BlindJudgementRecorded(
        moderator_id=by.person_id,
        token=token,
        number=1 if number == 1 else 2,
        levels=levels,
        outcome=outcome_of(levels),
        rationale=sealed("rationale"),
        evidence=EVIDENCE,
        visible=VISIBLE,
        occurred_at=NOW,
    )


def comparison(
    first: dict[CriterionKey, int], second: dict[CriterionKey, int], number: int = 1
) -> Compared:
    return Compared(
        number=1 if number == 1 else 2,
        outcome_differs=outcome_of(first) != outcome_of(second),
        level_gaps={key: first[key] - second[key] for key in CRITERIA},
        occurred_at=NOW,
    )


CALLED = SecondOpinionCalled(occurred_at=NOW)
REFERRED = ReferredToLead(occurred_at=NOW)


def disputed(reviewer: Outcome = "CM") -> tuple[object, ...]:
    """Return the facts of a case on which one moderator differs from the reviewer."""
    first, other = _levels(reviewer)
    return (opened(first), taken(), blind(other), comparison(first, other), CALLED)


def referred(reviewer: Outcome = "CM") -> tuple[object, ...]:
    """Return the facts of a case on which both moderators differ from the reviewer."""
    first, other = _levels(reviewer)
    return (
        *disputed(reviewer),
        taken(SECOND, OTHER_TOKEN),
        blind(other, SECOND, OTHER_TOKEN, number=2),
        comparison(first, other, number=2),
        REFERRED,
    )


def moderation_result(result: str, review_id: str = "c1.1.1") -> JudgementModerated:
    return JudgementModerated.model_validate(
        {
            "case_id": "c1",
            "review_id": review_id,
            "reviewer_id": "p-rev",
            "result": result,
            "settled_at": NOW,
            "occurred_at": NOW,
        }
    )


def _levels(
    reviewer: Outcome,
) -> tuple[dict[CriterionKey, int], dict[CriterionKey, int]]:
    pair = (CM_LEVELS, CNM_LEVELS)
    return pair if reviewer == "CM" else (pair[1], pair[0])
