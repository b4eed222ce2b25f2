"""Drafts on a real database: versions, one author's alone, nothing overwritten."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shared.crypto import EnvelopeError, Grant, Purpose, SubjectErasedError, Vault
from shared.database import Pool, open_pool
from shared.drafts import (
    VERSIONS_KEPT,
    Author,
    DraftChangedError,
    Drafts,
    NoSuchDraftError,
)
from shared.personal import Personal
from tests.support.embedded import FreshDatabase
from tests.support.keys import NOW, memory_vault

ANA, BEN = Author("ana"), Author("ben")


@pytest.fixture
async def pool(migrated_database: FreshDatabase) -> AsyncIterator[Pool]:
    url = migrated_database.url_for("submission")
    async with open_pool(url, schema="submission") as pool:
        yield pool


@pytest.fixture
def vault() -> Vault:
    return memory_vault()


@pytest.fixture
def drafts(pool: Pool, vault: Vault) -> Drafts:
    return Drafts(pool, vault)


async def save(drafts: Drafts, text: str, after: int, *, by: Author = ANA) -> int:
    return await drafts.save(by, "c1.coaching", text, after=after, at=NOW)


class TestDrafts:
    """Source: architecture.md, "HTTP, time, drafts"."""

    async def test_keep_the_last_fifty_versions(self, drafts: Drafts) -> None:
        for after in range(VERSIONS_KEPT + 5):
            assert await save(drafts, f"text {after}", after) == after + 1
        versions = await drafts.versions(ANA, "c1.coaching")
        assert [number for number, _ in versions] == list(range(55, 5, -1))
        assert (await drafts.read(ANA, "c1.coaching", 6)).text == "text 5"
        with pytest.raises(NoSuchDraftError):
            await drafts.read(ANA, "c1.coaching", 5)

    async def test_are_seen_by_nobody_but_their_author(self, drafts: Drafts) -> None:
        await save(drafts, "for my eyes alone", 0)
        with pytest.raises(NoSuchDraftError):
            await drafts.read(BEN, "c1.coaching")
        assert await save(drafts, "my own", 0, by=BEN) == 1
        assert (await drafts.read(ANA, "c1.coaching")).text == "for my eyes alone"

    async def test_lie_sealed_in_the_database(self, drafts: Drafts, pool: Pool) -> None:
        await save(drafts, "for my eyes alone", 0)
        row = await pool.fetchrow("SELECT * FROM draft")
        assert row is not None
        assert "eyes" not in str(dict(row))
        assert Personal.model_validate(row["sealed"]).subject == "ana"

    async def test_are_gone_when_their_author_is_erased(
        self, drafts: Drafts, vault: Vault
    ) -> None:
        await save(drafts, "for my eyes alone", 0)
        await vault.keys.destroy("ana")
        with pytest.raises(NoSuchDraftError):
            await drafts.read(ANA, "c1.coaching")

    async def test_about_somebody_else_are_gone_when_that_person_is_erased(
        self, drafts: Drafts, vault: Vault
    ) -> None:
        """Source: decisions/0005: what staff write about them is the participant's."""
        reviewer = Grant(role="reviewer", purpose=Purpose.REVIEW_HELD_CASE)
        rita = Author("rita", reviewer, about="ana")
        await save(drafts, "about Ana", 0, by=rita)
        await vault.keys.destroy("rita")
        assert (await drafts.read(rita, "c1.coaching")).text == "about Ana"
        await vault.keys.destroy("ana")
        with pytest.raises(NoSuchDraftError):
            await drafts.read(rita, "c1.coaching")
        with pytest.raises(SubjectErasedError):
            await save(drafts, "more about Ana", 1, by=rita)

    async def test_about_somebody_else_open_as_their_author_s_alone(
        self, drafts: Drafts, pool: Pool
    ) -> None:
        """Source: decisions/0005: an envelope that is exchanged does not open."""
        reviewer = Grant(role="reviewer", purpose=Purpose.REVIEW_HELD_CASE)
        rita = Author("rita", reviewer, about="ana")
        sam = Author("sam", reviewer, about="ana")
        await save(drafts, "for my eyes alone", 0, by=rita)
        await pool.execute("UPDATE draft SET author = 'sam'")
        with pytest.raises(EnvelopeError):
            await drafts.read(sam, "c1.coaching")

    async def test_refuse_to_overwrite_what_was_not_seen(self, drafts: Drafts) -> None:
        await save(drafts, "here", 0)
        with pytest.raises(DraftChangedError) as refused:
            await save(drafts, "there", 0)
        assert refused.value.context["latest"] == 1
        assert await save(drafts, "here", 0) == 1, "the same text is no other version"

    async def test_let_one_of_two_at_once_through(self, drafts: Drafts) -> None:
        both = (save(drafts, text, 0) for text in ("one window", "another"))
        outcomes = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(each).__name__ for each in outcomes) == [
            "DraftChangedError",
            "int",
        ]

    async def test_say_when_they_were_saved(self, drafts: Drafts) -> None:
        later = NOW + timedelta(seconds=1)
        await drafts.save(ANA, "c1.plan", "x", after=0, at=later)
        assert (await drafts.read(ANA, "c1.plan")).saved_at == later
