"""Who may get which seed, and the portfolio of one, as decisions need them."""

from services.moderation.domain.draw.decide import draw
from services.moderation.domain.seeds.choosing import Reader
from services.moderation.domain.seeds.evolve import Seed
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.streams import draw_stream, standing_stream
from shared.contracts.programme import Programme
from shared.evidence import Access, Snapshot, Snapshots
from shared.handling import Loader
from shared.personal import Erased


async def reader_of(
    loader: Loader, person_id: str, *, cohort_id: str, programme: Programme
) -> Reader:
    """Return a reviewer, with everybody whom they have judged in any cohort."""
    stands = await loader.state(standing, standing_stream(person_id))
    reviewed = set[str]()
    for each in {*stands.cohorts, cohort_id}:
        draws = await loader.state(draw, draw_stream(each, person_id))
        reviewed |= {entry.judged.participant_id for entry in draws.entries.values()}
    return Reader(
        person_id=person_id,
        organisation_id=stands.organisation_id,
        mentees=stands.mentees,
        reviewed=reviewed,
        cohort_id=cohort_id,
        templates={each.code for each in programme.templates},
    )


async def portfolio_of(snapshots: Snapshots, seed: Seed) -> Snapshot | Erased:
    """Return the portfolio of a seed; that of who was erased cannot be read."""
    made = seed.made
    access = Access(person_id=made.made_by, case_id=made.case_id, part="lead_moderator")
    return await snapshots.read(
        made.snapshot_path, content_hash=made.snapshot_sha256, access=access
    )
