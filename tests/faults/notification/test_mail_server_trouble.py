"""A mail server that refuses, cuts the line, or is away: every letter arrives, once.

Source: domain.md section 5; each fault has a control that shows the test can fail.
"""

from collections.abc import AsyncIterator
from email import message_from_bytes

import pytest

from services.notification.domain.commands import OrderRetry
from shared.embedded import Mailbox
from shared.errors import UnavailableError
from shared.eventlog import Appended, UnitOfWork
from shared.handling import Cause
from tests.faults.notification.post_office import PostOffice, post_office
from tests.support.serving import free_port

LETTERS = 6


@pytest.fixture
async def office(mailbox: Mailbox) -> AsyncIterator[PostOffice]:
    async with post_office(mailbox.smtp_url) as office:
        yield office


def deliveries(mailbox: Mailbox) -> list[bytes]:
    """Return the content of everything that was ever delivered, in order."""
    store = mailbox._store
    return [store.read(number).content for number in sorted(store._numbers())]


def one_letter_each(contents: list[bytes]) -> bool:
    """Tell whether all deliveries with one Message-ID have the same bytes."""
    seen: dict[str, bytes] = {}
    for content in contents:
        message_id = message_from_bytes(content)["Message-ID"]
        if seen.setdefault(message_id, content) != content:
            return False
    return True


class TestServerRefusingThenCutting:
    async def test_gets_every_letter_and_shows_each_once(
        self, office: PostOffice, mailbox: Mailbox
    ) -> None:
        mailbox.faults.refuse(2 * LETTERS)
        mailbox.faults.cut_after_data(LETTERS)
        notices = [await office.order(number) for number in range(1, LETTERS + 1)]
        await office.try_until_settled(*notices)
        for notice_id in notices:
            facts = await office.history(notice_id)
            assert facts[:2] == ["Requested", "Rendered"]
            assert facts[-1] == "HandedOver"
            assert facts.count("HandedOver") == facts.count("Rendered") == 1
            assert "Deferred" in facts
            assert "Uncertain" in facts
        contents = deliveries(mailbox)
        assert len(contents) == 2 * LETTERS
        assert mailbox.count == LETTERS
        assert all(letter.identical for letter in mailbox.letters())
        assert one_letter_each(contents)

    async def test_is_a_fault_indeed(
        self, office: PostOffice, mailbox: Mailbox
    ) -> None:
        """Control: without it each letter is delivered exactly once, at once."""
        notices = [await office.order(number) for number in range(1, LETTERS + 1)]
        for notice_id in notices:
            await office.sending.send(notice_id)
            history = await office.history(notice_id)
            assert history == ["Requested", "Rendered", "HandedOver"]
        assert len(deliveries(mailbox)) == mailbox.count == LETTERS

    async def test_would_show_if_the_bytes_changed_between_tries(
        self, office: PostOffice, mailbox: Mailbox
    ) -> None:
        """Control: a sender that renders anew at each try is caught."""
        mailbox.faults.cut_after_data(1)
        notice_id = await office.order(1)
        await office.sending.send(notice_id)
        first = deliveries(mailbox)[0]
        other = first.replace(b"Date: Mon, 02 Nov", b"Date: Tue, 03 Nov")
        assert other != first
        await office.sending.gateway.send(
            recipient="ana@example.org", sender="awards@attest.example", content=other
        )
        assert mailbox.count == 1
        assert not one_letter_each(deliveries(mailbox))


