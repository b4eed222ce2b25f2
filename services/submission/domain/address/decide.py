"""The rule of an address: one mailbox, one person."""

from services.submission.domain.address.commands import AddressCommand
from services.submission.domain.address.events import AddressClaimed, AddressEvent
from services.submission.domain.address.evolve import INITIAL, Owner, evolve
from shared.decider import Decider
from shared.errors import RuleViolatedError


class AddressTakenError(RuleViolatedError):
    """This address belongs to another person in the directory."""


def decide(command: AddressCommand, state: Owner) -> tuple[AddressEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        AddressTakenError: somebody else has the address.
    """
    if state == command.person_id:
        return ()
    if state is not None:
        raise AddressTakenError(person_id=command.person_id)
    return (AddressClaimed(person_id=command.person_id, occurred_at=command.at),)


address = Decider(category="address", decide=decide, evolve=evolve, initial=INITIAL)
