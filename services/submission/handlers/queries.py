"""Questions between a participant and the office, and an application's form."""

import json
from dataclasses import dataclass

from services.submission.domain.commands import AnswerQuery, AskQuery
from services.submission.domain.course import Query
from services.submission.domain.decide import case
from services.submission.domain.enrolling import ApplicationUnknownError
from services.submission.domain.states import Applied, course_of
from services.submission.handlers.entering import APPLICATION
from services.submission.handlers.owning import Item, Who, own_state
from services.submission.handlers.reading import Words
from shared.handling import Handled, Handling, Step

QUERY = "office.query"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadQuery:
    """A question in clear, and its answer."""

    query: Query
    text: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Queries:
    """The write side of queries, and the one opening of what passes to the office."""

    handling: Handling
    words: Words

    async def ask(self, item: Item, text: str) -> Handled:
        """Ask the other side.

        Raises:
            NotEnrolledError: there is no such case, or not for them.
        """
        command = AskQuery(
            query_id=item.item_id,
            side=item.who.side,
            author_id=item.who.person_id,
            text=await self.words.seal(item, text, field=QUERY),
            at=item.at,
        )
        cause = item.answering(201, "query_id")
        return await self.handling(cause, Step(case, item.stream, command))

    async def answer(self, item: Item, text: str) -> Handled:
        """Answer what the other side asked.

        Raises:
            NotEnrolledError: there is no such case, or not for them.
            QueryUnknownError, OwnQueryError, QueryAnsweredError: see the decider.
        """
        command = AnswerQuery(
            query_id=item.item_id,
            side=item.who.side,
            author_id=item.who.person_id,
            text=await self.words.seal(item, text, field=QUERY),
            at=item.at,
        )
        cause = item.answering(200, "query_id")
        return await self.handling(cause, Step(case, item.stream, command))

    async def read(
        self, case_id: str, *, who: Who, reason: str | None
    ) -> tuple[ReadQuery, ...]:
        """Return every question of a case with its answer, in clear.

        Raises:
            NotEnrolledError: there is no such case, or not for *who*.
            ReasonMissingError: staff read without saying why.
        """
        _, state = await self.handling.fold(case, f"case-{case_id}")
        found = tuple(course_of(own_state(state, who)).queries.values())
        sealed = [each.asked.text for each in found]
        sealed += [each.answered.text for each in found if each.answered]
        texts = iter(
            await self.words.read(case_id, sealed, field=QUERY, who=who, reason=reason)
        )
        asked = [next(texts) for _ in found]
        answered = [next(texts) if each.answered else None for each in found]
        return tuple(
            ReadQuery(query=one, text=text, answer=answer)
            for one, text, answer in zip(found, asked, answered, strict=True)
        )

    async def application(
        self, case_id: str, *, who: Who, reason: str | None
    ) -> tuple[Applied, dict[str, str] | None]:
        """Return an application and its answers in clear; None once erased.

        Raises:
            NotEnrolledError: there is no such case, or not for *who*.
            ApplicationUnknownError: nobody has applied under this id.
            ReasonMissingError: staff read without saying why.
        """
        _, found = await self.handling.fold(case, f"case-{case_id}")
        state = own_state(found, who)
        if not isinstance(state, Applied):
            raise ApplicationUnknownError(case_id=case_id)
        (text,) = await self.words.read(
            case_id,
            (state.application.answers,),
            field=APPLICATION,
            who=who,
            reason=reason,
        )
        return state, None if text is None else json.loads(text)
