"""What counts as one effect of a message, and what as a second one."""

import json
from dataclasses import replace
from uuid import UUID

from shared.eventlog import StoredEvent
from shared.messaging.reconciler.effects import Effect, effects_of
from tests.unit.shared.messaging.examples import event

CAUSE, OTHER = UUID(int=1), UUID(int=2)


def fact(
    position: int,
    cause: UUID = CAUSE,
    *,
    type_: str = "review.Heard",
    actor: str = "service:review",
) -> StoredEvent:
    written = json.dumps({"actor": actor, "causation_id": str(cause)}).encode()
    return replace(event(position, type_=type_), metadata=written)


class TestEffectsOf:
    def test_facts_side_by_side_are_one_effect(self) -> None:
        assert effects_of("review", [fact(4), fact(5), fact(6)]) == (
            Effect(CAUSE, 4, 6),
        )

    def test_facts_elsewhere_are_a_second_effect(self) -> None:
        (effect,) = effects_of("review", [fact(4), fact(6)])
        assert effect.runs == 2

    def test_facts_of_another_cause_between_them_separate_two_effects(self) -> None:
        found = effects_of("review", [fact(4), fact(5, OTHER), fact(6)])
        assert [effect.runs for effect in found] == [2, 1]

    def test_facts_of_other_services_are_no_effects_here(self) -> None:
        elsewhere = fact(5, type_="moderation.Planned")
        assert effects_of("review", [fact(4), elsewhere]) == (Effect(CAUSE, 4, 4),)

    def test_what_a_person_or_a_clock_did_is_no_effect(self) -> None:
        by_hand = [fact(1, actor="p-17"), fact(2, actor="clock:review")]
        assert effects_of("review", by_hand) == ()
