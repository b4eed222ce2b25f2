"""A folded appeal, flattened: which facts it has, whatever its state. Pure."""

from dataclasses import dataclass
from datetime import date

from services.appeals.domain.events import (
    Dismissed,
    ExplanationGiven,
    ExplanationRequested,
    Lodged,
    Upheld,
)
from services.appeals.domain.evolve import (
    Appeal,
    Asked,
    Decided,
    Ended,
    Explained,
    NotOpened,
    Pending,
)
from services.appeals.domain.refusals import UnknownAppealError
from services.appeals.handlers.views import AppealState
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What there is of an appeal so far."""

    state: AppealState
    request: ExplanationRequested | None = None
    answer: ExplanationGiven | None = None
    lodged: Lodged | None = None
    decision: Upheld | Dismissed | None = None
    members: tuple[str, ...] = ()
    overdue_on: date | None = None

    @property
    def opened(self) -> ExplanationRequested | Lodged:
        """The fact that opened it."""
        if self.request is not None:
            return self.request
        if self.lodged is not None:
            return self.lodged
        raise UnknownAppealError

    def sealed(self) -> dict[str, Personal[str]]:
        """Return everything that was written, by the name it is shown under."""
        found = {
            "question": self.request.question if self.request else None,
            "explanation": self.answer.explanation if self.answer else None,
            "statement": self.lodged.statement if self.lodged else None,
            "reasons": self.decision.reasons if self.decision else None,
        }
        return {name: each for name, each in found.items() if each is not None}


def summary_of(state: Appeal) -> Summary:
    """Return what there is of an appeal.

    Raises:
        UnknownAppealError: nothing.
    """
    match state:
        case NotOpened():
            raise UnknownAppealError
        case Asked() | Explained():
            return _before_appeal(state)
        case Pending():
            return _pending(state, "lodged", None)
        case Decided(decision=decision):
            how: AppealState = "upheld" if isinstance(decision, Upheld) else "dismissed"
            return _pending(state.pending, how, decision)
        case Ended(before=Pending() as before):
            return _pending(before, "discontinued", None)
        case Ended(before=Asked() | Explained() as before):
            return _before_appeal(before, "discontinued")
        case Ended():
            raise UnknownAppealError  # nothing else can have ended


def _before_appeal(
    state: Asked | Explained, named: AppealState | None = None
) -> Summary:
    if isinstance(state, Asked):
        return Summary(
            state=named or "asked", request=state.request, overdue_on=state.overdue_on
        )
    return Summary(
        state=named or "explained", request=state.request, answer=state.answer
    )


def _pending(
    state: Pending, named: AppealState, decision: Upheld | Dismissed | None
) -> Summary:
    explained = state.explained
    return Summary(
        state=named,
        request=explained.request if explained else None,
        answer=explained.answer if explained else None,
        lodged=state.lodged,
        decision=decision,
        members=state.members,
        overdue_on=state.overdue_on,
    )
