"""Who may sit on panels, as the directory says."""

from dataclasses import dataclass

from services.viva.domain.panellist.commands import PanellistCommand
from services.viva.domain.panellist.decide import panellist
from services.viva.handlers.streams import panellist_stream
from shared.handling import Cause, Handled, Handling, Step


@dataclass(frozen=True, slots=True)
class Panellists:
    """The write side of ``panellist-`` streams."""

    handling: Handling

    async def note(self, command: PanellistCommand, cause: Cause) -> Handled:
        """Know what the directory says about somebody."""
        step = Step(panellist, panellist_stream(command.person_id), command)
        return await self.handling(cause, step)
