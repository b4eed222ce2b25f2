"""What can happen to an address."""

from typing import Literal, TypeAlias

from shared.decider import Fact
from shared.vocabulary import PersonId


class AddressClaimed(Fact):
    """This address belongs to one person, and to nobody else."""

    type: Literal["submission.AddressClaimed"] = "submission.AddressClaimed"
    person_id: PersonId


AddressEvent: TypeAlias = AddressClaimed
