"""The mail server refuses for a while, then takes letters and cuts the connection."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from services.cli.demo.moderating import moderate
from shared.embedded import Mailbox
from shared.embedded.mailbox.deliveries import Delivery, DeliveryStore
from shared.embedded.mailbox.letters import summarise
from tests.faults.system.playing import PARTICIPANTS, failed, play_through
from tests.support.processes import AttestUp

REFUSALS = 8
CUTS = 4
GIVEN = "Your review "
LETTERS_EACH = 2
"""At least: a receipt and a decision."""
QUICK = {"MAIL_FIRST_RETRY_SECONDS": "0.2", "MAIL_LONGEST_RETRY_SECONDS": "0.5"}


def kept_by(mailbox: Mailbox) -> list[Delivery]:
    store = DeliveryStore(mailbox.directory / "deliveries")
    store.open()
    return list(store.all())


def letters_in(deliveries: Iterable[Delivery]) -> dict[str, set[bytes]]:
    """Return by Message-ID which different bytes were handed over."""
    letters: defaultdict[str, set[bytes]] = defaultdict(set)
    for delivery in deliveries:
        letters[summarise(delivery).letter_id].add(delivery.content)
    return letters


def are_one_each(deliveries: Iterable[Delivery]) -> bool:
    """Tell whether nobody has a letter twice, however often it was handed over."""
    deliveries = list(deliveries)
    letters = letters_in(deliveries)
    once = [each for each in deliveries if not is_told_again(each)]
    told = {(each.recipients, subject_of(each)) for each in once}
    return (
        len(letters_in(once)) == len(told) >= LETTERS_EACH * PARTICIPANTS
        and max(len(contents) for contents in letters.values()) == 1
    )


def is_told_again(delivery: Delivery) -> bool:
    """Tell whether it is to whom a review was given.

    One is taken back in the play, and given to the same reviewer again: whether the
    first letter has left by then is chance.
    """
    return subject_of(delivery).startswith(GIVEN)


def subject_of(delivery: Delivery) -> str:
    """Return what a letter is about; it names the case where one person has many."""
    return str(message_from_bytes(delivery.content, policy=policy.default)["Subject"])


class TestMailServer:
    @pytest.mark.timeout(240)
    async def test_gets_every_letter_and_no_two_that_differ(
        self, mailbox: Mailbox, tmp_path: Path
    ) -> None:
        async def trouble() -> None:
            mailbox.faults.refuse(REFUSALS)
            mailbox.faults.cut_after_data(CUTS)

        environment = {"SMTP_URL": mailbox.smtp_url, **QUICK}
        async with AttestUp(tmp_path / "up", environment) as up:
            findings = await play_through(up.url, after={moderate: trouble})
        assert failed(findings) == []
        deliveries = kept_by(mailbox)
        letters = len(letters_in(deliveries))
        assert len(deliveries) == letters + CUTS, "the control: some came twice"
        assert are_one_each(deliveries)

        first = next(each for each in deliveries if not is_told_again(each))
        another_id = first.content.replace(b"Message-ID: <", b"Message-ID: <again-")
        other_bytes = first.content + b"\r\n"
        for content in (another_id, other_bytes):
            again = replace(first, number=len(deliveries) + 1, content=content)
            assert not are_one_each([*deliveries, again]), "the control"
