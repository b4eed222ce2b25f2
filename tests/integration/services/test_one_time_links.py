"""The page behind a one-time link, from the letter to the words in the portfolio."""

import re

import pytest

from tests.integration.services.building import (
    CIRCLE,
    WORDS,
    Making,
    address,
    enrolled,
)
from tests.integration.services.test_handing_in import (
    facts,
    problem_of,
    stored_files,
)
from tests.support.running_services import LEAKED_AT_STOP, Running
from tests.unit.submission.documents.building import paragraph, word

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

SECRET_OF_LENA = "Lena says: she waits until we have thought."


@pytest.fixture
async def making(submission: Running) -> Making:
    return await enrolled(submission)


class TestLink:
    async def test_shows_on_get_and_is_used_by_post_once(self, making: Making) -> None:
        """Source: architecture.md: GET shows, POST uses; mail scanners prefetch."""
        link = await making.asked(CIRCLE, "colleague", "carl")
        before = await facts(making.running)
        for _ in range(3):
            page = await making.http.get(link)
            assert page.status_code == 200
            assert "<textarea" in page.text
            assert "Ana" in page.text
        assert await facts(making.running) == before
        sent = await making.give(link, "carl")
        assert sent.status_code == 200
        assert "You have sent it" in sent.text
        assert (await making.give(link, "carl")).status_code == 200  # a double click
        again = await making.give(link, "carl", "Something else.")
        assert again.status_code == 422
        assert "The link was used" in again.text
        assert "You have sent it" in (await making.http.get(link)).text
        types = [event.type for event in await facts(making.running)]
        assert types.count("submission.FeedbackReceived") == 1

    async def test_is_for_who_was_asked_alone(self, making: Making) -> None:
        """Source: S0; architecture.md: the recipient confirms their address."""
        link = await making.asked(CIRCLE, "colleague", "carl")
        forwarded = await making.give(link, "dora")
        assert forwarded.status_code == 403
        assert "The link was sent to another address" in forwarded.text
        assert "It worked for" in forwarded.text, "what was typed is not lost"
        nobody = await making.http.post(link, data={"words": "x", "signature": "x"})
        assert nobody.status_code == 403
        assert len(stored_files(making.running)) == 0

    async def test_is_refused_when_a_letter_of_it_differs(self, making: Making) -> None:
        """Source: architecture.md: HMAC(link key, request id, recipient, expiry)."""
        link = await making.asked(CIRCLE, "colleague", "carl")
        last = "A" if link[-1] != "A" else "Q"
        parts = link.split(".")
        later = ".".join((*parts[:3], str(int(parts[3]) + 86_400), parts[4]))
        for wrong in (link[:-1] + last, link[:-1], later):
            answer = await making.http.get(wrong)
            assert (answer.status_code, problem_of(answer)) == (404, "WrongLink")
            refused = await making.give(wrong, "carl")
            assert refused.status_code == 401, "no body is read for it"

    async def test_is_closed_once_the_participant_has_withdrawn(
        self, making: Making
    ) -> None:
        """Source: domain.md section 4 (Withdrawn): nothing can change any more."""
        link = await making.asked(CIRCLE, "colleague", "carl")
        await making.post("withdrawal", {})
        page = await making.http.get(link)
        assert page.status_code == 200
        assert "<textarea" not in page.text
        late = await making.give(link, "carl")
        assert late.status_code == 422
        assert "This case has ended" in late.text
        assert "<html" in late.text

    async def test_needs_words_and_a_name(self, making: Making) -> None:
        """Source: S0: written and signed."""
        link = await making.asked(CIRCLE, "colleague", "carl")
        empty = await making.give(link, "carl", "  ")
        assert empty.status_code == 400
        assert "There is not a word in it" in empty.text

    async def test_is_nowhere_in_the_log(self, making: Making) -> None:
        """Source: architecture.md: never stored or logged."""
        link = await making.asked(CIRCLE, "colleague", "carl")
        await making.give(link, "carl")
        secret = link.rpartition(".")[2].encode()
        for event in await facts(making.running):
            assert secret not in event.payload + event.metadata
            assert b"carl@" not in event.payload
            assert b"nine" not in event.payload

    async def test_is_made_for_the_sender_of_letters_alone(
        self, making: Making
    ) -> None:
        """Source: architecture.md, "Personal data"."""
        answer = await making.ask(CIRCLE, "colleague", "carl")
        body = {"case_id": making.case_id, "request_id": answer.json()["request_id"]}
        assert (await making.ana.post("/internal/contributor", body)).status_code == 403
        sender = making.running.as_service("submission", "notification")
        told = (await sender.post("/internal/contributor", body)).json()
        assert (told["name"], told["email"]) == ("Carl", address("carl"))
        assert (told["participant"], told["programme"]) == ("Ana", "ATS")
        unknown = body | {"request_id": "r-nobody"}
        found = await sender.post("/internal/contributor", unknown)
        assert (found.status_code, problem_of(found)) == (404, "WrongLink")

    async def test_is_closed_to_everything_but_its_own_page(
        self, making: Making
    ) -> None:
        """Source: consoles.md: default-src, no JavaScript needed."""
        link = await making.asked(CIRCLE, "colleague", "carl")
        page = await making.http.get(link)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page.headers["Cache-Control"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "<script" not in page.text
        names = re.findall(r'<(?:input|textarea) id="([^"]+)"', page.text)
        assert names
        assert all(f'<label for="{name}"' in page.text for name in names)


class TestStatement:
    async def test_is_written_after_reading_the_portfolio(self, making: Making) -> None:
        """Source: S0: mentor and manager read the portfolio; nobody sees another's."""
        await making.post("sections/coaching", {"markdown": WORDS})
        await making.upload("evidence", "plan.docx", word(paragraph("My plan.")))
        learner = await making.asked(CIRCLE, "learner", "lena")
        await making.give(learner, "lena", SECRET_OF_LENA)
        link = await making.asked("mentor-statement", "mentor", None)
        landing = await making.http.get(link)
        assert "nine of ten learners" not in landing.text
        form = {"email": address("ben")}
        read = await making.http.post(f"{link}/portfolio", data=form)
        assert "nine of ten learners" in read.text
        assert "My plan." in read.text
        assert SECRET_OF_LENA not in read.text
        (file,) = re.findall(r'action="\.\./[^"]+(/files/[^"]+)"', read.text)
        content = await making.http.post(f"{link}{file}", data=form)
        assert content.content == word(paragraph("My plan."))
        stranger = await making.http.post(
            f"{link}/portfolio", data={"email": address("dora")}
        )
        assert stranger.status_code == 403
        assert "nine of ten learners" not in stranger.text
        assert (await making.give(link, "ben")).status_code == 200
        closed = await making.http.post(f"{link}/portfolio", data=form)
        assert closed.status_code == 422

    async def test_is_not_shown_to_a_learner(self, making: Making) -> None:
        """Source: S0: only statements give read access."""
        await making.post("sections/coaching", {"markdown": WORDS})
        link = await making.asked(CIRCLE, "learner", "lena")
        form = {"email": address("lena")}
        read = await making.http.post(f"{link}/portfolio", data=form)
        assert read.status_code == 403
        assert "nine of ten learners" not in read.text

    async def test_needs_a_mentor(self, making: Making) -> None:
        """Source: S0: the nominated mentor writes the mentor statement."""
        answer = await making.ask("mentor-statement", "manager", "mona")
        assert problem_of(answer) == "NotAskedFor"
        answer = await making.ask(CIRCLE, "colleague", None)
        assert problem_of(answer) == "WhoIsAsked"
