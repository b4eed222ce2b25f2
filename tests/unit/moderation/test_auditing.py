"""What an auditor sees of a drawn case."""

import pytest

from services.moderation.domain.decide import moderation
from services.moderation.handlers import audited_case
from services.moderation.handlers.opening import NotYoursError
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    DUE_AT,
    disputed,
    opened,
    referred,
    taken,
)
from tests.unit.moderation.test_case import OVERTURNED

CASE = Scenario(moderation)


class TestAuditedCase:
    """Source: domain.md section 1: an auditor reads everything."""

    def test_tells_every_mark_and_who_decided_and_no_words(self) -> None:
        seen = audited_case(CASE.state(*referred(), OVERTURNED))
        assert seen.reviewer.levels == CM_LEVELS
        assert {each: mark.levels for each, mark in seen.moderators.items()} == {
            "p-mod": CNM_LEVELS,
            "p-mod2": CNM_LEVELS,
        }
        assert (seen.outcome, seen.decided_by) == ("CNM", "p-lead")
        words = [seen.reviewer, *seen.moderators.values()]
        assert [each.rationale for each in words] == [None] * 3

    def test_tells_where_it_stands(self) -> None:
        held = audited_case(CASE.state(opened(), taken()))
        assert (held.stage, held.holder_id, held.due_at) == ("first", "p-mod", DUE_AT)
        assert (held.outcome, held.is_released) == (None, False)
        assert audited_case(CASE.state(*disputed())).stage == "second"

    def test_is_none_where_nothing_was_drawn(self) -> None:
        with pytest.raises(NotYoursError):
            audited_case(CASE.state())
