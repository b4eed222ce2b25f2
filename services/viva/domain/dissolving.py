"""The end of a panel of which somebody turned out not to be independent.

Source: domain.md section 1. What was held by such a panel is held again, so the viva is
offered once more; who sat on it has had a part in the case.
"""

from collections.abc import Iterable
from datetime import datetime

from services.viva.domain.commands import Member
from services.viva.domain.events import Offered, PanelDissolved
from services.viva.domain.evolve import Case, Deciding, Waiting
from services.viva.domain.independence import conflicts_of
from services.viva.domain.panellist.evolve import Panellist


def dissolved(
    case: Case, at: datetime, sitting: Iterable[Member] = ()
) -> tuple[PanelDissolved | Offered, ...]:
    """Return what follows when the panel may not decide; empty where it may.

    *sitting* are those of the panel of whom more than their id is at hand.
    """
    about, situation = case.known.outcome, case.situation
    if about is None or not isinstance(situation, Waiting | Deciding):
        return ()
    conflicts = conflicts_of(_members(situation, sitting), case)
    if not conflicts:
        return ()
    end = PanelDissolved(
        case_id=about.case_id,
        number=situation.number,
        conflicts=conflicts,
        occurred_at=at,
    )
    if isinstance(situation, Waiting):
        return (end,)
    offered = Offered(
        case_id=about.case_id,
        participant_id=about.participant_id,
        number=situation.number,
        occurred_at=at,
    )
    return (end, offered)


def _members(
    situation: Waiting | Deciding, sitting: Iterable[Member]
) -> tuple[Member, ...]:
    known = {each.person_id: each for each in sitting}
    panel = situation.panel.members if situation.panel else frozenset()
    return tuple(
        known.get(person_id, Member(person_id=person_id, known=Panellist()))
        for person_id in sorted(panel)
    )
