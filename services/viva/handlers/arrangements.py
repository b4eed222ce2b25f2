"""What was agreed for the vivas of a case: asked where it is known, never kept."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ValidationError

from shared.errors import NotFoundError, UnavailableError
from shared.web.calling import ServiceCaller


class _Arrangements(BaseModel):
    """What submission answers."""

    viva: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrangements:
    """Asks submission, which never says why something is arranged."""

    call: ServiceCaller

    async def __call__(self, case_id: str, on: date) -> tuple[str, ...]:
        """Return what a viva of the case has to provide on a day.

        Raises:
            UnavailableError: submission does not answer, or not as agreed.
        """
        path = f"/internal/cases/{case_id}/arrangements?on={on.isoformat()}"
        try:
            answer = await self.call.get("submission", path)
            return _Arrangements.model_validate(answer).viva
        except NotFoundError:
            return ()  # who never asked for anything there has nothing agreed
        except ValidationError:
            raise UnavailableError(service="submission") from None
