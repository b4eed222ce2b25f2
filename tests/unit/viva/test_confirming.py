"""Whether what a letter tells is still true when it is sent."""

import pytest

from services.viva.domain.confirming import is_still_true
from services.viva.domain.events import VivaEvent
from tests.unit.viva.examples import (
    AT,
    ONE_VERDICT,
    READY,
    SECOND,
    VIVA,
    appointed,
    awarded,
    booked,
    heard,
    moved,
    not_passed,
    offered,
    withdrawn,
)


class TestIsStillTrue:
    """Source: domain.md section 5: checked at the moment of sending."""

    @pytest.mark.parametrize(
        ("told", "since"),
        [
            (offered(), (heard(), offered())),
            (offered(), READY),
            (booked(), READY),
            (moved(), (*READY, moved())),
            (not_passed(), SECOND),
            (awarded(), (heard(), awarded())),
        ],
    )
    def test_holds_while_nothing_changed(
        self, told: VivaEvent, since: tuple[object, ...]
    ) -> None:
        assert is_still_true(told, VIVA.state(*since), at=AT)

    @pytest.mark.parametrize(
        ("told", "since"),
        [
            (offered(), (heard(), offered(), withdrawn())),
            (offered(), SECOND),
            (offered(), ONE_VERDICT),
            (booked(), (*READY, moved())),
            (booked(), (*READY, withdrawn())),
            (not_passed(), (*SECOND, withdrawn())),
            (awarded(), (heard(), awarded("hugo", "lena"))),
            (awarded(), (heard(),)),
            (appointed(), READY),
        ],
    )
    def test_fails_as_soon_as_something_did(
        self, told: VivaEvent, since: tuple[object, ...]
    ) -> None:
        assert not is_still_true(told, VIVA.state(*since), at=AT)
