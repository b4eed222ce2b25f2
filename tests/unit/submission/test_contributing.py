"""The rules of feedback and statements by one-time link."""

from datetime import timedelta

import pytest

from services.submission.domain.commands import Link
from services.submission.domain.contributing import (
    AlreadyAskedError,
    LinkExpiredError,
    LinkUsedError,
    NotAskedForError,
    NotTheMentorError,
    NotTheRecipientError,
    OwnContributionError,
    WrongLinkError,
)
from services.submission.domain.decide import case
from services.submission.domain.events import MentorNominated
from services.submission.domain.submitting import AlreadySubmittedError
from tests.support.specification import Scenario
from tests.unit.submission.examples import (
    AT,
    enrolled,
    saved,
    sealed,
    submitted,
)
from tests.unit.submission.lives import RELEASED_AT, noted, window
from tests.unit.submission.portfolios import (
    EXPIRES,
    STATEMENT,
    ask,
    asked,
    asked_mentor,
    link,
    receive,
    received,
    received_statement,
    section,
)

spec = Scenario(case)
BEN = MentorNominated(
    case_id="case-1", participant_id="ana", mentor_id="ben", occurred_at=AT
)
LATE = EXPIRES + timedelta(seconds=1)


class TestRequestContribution:
    def test_asks_a_colleague(self) -> None:
        """Source: S0: 360-degree feedback by one colleague."""
        spec.given(enrolled()).when(ask()).then(asked())

    def test_gives_each_learner_a_place_of_their_own(self) -> None:
        """Source: S0: three learners."""
        first = asked("lena", contribution="learner", key="feedback-360-learner-1")
        spec.given(enrolled(), first).when(ask("moses", contribution="learner")).then(
            asked("moses", contribution="learner", key="feedback-360-learner-2")
        )

    def test_asks_the_mentor_who_reads_the_portfolio_first(self) -> None:
        """Source: S0: mentor and manager read the portfolio before they write."""
        spec.given(enrolled(), BEN).when(
            ask("ben", section=section(STATEMENT), contribution="mentor")
        ).then(asked_mentor())

    def test_asks_the_manager_for_a_statement_of_their_own(self) -> None:
        """Source: S0: the manager writes a statement, after reading the portfolio."""
        written_by = {"by": "manager", "reads_portfolio": True, "source": "S0"}
        place = section(
            STATEMENT | {"key": "manager-statement", "written_by": written_by}
        )
        spec.given(enrolled(), BEN, asked_mentor()).when(
            ask("mona", section=place, contribution="manager")
        ).then(
            asked_mentor(
                request_id="r-mona",
                section="manager-statement",
                key="manager-statement",
                contribution="manager",
                recipient_id="mona",
                address_hash="6d" * 32,
                name=sealed("name", "mona"),
                email=sealed("email", "mona"),
            )
        )

    def test_refuses_a_mentor_who_is_not_the_nominated_one(self) -> None:
        """Source: S0, S1: the mentor writes the mentor statement."""
        spec.given(enrolled(), BEN).when(
            ask("carl", section=section(STATEMENT), contribution="mentor")
        ).then_refused(NotTheMentorError)

    def test_refuses_the_participant_themself(self) -> None:
        """Source: S0: feedback is what others saw."""
        spec.given(enrolled()).when(ask("ana")).then_refused(OwnContributionError)

    def test_refuses_one_person_as_two_voices(self) -> None:
        """Source: S0: colleague, manager and learners are five people."""
        spec.given(enrolled(), asked()).when(
            ask("carl", request_id="r-2", contribution="learner")
        ).then_refused(AlreadyAskedError)

    def test_refuses_whom_has_answered_already(self) -> None:
        """Source: S0: each writes once."""
        spec.given(enrolled(), asked(), received()).when(
            ask("carl", request_id="r-2", at=LATE)
        ).then_refused(AlreadyAskedError)

    def test_refuses_a_second_statement(self) -> None:
        """Source: S0: one mentor statement."""
        spec.given(enrolled(), BEN, asked_mentor(), received_statement()).when(
            ask("ben", request_id="r-2", section=section(STATEMENT),
                contribution="mentor", at=LATE)
        ).then_refused(AlreadyAskedError)  # fmt: skip

    def test_asks_for_a_new_statement_in_a_resubmission(self) -> None:
        """Source: S2 6.2.1: what was not sufficient may be written anew."""
        before = (enrolled(), BEN, saved(), asked_mentor(), received_statement())
        again = (submitted(), noted(), window())
        later = RELEASED_AT + timedelta(days=28)
        spec.given(*before, *again).when(
            ask("ben", request_id="r-2", section=section(STATEMENT),
                contribution="mentor", at=RELEASED_AT, expires_at=later)
        ).then(
            asked_mentor(request_id="r-2", occurred_at=RELEASED_AT, expires_at=later)
        )  # fmt: skip

    def test_asks_again_once_the_link_has_expired(self) -> None:
        """Source: P: links are valid for a limited number of days."""
        expires_at = LATE + timedelta(days=28)
        spec.given(enrolled(), asked()).when(
            ask(request_id="r-2", at=LATE, expires_at=expires_at)
        ).then(
            asked(
                request_id="r-2",
                key="feedback-360-colleague-2",
                occurred_at=LATE,
                expires_at=expires_at,
            )
        )

    def test_refuses_a_kind_that_the_section_has_no_place_for(self) -> None:
        """Source: S0: the template says whose words a section holds."""
        spec.given(enrolled(), BEN).when(
            ask("ben", contribution="mentor")
        ).then_refused(NotAskedForError)

    def test_changes_nothing_the_second_time(self) -> None:
        """Source: architecture.md, "Idempotent requests"."""
        spec.given(enrolled(), asked()).when(ask()).then_nothing()

    def test_refuses_a_portfolio_that_is_handed_in(self) -> None:
        """Source: architecture.md: submitting writes an immutable snapshot."""
        spec.given(enrolled(), saved(), submitted()).when(ask()).then_refused(
            AlreadySubmittedError
        )


