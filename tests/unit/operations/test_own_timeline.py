"""What a participant may know of the course of their own case."""

import pytest

from services.operations.api.own_timeline import OWN_FACTS
from services.operations.wording import SENTENCES


class TestOwnTimeline:
    """Source: domain.md section 1: never who reviewed or moderated."""

    def test_shows_only_facts_that_there_are(self) -> None:
        assert SENTENCES.keys() >= OWN_FACTS

    @pytest.mark.parametrize("service", ["review", "notification"])
    def test_shows_nothing_of_judging_or_letters_to_judges(self, service: str) -> None:
        assert [each for each in OWN_FACTS if each.startswith(f"{service}.")] == []

    def test_shows_of_moderation_only_what_was_released(self) -> None:
        assert {each for each in OWN_FACTS if each.startswith("moderation.")} == {
            "moderation.OutcomeReleased",
            "moderation.OutcomeRevised",
        }

    def test_shows_no_panel_and_no_verdict_of_one_member(self) -> None:
        words = {SENTENCES[each] for each in OWN_FACTS}
        assert not [each for each in words if "anel" in each or "erdict" in each]
