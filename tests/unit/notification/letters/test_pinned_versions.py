"""A letter tells the clocks its case has, whatever a later policy says."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.notification.letters.compose import compose
from shared.programmes import UnknownProgrammeVersionError, load_programme
from tests.support.programmes import further_programmes, version
from tests.unit.notification.letters.examples import (
    RECIPIENT,
    SENDER,
    SENT_AT,
    letter_of,
)

RESTART = letter_of("restart")


class TestLetter:
    def test_keeps_the_fee_and_the_clocks_its_case_pinned(self, tmp_path: Path) -> None:
        """Source: domain.md section 2: a later version never re-interprets."""
        before = compose(RESTART, sent_at=SENT_AT, sender=SENDER, recipient=RECIPIENT)
        later = version(
            RESTART.programme_version,
            "2099.1",
            policy__restart__fee_pence={"value": 99_999, "source": "P"},
            policy__appeal__lodge_working_days={"value": 3, "source": "P"},
        )
        with further_programmes(tmp_path, later=later):
            assert load_programme("ATS").policy.restart.fee_pence.value == 99_999
            again = compose(
                RESTART, sent_at=SENT_AT, sender=SENDER, recipient=RECIPIENT
            )
        assert again == before
        assert "999.99" not in str(again)

    def test_is_refused_where_its_versions_are_missing(self) -> None:
        """Source: domain.md section 2."""
        unknown = replace(RESTART, policy_version="1999.1")
        with pytest.raises(UnknownProgrammeVersionError):
            compose(unknown, sent_at=SENT_AT, sender=SENDER, recipient=RECIPIENT)
