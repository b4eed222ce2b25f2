"""How two moderators of a drawn case differ, as each of them is charted.

Neither is the truth: what one is harsher by, the other is more lenient by. Only cases
that were drawn for a second opinion count, so that charts see a random sample.
"""

from collections.abc import Iterator

from services.moderation.domain.detection import Observation
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.opinions.events import Place
from services.moderation.domain.situations import Case, Moderating, moderated
from shared.vocabulary import CRITERIA

BOTH = 2


def drawn_judgement(state: Moderating) -> JudgedCase | None:
    """Return the judgement that was drawn; None of a fresh review, which never is."""
    if state.revises is not None:
        return None
    return state.earlier[0] if state.earlier else state.judged


def awaits_a_first(state: Case) -> JudgedCase | None:
    """Return the drawn judgement of a case nobody has judged blind yet; else None."""
    if not isinstance(state, Moderating) or state.stage != "first" or state.blind:
        return None
    return drawn_judgement(state)


def moderators_apart(
    before: Case, after: Case
) -> tuple[JudgedCase, Iterator[tuple[str, Place, Observation]]] | None:
    """Return how both moderators differ, each by id, once the second has judged.

    None when they had before, or the case was not drawn for a second opinion.
    """
    last, earlier = moderated(after), moderated(before)
    if last is None or len(last.blind) != BOTH or not last.blind[0].second_drawn:
        return None
    drawn = drawn_judgement(last)
    if drawn is None or (earlier is not None and len(earlier.blind) == BOTH):
        return None
    return drawn, _both(last)


def _both(state: Moderating) -> Iterator[tuple[str, Place, Observation]]:
    first, second = state.blind
    gaps = [first.levels[key] - second.levels[key] for key in CRITERIA]
    places: tuple[tuple[str, Place, int], ...] = (
        (first.moderator_id, "first", sum(gaps)),
        (second.moderator_id, "second", -sum(gaps)),
    )
    for moderator_id, place, signed in places:
        seen = Observation(
            level_difference=signed,
            absolute_difference=sum(abs(gap) for gap in gaps),
            overturned=first.outcome != second.outcome,
        )
        yield moderator_id, place, seen