class TestReceiveContribution:
    def test_puts_the_words_into_the_portfolio(self) -> None:
        """Source: S0; architecture.md: GET shows, POST uses."""
        spec.given(enrolled(), asked()).when(receive()).then(received())
        assert (
            "feedback-360-colleague"
            in spec.state(enrolled(), asked(), received()).sections
        )

    def test_takes_a_statement(self) -> None:
        """Source: S0: the mentor's statement is part of the portfolio."""
        spec.given(enrolled(), BEN, asked_mentor()).when(receive("ben")).then(
            received_statement()
        )

    def test_changes_nothing_when_the_same_words_come_twice(self) -> None:
        """Source: architecture.md, "Idempotent requests": a double click is one."""
        spec.given(enrolled(), asked(), received()).when(receive()).then_nothing()

    def test_refuses_a_second_use(self) -> None:
        """Source: architecture.md: the decider refuses a second use."""
        spec.given(enrolled(), asked(), received()).when(
            receive(content_hash="8" * 64)
        ).then_refused(LinkUsedError)

    def test_is_accepted_in_the_last_moment(self) -> None:
        """Source: P: links are valid for a limited number of days."""
        at = EXPIRES - timedelta(microseconds=1)
        spec.given(enrolled(), asked()).when(receive(at=at)).then(
            received(occurred_at=at)
        )

    def test_refuses_a_link_that_has_expired(self) -> None:
        """Source: P: links are valid for a limited number of days."""
        spec.given(enrolled(), asked()).when(receive(at=EXPIRES)).then_refused(
            LinkExpiredError
        )

    def test_refuses_whoever_the_link_was_forwarded_to(self) -> None:
        """Source: S0: the words must be those of the person who was asked."""
        spec.given(enrolled(), asked()).when(
            receive(link=link(confirmed="0" * 64))
        ).then_refused(NotTheRecipientError)

    @pytest.mark.parametrize(
        "wrong",
        [
            link(request_id="r-nobody"),
            link(recipient_id="dora"),
            link(expires_at=LATE),
        ],
        ids=["request", "recipient", "expiry"],
    )
    def test_refuses_a_link_that_belongs_to_no_request(self, wrong: Link) -> None:
        """Source: architecture.md: HMAC(link key, request id, recipient, expiry)."""
        spec.given(enrolled(), asked()).when(receive(link=wrong)).then_refused(
            WrongLinkError
        )

    def test_refuses_what_comes_after_the_portfolio_was_handed_in(self) -> None:
        """Source: architecture.md: submitting writes an immutable snapshot."""
        spec.given(enrolled(), asked(), saved(), submitted()).when(
            receive()
        ).then_refused(AlreadySubmittedError)
