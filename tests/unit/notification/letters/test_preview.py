"""A letter before it is sent: what the office and the lead moderator look at."""

from typing import get_args

import pytest

from services.notification.domain.events import Template
from services.notification.letters import LetterUnknownError, Preview, preview
from services.notification.letters.samples import READER
from services.notification.letters.words import template_versions
from shared.contracts.feedback import Feedback
from shared.programmes import load_programme, programmes
from tests.unit.notification.letters.examples import (
    FEEDBACK,
    REASONS,
    SENDER,
    SENT_AT,
    letter_of,
    received,
    rendered,
)

EVERY = [
    (each.code, template)
    for each in programmes()
    for template in get_args(Template)
    if template in each.letters
]


def shown(
    template: Template,
    programme: str = "ATS",
    *,
    feedback: Feedback | None = None,
    words: str | None = None,
) -> Preview:
    return preview(
        template,
        load_programme(programme),
        feedback=feedback,
        words=words,
        sender=SENDER,
        at=SENT_AT,
    )


class TestPreview:
    """Source: domain.md section 5: previewed before release."""

    @pytest.mark.parametrize(("programme", "template"), EVERY)
    def test_is_there_for_every_letter_of_every_programme(
        self, programme: str, template: Template
    ) -> None:
        letter = shown(template, programme)
        assert letter.template_version == template_versions()[template].version
        assert load_programme(programme).title in letter.text
        assert READER in letter.html
        assert not {"None", "{{", "}}"} & {*letter.text.split(), *letter.html.split()}

    def test_shows_the_words_that_will_be_sent(self) -> None:
        before = shown("outcome-cnm", feedback=FEEDBACK)
        sent = received(rendered(letter_of("outcome-cnm")).content)
        assert before.subject == sent.message["Subject"]
        _, _, said = " ".join(before.text.split()).partition("YOUR FEEDBACK")
        assert said
        assert said in sent.flowing_text
        assert before.template_sha256 == rendered().template_sha256

    def test_shows_the_reasons_that_will_be_sent(self) -> None:
        assert "Nothing else was left out." in shown("explanation", words=REASONS).text

    def test_is_refused_for_a_letter_that_the_programme_never_sends(self) -> None:
        with pytest.raises(LetterUnknownError):
            shown("viva-offered", "QTLS")
