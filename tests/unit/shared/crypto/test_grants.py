"""Who may open what, for what: the closed table."""

from typing import get_args

import pytest

from shared.crypto import Grant, Kind, Purpose
from shared.crypto.grants import OPENS, kind_of
from shared.errors import ForbiddenError
from shared.vocabulary import Role

REASON = "Appeal 17: the panel asks for the letter."


def opened_by(role: Role, purpose: Purpose) -> set[Kind]:
    """Return the kinds of field that this role really opens for this purpose."""
    grant = Grant(role=role, purpose=purpose, actor="olu", reason=REASON)
    return {kind for kind in Kind if not _refuses(grant, f"{kind}.name")}


def _refuses(grant: Grant, field: str) -> bool:
    try:
        grant.check(field)
    except ForbiddenError:
        return True
    return False


class TestGrant:
    """Source: architecture.md, "Personal data"; domain.md section 1."""

    def test_lets_notification_open_contact_letter_and_feedback(self) -> None:
        assert opened_by("service", Purpose.SEND_LETTER) == {
            Kind.CONTACT,
            Kind.LETTER,
            Kind.FEEDBACK,
        }

    def test_lets_submission_open_the_portfolio_it_takes_a_snapshot_of(self) -> None:
        assert opened_by("service", Purpose.TAKE_SNAPSHOT) == {Kind.PORTFOLIO}

    def test_never_shows_a_participant_a_judgement(self) -> None:
        assert Kind.JUDGEMENT not in opened_by("participant", Purpose.OWN_CASE)

    @pytest.mark.parametrize(
        ("role", "purpose"),
        [
            ("reviewer", Purpose.REVIEW_HELD_CASE),
            ("moderator", Purpose.MODERATE),
            ("lead_moderator", Purpose.MODERATE),
            ("panel_member", Purpose.HOLD_VIVA),
        ],
    )
    def test_never_shows_an_assessor_a_name_or_a_letter(
        self, role: Role, purpose: Purpose
    ) -> None:
        assert opened_by(role, purpose).isdisjoint({Kind.CONTACT, Kind.LETTER})

    def test_shows_the_panel_of_a_viva_the_portfolio_and_notes(self) -> None:
        opened = opened_by("panel_member", Purpose.HOLD_VIVA)
        assert opened == {Kind.PORTFOLIO, Kind.JUDGEMENT}

    @pytest.mark.parametrize("role", ["operations", "appeal_panel"])
    def test_shows_who_hears_an_appeal_what_was_asked_and_told(
        self, role: Role
    ) -> None:
        assert opened_by(role, Purpose.HEAR_APPEAL) == {Kind.APPEAL, Kind.FEEDBACK}

    def test_shows_a_participant_their_own_appeal(self) -> None:
        assert Kind.APPEAL in opened_by("participant", Purpose.OWN_CASE)

    def test_shows_operations_everything_but_drafts(self) -> None:
        opened = opened_by("operations", Purpose.OPERATE_WITH_REASON)

        assert opened == set(Kind) - {Kind.DRAFT}

    def test_opens_nothing_outside_the_table(self) -> None:
        for role in get_args(Role):
            for purpose in Purpose:
                if (role, purpose) not in OPENS:
                    assert opened_by(role, purpose) == set()

    @pytest.mark.parametrize(
        ("actor", "reason"), [(None, REASON), ("olu", None), ("olu", ""), ("olu", "  ")]
    )
    def test_needs_actor_and_reason_where_an_opening_is_recorded(
        self, actor: str | None, reason: str | None
    ) -> None:
        grant = Grant(
            role="operations",
            purpose=Purpose.OPERATE_WITH_REASON,
            actor=actor,
            reason=reason,
        )

        with pytest.raises(ForbiddenError, match="who opens it and why"):
            grant.check("contact.person")

    def test_says_what_it_refused(self) -> None:
        grant = Grant(role="reviewer", purpose=Purpose.REVIEW_HELD_CASE)

        with pytest.raises(ForbiddenError) as refused:
            grant.check("contact.person")

        assert refused.value.context == {
            "role": "reviewer",
            "purpose": "review_held_case",
            "field": "contact.person",
        }

    def test_does_not_show_the_reason(self) -> None:
        grant = Grant(
            role="operations",
            purpose=Purpose.OPERATE_WITH_REASON,
            actor="olu",
            reason=REASON,
        )

        assert REASON not in repr(grant)


class TestKindOf:
    def test_is_the_first_word_of_the_field(self) -> None:
        assert kind_of("judgement.review-17.authenticity") is Kind.JUDGEMENT

    @pytest.mark.parametrize(
        "wrong",
        ["", "contact", "contact.", ".email", "salary.amount", "contact.e mail"],
    )
    def test_refuses_a_name_that_is_not_kind_and_name(self, wrong: str) -> None:
        with pytest.raises(ValueError, match=r"kind|Kind"):
            kind_of(wrong)
