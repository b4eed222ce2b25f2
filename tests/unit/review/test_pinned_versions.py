"""A case is judged by the versions it pinned, whatever came after them."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.review.consumers import request_for
from shared.contracts.message import Received
from shared.contracts.submission import Submitted
from shared.programmes import UnknownProgrammeVersionError, load_programme
from tests.support.programmes import further_programmes, version

OPENS_AT = datetime(2026, 9, 30, 23, tzinfo=UTC)
DUE_AT = datetime(2026, 11, 1, tzinfo=UTC)
NINE_MONTHS = {"value": 9, "source": "P"}


def submitted(*, policy_version: str = "2025.1") -> Received[Submitted]:
    """Return a submission under the first version of the programme."""
    body = Submitted(
        case_id="case-1",
        cohort_id="ats-2025-10",
        attempt=1,
        person_id="ana",
        organisation_id="north-college",
        mentor_id="ben",
        programme="ATS",
        programme_version="2025.1",
        policy_version=policy_version,
        template="workbook",
        role_context=None,
        snapshot_sha256="a" * 64,
        snapshot_path="ana/3",
        submitted_at=OPENS_AT,
        review_opens_at=OPENS_AT,
    )
    return Received(
        body=body,
        event_id=UUID(int=7),
        source="submission",
        stream="case-case-1",
        version=3,
        position=9,
        epoch=0,
        generation=1,
        occurred_at=OPENS_AT,
        correlation_id=UUID(int=8),
    )


class TestLaterVersion:
    def test_does_not_move_the_end_of_a_review_submitted_before(
        self, tmp_path: Path
    ) -> None:
        """Source: domain.md section 2: a later version never re-interprets."""
        later = version("2099.1", "2099.1", policy__review__period_months=NINE_MONTHS)
        with further_programmes(tmp_path, later=later):
            assert load_programme("ATS").policy.review.period_months.value == 9
            assert request_for(submitted()).due_at == DUE_AT

    def test_of_the_policy_alone_does_not_either(self, tmp_path: Path) -> None:
        """Source: domain.md section 2: a case pins both versions."""
        later = version("2025.1", "2025.2", policy__review__period_months=NINE_MONTHS)
        with further_programmes(tmp_path, later=later):
            assert request_for(submitted()).due_at == DUE_AT


class TestMissingVersion:
    def test_is_refused_rather_than_replaced_by_another(self) -> None:
        """Source: domain.md section 2."""
        with pytest.raises(
            UnknownProgrammeVersionError, match=r"2025\.1 with policy 2024\.1"
        ):
            request_for(submitted(policy_version="2024.1"))
