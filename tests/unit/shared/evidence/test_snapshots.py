"""Nothing is served to someone without a current part in the case."""

from dataclasses import dataclass

import pytest
import pytest_asyncio

from shared.crypto import KeyRing
from shared.evidence import (
    Access,
    BlobDamagedError,
    BlobStore,
    EvidenceNotListedError,
    NoPartInCaseError,
    Part,
    ServedFile,
    Snapshot,
    Snapshots,
    StoredBlob,
)
from shared.personal import Erased
from tests.support.evidence import (
    WORDS,
    MemoryObjects,
    evidence_file,
    memory_blobs,
    snapshot,
)
from tests.support.keys import fixed_clock, memory_keystore

CONTENT = b"%PDF- a plan"
REVIEWER = Access(person_id="rae", case_id="case-1", part="reviewer")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A portfolio as it lies in the store."""

    blobs: BlobStore
    keys: KeyRing
    snapshots: Snapshots
    snapshot: Snapshot
    stored: StoredBlob

    async def read(self, access: Access) -> Snapshot | Erased:
        return await self.snapshots.read(
            self.stored.path, content_hash=self.stored.content_hash, access=access
        )

    async def file(self, evidence_id: str, access: Access) -> ServedFile | Erased:
        return await self.snapshots.file(
            self.stored.path,
            evidence_id,
            content_hash=self.stored.content_hash,
            access=access,
        )


@pytest_asyncio.fixture
async def handed_in() -> HandedIn:
    keys = KeyRing(memory_keystore(), fixed_clock)
    blobs = memory_blobs(MemoryObjects(), keys)
    file = evidence_file(await blobs.put("ana", CONTENT))
    taken, snapshots = snapshot(file), Snapshots(blobs)
    return HandedIn(
        blobs=blobs,
        keys=keys,
        snapshots=snapshots,
        snapshot=taken,
        stored=await snapshots.write("ana", taken),
    )


async def content_of(served: ServedFile | Erased) -> bytes:
    assert isinstance(served, ServedFile)
    return b"".join([chunk async for chunk in served.content])


class TestRead:
    @pytest.mark.parametrize("part", ["reviewer", "moderator", "lead_moderator"])
    async def test_serves_who_judges_the_case(
        self, handed_in: HandedIn, part: Part
    ) -> None:
        access = Access(person_id="rae", case_id="case-1", part=part)

        assert await handed_in.read(access) == handed_in.snapshot

    async def test_serves_the_participant(self, handed_in: HandedIn) -> None:
        access = Access(person_id="ana", case_id="case-1", part="participant")

        assert await handed_in.read(access) == handed_in.snapshot

    @pytest.mark.parametrize(
        "access",
        [
            Access(person_id="rae", case_id="case-2", part="reviewer"),
            Access(person_id="ben", case_id="case-1", part="participant"),
            Access(person_id="ana", case_id="case-2", part="participant"),
            Access(person_id="ana", case_id="case-1", part="reviewer"),
            Access(person_id="ana", case_id="case-1", part="moderator"),
        ],
        ids=str,
    )
    async def test_refuses_everybody_else(
        self, handed_in: HandedIn, access: Access
    ) -> None:
        with pytest.raises(NoPartInCaseError) as refused:
            await handed_in.read(access)

        assert WORDS not in str(refused.value)
        with pytest.raises(NoPartInCaseError):
            await handed_in.file("plan", access)

    async def test_refuses_another_content_hash(self, handed_in: HandedIn) -> None:
        with pytest.raises(BlobDamagedError):
            await handed_in.snapshots.read(
                handed_in.stored.path, content_hash="0" * 64, access=REVIEWER
            )

    async def test_refuses_a_file_that_is_no_snapshot_without_telling_its_words(
        self, handed_in: HandedIn
    ) -> None:
        stray = await handed_in.blobs.put("ana", WORDS.encode())

        with pytest.raises(BlobDamagedError) as refused:
            await handed_in.snapshots.read(
                stray.path, content_hash=stray.content_hash, access=REVIEWER
            )

        assert WORDS not in str(refused.value) + repr(refused.value.__context__)

    async def test_answers_erased_once_the_person_was_erased(
        self, handed_in: HandedIn
    ) -> None:
        await handed_in.keys.destroy("ana")

        assert await handed_in.read(REVIEWER) == Erased("ana")
        assert await handed_in.file("plan", REVIEWER) == Erased("ana")


class TestWrite:
    async def test_gives_the_same_hash_for_the_same_portfolio(
        self, handed_in: HandedIn
    ) -> None:
        again = await handed_in.snapshots.write("ana", handed_in.snapshot)

        assert again == handed_in.stored


class TestFile:
    async def test_serves_a_file_the_snapshot_lists(self, handed_in: HandedIn) -> None:
        served = await handed_in.file("plan", REVIEWER)

        assert await content_of(served) == CONTENT

    async def test_refuses_a_file_it_does_not_list(self, handed_in: HandedIn) -> None:
        await handed_in.blobs.put("ana", b"withdrawn before it was handed in")

        with pytest.raises(EvidenceNotListedError):
            await handed_in.file("withdrawn", REVIEWER)

    async def test_refuses_a_file_of_somebody_else_even_when_it_is_listed(
        self, handed_in: HandedIn
    ) -> None:
        foreign = await handed_in.blobs.put("ben", CONTENT)
        listing = snapshot(evidence_file(foreign))
        stored = await handed_in.snapshots.write("ana", listing)

        with pytest.raises(NoPartInCaseError):
            await handed_in.snapshots.file(
                stored.path, "plan", content_hash=stored.content_hash, access=REVIEWER
            )
