"""Seeds that the tests of moderation share: a pool, and a world that places them."""

from typing import Any

from services.moderation.app import CODEC
from services.moderation.domain.seeds.events import SeedDefined, SeedMade
from services.moderation.domain.seeds.marking import definitive_of
from services.moderation.handlers import (
    Pools,
    Qualifying,
    SeedAsking,
    SeedCourses,
    SeedPortfolios,
    SeedShowing,
    Setting,
)
from services.moderation.handlers.streams import draw_stream, pool_stream
from services.moderation.outgoing import to_public
from shared.contracts.moderation import ReviewWanted
from shared.contracts.programme import SeedRules
from shared.contracts.review import Completed
from shared.decider import Fact
from shared.eventlog import EventLog, NewEvent, StreamWrite, UnitOfWork
from shared.ids import derived_id
from shared.vocabulary import CriterionKey
from tests.support.evidence import snapshot
from tests.unit.moderation.examples import CM_LEVELS, COHORT, NOW, sealed
from tests.unit.moderation.world import World, received

ALWAYS = SeedRules(rate_ppm=1_000_000)
PANEL = ("p-mod", "p-mod2", "p-mod3")


def seed_name(number: int) -> str:
    return f"s{number:020x}"


def made(number: int, **changed: Any) -> SeedMade:
    """Return a seed of a case of an earlier cohort."""
    values: dict[str, Any] = {
        "seed_id": seed_name(number),
        "case_id": f"old{number}",
        "attempt": 1,
        "cohort_id": "ats-2024-10",
        "participant_id": f"p-old{number}",
        "participant_organisation_id": "o-old",
        "mentor_id": "p-old-mentor",
        "template": "phases",
        "role_context": None,
        "snapshot_sha256": "ab" * 32,
        "snapshot_path": f"p-old{number}/{'ab' * 32}",
        "took_part": ("p-old-rev",),
        "panel": PANEL,
        "permission": sealed("agreed", f"p-old{number}"),
        "made_by": "p-lead",
        "occurred_at": NOW,
        **changed,
    }
    return SeedMade(**values)


def defined(number: int, levels: dict[CriterionKey, int] | None = None) -> SeedDefined:
    marks = definitive_of([levels or CM_LEVELS] * 3)
    return SeedDefined(seed_id=seed_name(number), definitive=marks, occurred_at=NOW)


async def tell(log: EventLog, stream: str, *facts: Fact) -> None:
    """Store facts as they are."""
    version = len(await log.read_stream(stream))
    events = tuple(
        NewEvent(
            event_id=derived_id("told", stream, str(version + number)),
            type=fact.type,  # type: ignore[attr-defined]
            schema_version=fact.schema_version,
            payload=fact.model_dump_json().encode(),
            metadata=b"{}",
            occurred_at=fact.occurred_at,
        )
        for number, fact in enumerate(facts)
    )
    write = StreamWrite(stream=stream, expected_version=version, events=events)
    await log.append(UnitOfWork(writes=(write,)))


class SeedWorld(World):
    """A world whose plan lets a seed follow every judgement that can have one."""

    def __init__(self, rules: SeedRules | None = ALWAYS) -> None:
        super().__init__(first_judgements=1)
        self.rules = self.rules.model_copy(update={"seeds": rules})
        portfolios = SeedPortfolios(self.handling, self.snapshots)
        self.pools = Pools(self.handling, self.vault, portfolios)
        self.qualifying = Qualifying(self.handling, self.vault, Setting(self.snapshots))
        self.courses = SeedCourses(self.handling, self.vault, self.qualifying)
        self.seed_showing = SeedShowing(self.handling)

    async def ready(self) -> None:
        await super().ready()
        await self.granted("p-mod3", "moderator")
        await self.granted("p-rev", "reviewer", "o-reviewers")
        self.pass_time(minutes=2)

    def asking(self, by: str = "p-lead") -> SeedAsking:
        return SeedAsking(programme="ATS", by=by, at=self.now)

    async def tell(self, stream: str, *facts: Fact) -> None:
        """Store facts as they are."""
        await tell(self.log, stream, *facts)

    async def pool(self, count: int = 3, **changed: Any) -> None:
        """Fill the pool with seeds whose portfolios can be read."""
        for number in range(1, count + 1):
            content = snapshot(case_id=f"old{number}")
            whose = changed.get("participant_id", f"p-old{number}")
            blob = await self.snapshots.write(whose, content)
            fact = made(
                number,
                snapshot_sha256=blob.content_hash,
                snapshot_path=blob.path,
                **changed,
            )
            await self.tell(pool_stream("ATS"), fact, defined(number))

    async def drawn(self, reviewer: str = "p-rev") -> list[Any]:
        return await self.facts(draw_stream(COHORT, reviewer))

    async def of(self, kind: type[Any], reviewer: str = "p-rev") -> list[Any]:
        """Return the facts of one kind in a reviewer's draw."""
        return [each for each in await self.drawn(reviewer) if isinstance(each, kind)]

    async def answer(self, wanted: ReviewWanted, **how: Any) -> None:
        """Hear that the reviewer judged what review was asked to have judged."""
        about = wanted.portfolio
        assert about is not None
        changes = {
            "case_id": wanted.case_id,
            "review_id": f"{wanted.case_id}.1.1",
            "participant_id": about.participant_id,
            "snapshot_sha256": about.snapshot_sha256,
            "snapshot_path": about.snapshot_path,
        }
        message = await self.completion(1, **how)
        body = message.body.model_copy(update=changes)
        token = str(body.token)
        told = received(body, wanted.case_id, body.reviewer_id, token)
        await self.handlers[Completed](told)

    async def wanted(self) -> list[ReviewWanted]:
        """Return what review is asked to have judged, in order."""
        found = []
        for stream in await self.log.streams("seed-c"):
            for event in await self.log.read_stream(stream):
                told = to_public(CODEC.decode(event), event)
                found += [told] if isinstance(told, ReviewWanted) else []
        return found

    async def compare(self) -> None:
        """Let the time for a recall pass, and compare every seed that is judged."""
        self.pass_time(minutes=16)
        for stream in await self.log.streams("seed-c"):
            case_id = stream.removeprefix("seed-")
            await self.courses.judge(case_id, at=self.now, cause=self.cause())
