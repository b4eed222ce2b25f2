"""Checks that need the portfolio or the programme: does what is cited exist?"""

from services.review.domain.events import Requested
from services.review.handlers.words import CriterionWords, QuotedPassage
from shared.contracts.programme import Programme
from shared.errors import BadInputError
from shared.evidence import EvidenceReferenceError, Snapshot, check_reference


class ModificationPlaceError(BadInputError):
    """A required modification names a section or standard the programme lacks."""


def refuse_foreign_references(
    words: CriterionWords, snapshot: Snapshot, sha: str
) -> None:
    """Accept evidence references that all point into *snapshot*.

    Raises:
        EvidenceReferenceError: names the first that does not, as ``evidence[0]``.
    """
    for number, cited in enumerate(words.evidence):
        quote = cited.quote if isinstance(cited, QuotedPassage) else None
        try:
            check_reference(cited, snapshot, content_hash=sha, quote=quote)
        except EvidenceReferenceError as error:
            where = f"evidence[{number}]"
            raise EvidenceReferenceError(
                f"{where}: {error}", reference=where, **error.context
            ) from None


def refuse_unknown_places(
    words: CriterionWords, about: Requested, programme: Programme
) -> None:
    """Accept modifications whose section and standard the programme knows.

    Raises:
        ModificationPlaceError: names the first that is not, as ``modifications[0]``.
    """
    template = programme.template(about.template)
    sections = [each.key for each in template.sections] if template else []
    standards = [str(each.number) for each in programme.every_standard()]
    for number, wanted in enumerate(words.modifications):
        where = f"modifications[{number}]"
        if wanted.section not in sections:
            message = f"{where}.section: name a section of the template."
            raise ModificationPlaceError(message, sections=sections)
        if wanted.standard not in standards:
            message = f"{where}.standard: name the number of a standard."
            raise ModificationPlaceError(message, standards=standards)