@pytest.fixture
def full_disk(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """The log can be read, but takes no `HandedOver` until this is undone."""
    append = office.log.append

    async def refuse(work: UnitOfWork) -> Appended:
        kinds = {each.type for write in work.writes for each in write.events}
        if "notification.HandedOver" in kinds:
            raise UnavailableError
        return await append(work)

    monkeypatch.setattr(office.log, "append", refuse)
    return monkeypatch


class TestLogThatCannotBeWritten:
    async def test_sends_no_letter_again_whose_delivery_it_could_not_record(
        self, office: PostOffice, mailbox: Mailbox, full_disk: pytest.MonkeyPatch
    ) -> None:
        notice_id = await office.order(1)
        for _ in range(4):
            with pytest.raises(UnavailableError):
                await office.sending.send(notice_id)
        full_disk.undo()
        await office.sending.send(notice_id)
        assert await office.history(notice_id) == [
            "Requested",
            "Rendered",
            "HandedOver",
        ]
        assert len(deliveries(mailbox)) == 1

    async def test_sends_anew_what_another_process_may_have_sent(
        self, office: PostOffice, mailbox: Mailbox, full_disk: pytest.MonkeyPatch
    ) -> None:
        """The control: what a process knew is gone with it."""
        notice_id = await office.order(1)
        for _ in range(2):
            with pytest.raises(UnavailableError):
                await office.sending.send(notice_id)
            office.sending.unrecorded.clear()
        assert len(deliveries(mailbox)) == 2
        assert one_letter_each(deliveries(mailbox))


class TestServerAway:
    async def test_is_waited_for(self) -> None:
        port = free_port()
        async with post_office(f"smtp://127.0.0.1:{port}") as office:
            notice_id = await office.order(1)
            await office.sending.send(notice_id)
            assert await office.history(notice_id) == [
                "Requested",
                "Rendered",
                "Deferred",
            ]

    async def test_fails_when_the_tries_are_over_and_can_be_tried_again(
        self, mailbox: Mailbox
    ) -> None:
        async with post_office(mailbox.smtp_url, tries=3) as office:
            mailbox.faults.refuse(3)
            notice_id = await office.order(1)
            await office.try_until_settled(notice_id)
            assert (await office.history(notice_id))[-1] == "Failed"
            assert mailbox.count == 0
            await _order_retry(office, notice_id)
            await office.try_until_settled(notice_id)
            facts = await office.history(notice_id)
            assert facts[-2:] == ["RetryOrdered", "HandedOver"]
            assert facts.count("Rendered") == 1
            assert mailbox.count == 1


async def _order_retry(office: PostOffice, notice_id: str) -> None:
    command = OrderRetry(by="p-op", at=office.now)
    cause = Cause.by_clock("test", "retry", notice_id)
    await office.notices.by_office(notice_id, command, cause)


class TestOthersAway:
    async def test_holds_the_letter_until_the_owner_answers(
        self, office: PostOffice, mailbox: Mailbox
    ) -> None:
        """Source: architecture.md, "unreachable = held"."""
        office.answers.owner_is_away = True
        notice_id = await office.order(1)
        await office.sending.send(notice_id)
        assert await office.history(notice_id) == ["Requested", "Held"]
        assert mailbox.count == 0
        office.answers.owner_is_away = False
        await office.try_until_settled(notice_id)
        assert (await office.history(notice_id))[-1] == "HandedOver"

    async def test_holds_the_letter_until_the_directory_answers(
        self, office: PostOffice
    ) -> None:
        office.answers.directory_is_away = True
        notice_id = await office.order(1)
        await office.sending.send(notice_id)
        assert await office.history(notice_id) == ["Requested", "Held"]
        office.answers.directory_is_away = False
        await office.try_until_settled(notice_id)
        assert (await office.history(notice_id))[-1] == "HandedOver"

    async def test_does_not_try_before_its_time(self, office: PostOffice) -> None:
        office.answers.owner_is_away = True
        notice_id = await office.order(1)
        for _ in range(5):
            await office.sending.send(notice_id)
        assert office.answers.asked == ["confirm"]


class TestNoLongerTrue:
    """Checked at the moment of sending. Source: domain.md section 5."""

    async def test_is_not_sent(self, office: PostOffice, mailbox: Mailbox) -> None:
        office.answers.is_true = False
        notice_id = await office.order(1)
        await office.sending.send(notice_id)
        assert await office.history(notice_id) == ["Requested", "Cancelled"]
        assert mailbox.count == 0

    async def test_is_asked_again_at_every_try(
        self, office: PostOffice, mailbox: Mailbox
    ) -> None:
        mailbox.faults.refuse(1)
        notice_id = await office.order(1)
        await office.sending.send(notice_id)
        office.answers.is_true = False
        await office.try_until_settled(notice_id)
        assert (await office.history(notice_id))[-2:] == ["Deferred", "Cancelled"]
        assert mailbox.count == 0


class TestUnusable:
    async def test_address_fails_at_once(self, office: PostOffice) -> None:
        office.answers.address = "not an address"
        notice_id = await office.order(1)
        await office.sending.send(notice_id)
        assert await office.history(notice_id) == ["Requested", "Failed"]

    async def test_person_without_contact_fails_at_once(
        self, office: PostOffice
    ) -> None:
        office.answers.address = None
        notice_id = await office.order(1)
        await office.sending.send(notice_id)
        assert await office.history(notice_id) == ["Requested", "Failed"]

    async def test_bytes_are_noticed(
        self, office: PostOffice, mailbox: Mailbox
    ) -> None:
        mailbox.faults.refuse(1)
        notice_id = await office.order(1)
        await office.sending.send(notice_id)
        (path,) = office.objects.paths()
        office.objects.memory.delete(path)
        await office.try_until_settled(notice_id)
        assert (await office.history(notice_id))[-1] == "Failed"
        assert mailbox.count == 0


class TestWordsAndAddresses:
    async def test_are_nowhere_in_the_log(
        self, office: PostOffice, mailbox: Mailbox
    ) -> None:
        notice_id = await office.order(1)
        await office.try_until_settled(notice_id)
        assert mailbox.count == 1
        stored = b"".join(
            event.payload + event.metadata for event in await office.log.read_after(0)
        )
        for secret in (b"ana@example.org", b"Ana Bell", b"thoughtful", b"Say by when"):
            assert secret not in stored
