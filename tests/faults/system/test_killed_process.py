"""All of attest ends by ``kill -9``, again and again, while a cohort is played."""

from pathlib import Path

import pytest

from shared.embedded import Mailbox
from tests.faults.system.playing import (
    PARTICIPANTS,
    Moments,
    behind_gateway,
    failed,
    play_through,
)
from tests.support.processes import AttestUp

MOMENTS = (
    r"POST /submission/portfolios",
    r"POST /review/reviews/.+/complete",
    r"POST /moderation/cohorts/.+/release",
    r"GET /notification/notices",
)
"""After the append and before the relay; with a judgement under way to moderation;
with all outcomes released and no letter written; while letters are sent."""


class TestKilledProcess:
    @pytest.mark.timeout(240)
    async def test_goes_on_where_it_was_when_started_again(
        self, tmp_path: Path
    ) -> None:
        async with AttestUp(tmp_path) as up:
            moments = Moments(MOMENTS, up.kill_and_restart)
            async with behind_gateway(up, moments) as (url, gateway):
                findings = await play_through(url)
        assert failed(findings) == []
        assert up.starts == 1 + len(MOMENTS)
        lost = [each.path for each in moments.lost if each.method == "POST"]
        replayed = [each.path for each in gateway.exchanges if each.is_replayed]
        assert set(lost) <= set(replayed), "the control: effects had happened"
        mailbox = Mailbox(up.state / "mailbox")
        await mailbox.start()
        await mailbox.stop()
        assert mailbox.count >= 2 * PARTICIPANTS, "a receipt and a decision each"
        assert all(letter.identical for letter in mailbox.letters())
