"""The plan of a cohort as a policy to simulate.

What the rules say of each kind of judgement is asked of the domain's own sampler. A
simulated reviewer has the standing that asks for nothing more, never pauses, judges
first attempts without adjustments, and has nothing widened.
"""

from datetime import UTC, datetime
from uuid import UUID

from services.moderation.domain.drawing import Sampler
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.marking import KINDS
from services.moderation.simulation.policies import Escalation, Policy
from shared.personal import Personal
from shared.vocabulary import CRITERIA, Outcome

_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_NOBODY = "p-simulated"


def policy_of(rules: Rules, name: str, *, met_level: int) -> Policy:
    """Return the policy that draws by *rules*, where *met_level* counts as met.

    It is that of reviewers who are not new: of others the plan draws more at first.
    """
    detection = rules.detection
    return Policy(
        name=name,
        floor_ppm=PARTS_PER_MILLION // rules.block_size,
        first_judgements=rules.first_judgements,
        block_size=rules.block_size,
        escalation=None
        if detection is None
        else Escalation(
            from_ppm=detection.escalates_from_ppm,
            fully_ppm=detection.escalates_fully_ppm,
        ),
        floors_ppm=_floors_ppm(rules, met_level),
    )


def _floors_ppm(rules: Rules, met_level: int) -> tuple[int, ...]:
    """Return the probability of each kind of judgement before any chart has risen."""
    sampler = Sampler(rules=rules, seed=b"", published_at=_ANY_TIME)
    later = rules.first_judgements + 1
    return tuple(
        sampler.inclusion(
            _judged(levels, is_borderline=is_borderline, met_level=met_level),
            ordinal=later,
        ).probability_ppm
        for levels, is_borderline in KINDS
    )


def _judged(
    levels: tuple[int, ...], *, is_borderline: bool, met_level: int
) -> JudgedCase:
    outcome: Outcome = "CM" if min(levels) >= met_level else "CNM"
    return JudgedCase(
        judgement_id=UUID(int=0),
        review_id="simulated",
        case_id="simulated",
        cohort_id="simulated",
        attempt=1,
        participant_id=_NOBODY,
        participant_organisation_id="simulated",
        mentor_id=None,
        reviewer_id=_NOBODY,
        programme="SIMULATED",
        programme_version="1",
        policy_version="1",
        role_context=None,
        adjusted=False,
        fairness={},
        snapshot_sha256="0" * 64,
        snapshot_path="simulated",
        levels=dict(zip(CRITERIA, levels, strict=True)),
        outcome=outcome,
        borderline=is_borderline,
        feedback=Personal(subject=_NOBODY, key="none", nonce="none", ciphertext="none"),
        completed_at=_ANY_TIME,
    )
