"""What can happen at the desk.

Streams ``desk-lane-{id}``, ``desk-import-{id}`` and ``desk-hold-{case}``.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import CaseId, PersonId, Sha256


class Released(Fact):
    """A parked lane is to be handled again, in order."""

    type: Literal["operations.Released"] = "operations.Released"
    lane_id: str
    by: PersonId
    reason: Personal[str]


class Discarded(Fact):
    """The first message of a parked lane is given up; the rest waits for a release."""

    type: Literal["operations.Discarded"] = "operations.Discarded"
    lane_id: str
    message_id: str
    """The event id of the message given up."""
    by: PersonId
    reason: Personal[str]


class Imported(Fact):
    """A list of people went into the directory, completely."""

    type: Literal["operations.Imported"] = "operations.Imported"
    import_id: str
    by: PersonId
    content_sha256: Sha256
    """Digest of the file as it was sent."""
    people: Annotated[int, Field(ge=1)]


HoldReason: TypeAlias = Literal[
    "participant_circumstances",
    "adjustment",
    "office_error",
    "system_failure",
    "investigation",
]
"""Why the clocks of a case stand still; no more than this is written down."""


class HoldPlaced(Fact):
    """The clocks of a case stand still from here on."""

    type: Literal["operations.HoldPlaced"] = "operations.HoldPlaced"
    case_id: CaseId
    hold_id: str
    reason: HoldReason
    by: PersonId


class HoldLifted(Fact):
    """The clocks of a case run on."""

    type: Literal["operations.HoldLifted"] = "operations.HoldLifted"
    case_id: CaseId
    hold_id: str
    by: PersonId


DeskFact: TypeAlias = Annotated[
    Released | Discarded | Imported | HoldPlaced | HoldLifted,
    Field(discriminator="type"),
]
