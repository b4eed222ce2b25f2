"""What moderators and leads type before it is a judgement or a decision.

Invariant: an author alone reads a word of it. Of a blind judgement they do whatever
became of the case, and what they are answered rests on nothing but that they were given
it once, so it tells them nothing about another's marks. Words of a decision, which
may quote both sides, open only where the comparison does.

Drafts are sealed under the key of the participant, like every word about them.
"""

from dataclasses import dataclass
from typing import Final

from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.situations import Case, moderated
from services.moderation.handlers.blindness import Blindness
from services.moderation.handlers.showing import LEAD_GRANT, MODERATOR_GRANT, Showing
from services.moderation.handlers.words import Shown
from shared.crypto import Grant
from shared.drafts import Author, Place
from shared.errors import NotFoundError
from shared.programmes import programme_of

DECISION_FORM: Final = "decision"


class NeverTakenError(NotFoundError):
    """There is no such case among those you hold or held: take it first."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """Finds what an author may write in and read."""

    showing: Showing
    blindness: Blindness

    async def place(self, shown: Shown, form: str, *, is_lead: bool) -> Place:
        """Return where somebody's drafts of *form* are kept.

        Raises:
            NeverTakenError: it is not theirs to write in; does not tell why.
            UnknownFormError: a case has no such form; names those it has.
            NotYoursError, NotALeadError, NotIndependentError, StillModeratesError: a
                lead may not read the case now.
        """
        state = await self.showing.opening.fold(shown)
        if form == DECISION_FORM:
            return await self._of_decision(state, shown, is_lead=is_lead)
        last = moderated(state)
        if last is None or shown.person_id not in last.given_to:
            raise NeverTakenError
        return _place(last.judged, shown, form, MODERATOR_GRANT)

    async def _of_decision(self, state: Case, shown: Shown, *, is_lead: bool) -> Place:
        last = moderated(state)
        if last and any(each.moderator_id == shown.person_id for each in last.blind):
            return _place(last.judged, shown, DECISION_FORM, MODERATOR_GRANT)
        if not is_lead:
            raise NeverTakenError
        judged = (await self.showing.compared(shown)).judged
        await self.blindness.require_of_case(shown.person_id, judged.cohort_id, state)
        return _place(judged, shown, DECISION_FORM, LEAD_GRANT)


def _place(judged: JudgedCase, shown: Shown, form: str, grant: Grant) -> Place:
    criteria = (each.code for each in programme_of(judged).criteria)
    author = Author(shown.person_id, grant, about=judged.participant_id)
    within = f"{judged.case_id}.{judged.attempt}"
    return Place.among((*criteria, DECISION_FORM), form, author, within=within)
