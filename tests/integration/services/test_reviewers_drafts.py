"""Drafts of reviewers over HTTP: kept whatever becomes of the claim, for one author."""

import asyncio

import httpx
import pytest

from shared.clock import utc_now
from shared.contracts.submission import Withdrawn
from shared.crypto import open_keystore
from shared.drafts import VERSIONS_KEPT
from tests.integration.services.allocating import (
    Office,
    office_with,
    submitted,
)
from tests.integration.services.journey import claimed
from tests.integration.services.test_claims import lapse, problem_of
from tests.integration.services.test_handing_in import facts
from tests.integration.services.test_what_ends_a_claim import message
from tests.support.running_services import (
    KEY,
    LEAKED_AT_STOP,
    Client,
    Running,
    keystore_url,
)

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

ONE = "/reviews/case-1.1.1"
DRAFT = f"{ONE}/drafts/authenticity"
WORDS = "The mentor's dates agree; what is missing is"
FEEDBACK = {"overall": "Thank you.", "comments": {"authenticity": "It is yours."}}


@pytest.fixture
async def office(unconnected: Running) -> Office:
    return await office_with(unconnected, submitted("case-1"))


async def save(
    client: Client, text: str = WORDS, *, after: int = 0, path: str = DRAFT
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {client.token}"}
    body = {"text": text, "after": after}
    return await client.http.put(path, json=body, headers=headers)


async def saved(client: Client, text: str = WORDS, *, after: int = 0) -> int:
    answer = await save(client, text, after=after)
    assert answer.status_code == 200, answer.text
    version: int = answer.json()["version"]
    return version


async def text_of(client: Client) -> str:
    answer = await client.get(DRAFT)
    assert answer.status_code == 200, answer.text
    text: str = answer.json()["text"]
    return text


class TestReviewersDraft:
    async def test_takes_what_a_lapsed_lease_refused_and_the_refusal_says_so(
        self, office: Office
    ) -> None:
        """Source: architecture.md, "HTTP, time, drafts": kept after a lapsed claim."""
        token = await claimed(office.rita, "case-1.1.1")
        assert await lapse(office.running, minutes=61) == 1
        late = await office.rita.post(f"{ONE}/feedback", FEEDBACK, token=token)
        assert problem_of(late) == "TokenStale"
        assert "Nothing of this request was saved" in late.json()["title"]
        assert "PUT /reviews/{review_id}/drafts/{form}" in late.json()["title"]
        assert await saved(office.rita) == 1
        assert await text_of(office.rita) == WORDS

    async def test_is_read_by_its_author_after_a_colleague_claimed(
        self, office: Office
    ) -> None:
        """Source: architecture.md, "HTTP, time, drafts": visible to its author only."""
        token = await claimed(office.rita, "case-1.1.1")
        assert await saved(office.rita) == 1
        written = await office.rita.post(f"{ONE}/feedback", FEEDBACK, token=token)
        assert written.status_code == 200, written.text
        await office.rita.post(f"{ONE}/release", token=token)
        await claimed(office.sam, "case-1.1.1")
        assert (await office.rita.get(ONE)).status_code == 404
        assert await text_of(office.rita) == WORDS
        assert await saved(office.rita, f"{WORDS} why.", after=1) == 2
        own = (await office.rita.get(f"{ONE}/own-words")).json()
        assert (own["criteria"], own["feedback"]) == ({}, FEEDBACK)

    async def test_is_read_by_nobody_else(self, office: Office) -> None:
        """Source: domain.md section 1: nobody sees unfinished marks of another."""
        await claimed(office.rita, "case-1.1.1")
        await saved(office.rita)
        assert await lapse(office.running, minutes=61) == 1
        for stranger in (office.sam, office.nora):
            for path in (DRAFT, f"{DRAFT}/versions", f"{ONE}/own-words"):
                assert problem_of(await stranger.get(path)) == "NeverHeld"
            assert problem_of(await save(stranger)) == "NeverHeld"
        for role in ("operations", "lead_moderator", "auditor", "moderator"):
            other = office.running.as_person("review", "rita", role)
            for path in (DRAFT, f"{DRAFT}/versions", f"{ONE}/own-words"):
                assert (await other.get(path)).status_code == 403
        await claimed(office.sam, "case-1.1.1")
        assert problem_of(await office.sam.get(DRAFT)) == "NoSuchDraft"
        own = (await office.sam.get(f"{ONE}/own-words")).json()
        assert (own["criteria"], own["feedback"]) == ({}, None)
        assert await saved(office.sam, "My own.") == 1
        assert (await text_of(office.rita), await text_of(office.sam)) == (
            WORDS,
            "My own.",
        )

    async def test_keeps_fifty_versions_and_overwrites_none_unread(
        self, office: Office
    ) -> None:
        """Source: architecture.md, "HTTP, time, drafts": its last 50 versions."""
        await claimed(office.rita, "case-1.1.1")
        for after in range(VERSIONS_KEPT + 1):
            assert await saved(office.rita, f"text {after}", after=after) == after + 1
        versions = (await office.rita.get(f"{DRAFT}/versions")).json()
        assert [each["version"] for each in versions] == list(range(51, 1, -1))
        first = await office.rita.get(DRAFT, version=1)
        assert problem_of(first) == "NoSuchDraft"
        assert (await office.rita.get(DRAFT, version=2)).json()["text"] == "text 1"
        stale = await save(office.rita, "elsewhere", after=50)
        assert (stale.status_code, problem_of(stale)) == (409, "DraftChanged")
        assert stale.json()["context"]["latest"] == VERSIONS_KEPT + 1

    async def test_is_saved_once_when_the_answer_was_lost_and_it_comes_again(
        self, office: Office
    ) -> None:
        """Source: architecture.md, "HTTP, time, drafts": the client cannot know."""
        await claimed(office.rita, "case-1.1.1")
        assert await saved(office.rita, "begun") == 1
        for _ in range(3):
            assert await saved(office.rita, after=1) == 2
        both = (save(office.rita, f"{WORDS} why.", after=2) for _ in range(2))
        assert [each.json() for each in await asyncio.gather(*both)] == [
            {"version": 3},
            {"version": 3},
        ]
        versions = (await office.rita.get(f"{DRAFT}/versions")).json()
        assert [each["version"] for each in versions] == [3, 2, 1]
        older = await save(office.rita, after=1)
        assert (older.status_code, problem_of(older)) == (409, "DraftChanged")

    async def test_is_of_a_criterion_or_the_feedback(self, office: Office) -> None:
        """Source: domain.md section 2: three criteria, and feedback."""
        assert problem_of(await save(office.rita)) == "NeverHeld"
        await claimed(office.rita, "case-1.1.1")
        unknown = await save(office.rita, path=f"{ONE}/drafts/coaching")
        assert (unknown.status_code, problem_of(unknown)) == (404, "UnknownForm")
        forms = unknown.json()["context"]["forms"]
        assert forms == ["authenticity", "sufficiency", "reliability", "feedback"]
        for form in forms:
            answer = await save(office.rita, path=f"{ONE}/drafts/{form}")
            assert answer.json() == {"version": 1}, answer.text
        large = await save(office.rita, "x" * 200_001, after=1)
        assert (large.status_code, "xxx" in large.text) == (422, False)

    async def test_is_no_fact_and_outlives_a_withdrawal(self, office: Office) -> None:
        """Source: architecture.md, "HTTP, time, drafts": only what is saved is one."""
        await claimed(office.rita, "case-1.1.1")
        before = await facts(office.running)
        await saved(office.rita)
        assert await facts(office.running) == before
        gone = Withdrawn(case_id="case-1", withdrawn_at=utc_now())
        await office.hear(message(gone))
        closed = await office.rita.get(ONE)
        assert problem_of(closed) == "ReviewClosed"
        assert "drafts are kept" in closed.json()["title"]
        assert await text_of(office.rita) == WORDS
        assert await saved(office.rita, "What I was typing then.", after=1) == 2

    async def test_is_unreadable_once_the_participant_is_erased(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Source: architecture.md, "Personal data": words about a participant."""
        monkeypatch.setattr("shared.crypto.ring.CACHE_SECONDS", 0.0)
        token = await claimed(office.rita, "case-1.1.1")
        await saved(office.rita)
        await office.rita.post(f"{ONE}/feedback", FEEDBACK, token=token)
        where = keystore_url(office.running.directory)
        async with open_keystore(where, KEY) as keystore:
            await keystore.destroy("ana-case-1", at=utc_now())
        assert problem_of(await office.rita.get(DRAFT)) == "NoSuchDraft"
        own = await office.rita.get(f"{ONE}/own-words")
        assert problem_of(own) == "PortfolioErased"
        again = await save(office.rita, "And anew.", after=1)
        assert problem_of(again) == "SubjectErased"
