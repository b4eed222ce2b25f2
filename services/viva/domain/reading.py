"""What somebody may read of a case: for as long as they have a part in its viva.

Source: architecture.md, "Personal data": nothing is served without a current part.
"""

from services.viva.domain.commands import Member
from services.viva.domain.events import VerdictGiven
from services.viva.domain.evolve import Case, Deciding, Waiting
from services.viva.domain.independence import conflicts_of


def may_read(reader: Member, case: Case) -> bool:
    """Tell whether *reader* may read the portfolio now.

    That is the panel until it has decided, and while it disagrees the lead moderators
    who may settle the difference; never somebody who is not independent.
    """
    return _sits(reader, case) or _may_settle(reader, case)


def readable_verdicts(reader: Member, case: Case) -> tuple[VerdictGiven, ...]:
    """Return the verdicts *reader* may read: one's own, or both to settle them."""
    if not isinstance(case.situation, Deciding):
        return ()
    given = case.situation.verdicts
    if _may_settle(reader, case):
        return tuple(given[each] for each in sorted(given))
    own = given.get(reader.person_id)
    return () if own is None or not _sits(reader, case) else (own,)


def given_verdicts(case: Case) -> tuple[VerdictGiven, ...]:
    """Return every verdict on a viva that is not decided yet, by who gave it."""
    if not isinstance(case.situation, Deciding):
        return ()
    given = case.situation.verdicts
    return tuple(given[each] for each in sorted(given))


def _sits(reader: Member, case: Case) -> bool:
    situation = case.situation
    panel = situation.panel if isinstance(situation, Waiting | Deciding) else None
    is_member = panel is not None and reader.person_id in panel.members
    return is_member and not conflicts_of((reader,), case)


def _may_settle(reader: Member, case: Case) -> bool:
    situation = case.situation
    if not isinstance(situation, Deciding) or not situation.is_split:
        return False
    is_other = reader.person_id not in situation.panel.members
    is_lead = "lead_moderator" in reader.known.roles
    return is_other and is_lead and not conflicts_of((reader,), case)
