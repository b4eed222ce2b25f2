"""Ids that follow from what they name, so that asking twice names the same."""

import re
import unicodedata

from shared.errors import BadInputError
from shared.ids import derived_id

_ID_CHARACTERS = 64
"""Longest opaque id. Source: shared/vocabulary.py."""
_SHORT = 20
"""Hexadecimal digits of a derived id: 76 free bits, so that a million of them collide
with a probability below 10^-10."""


class OrganisationNameError(BadInputError):
    """An organisation needs a name with at least one Latin letter or digit."""


def case_id_of(cohort_id: str, person_id: str) -> str:
    """Return the id of the one case this person can have in this cohort."""
    return f"c{derived_id('case', cohort_id, person_id).hex[:_SHORT]}"


def person_id_of(address_hash: str) -> str:
    """Return the id of a person who came without one; it tells nothing by itself."""
    return f"p{derived_id('person', address_hash).hex[:_SHORT]}"


def organisation_id_of(name: str) -> str:
    """Return the id for an organisation's *name*; an id stays as it is.

    Case, accents and punctuation make no difference, so that two spellings of one
    employer are one organisation when independence is decided.

    Raises:
        OrganisationNameError: nothing is left of it.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9_]+", plain.casefold())
    organisation_id = "-".join(words).lstrip("_")[:_ID_CHARACTERS].rstrip("-")
    if not organisation_id:
        raise OrganisationNameError
    return organisation_id
