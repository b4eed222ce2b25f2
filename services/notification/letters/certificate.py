"""The certificate of an award: one page to print, as PDF/A-2a and PDF/UA-1."""

import json
from datetime import datetime

from services.notification.domain.matters import Award
from services.notification.letters.addresses import Correspondent
from services.notification.letters.letter import Letter
from services.notification.letters.pdf import typeset
from services.notification.letters.plain import one_line
from services.notification.letters.words import CERTIFICATE, day
from shared.contracts.programme import Programme
from shared.london import london_day


def certificate_of(
    letter: Letter,
    programme: Programme,
    *,
    recipient: Correspondent,
    sender: Correspondent,
    created_at: datetime,
) -> bytes:
    """Return the certificate; equal arguments give equal bytes.

    Raises:
        LetterUnprintableError: the typesetter refused.
        ValueError: the letter does not confer an award; a bug in the caller.
    """
    if not isinstance(letter.matter, Award):
        message = f"no award in {letter.template}"
        raise ValueError(message)  # noqa: TRY004 - the value is wrong, not its type
    award, matter = programme.award, letter.matter
    words = {
        "title": f"Certificate: {award.status.value}",
        "author": one_line(sender.name),
        "name": one_line(recipient.name),
        "status": award.status.value,
        "programme": programme.title,
        "post_nominals": ", ".join(award.post_nominals.value),
        "grade": award.grade.value if award.grade else "",
        "number": matter.award_id,
        "conferred_on": day(london_day(matter.conferred_at)),
    }
    return typeset(
        CERTIFICATE, json.dumps(words, ensure_ascii=False), created_at=created_at
    )
