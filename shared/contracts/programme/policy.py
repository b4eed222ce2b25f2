"""The limits, clocks, fees and sampling plan of a programme; each with its source."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contracts.programme.entry import Month
from shared.contracts.programme.sampling import SamplingPolicy
from shared.contracts.programme.standing import ReleasePolicy, StandingPolicy
from shared.contracts.programme.values import (
    Key,
    LargeSetting,
    Positive,
    PositiveSetting,
    Record,
    Source,
    Sourced,
    Version,
    Words,
    refuse_repeats,
)

_DAYS_A_WEEK = 7


class UploadPolicy(Record):
    """Limits on what is handed in, checked before anything is unpacked."""

    file_bytes: LargeSetting
    portfolio_bytes: LargeSetting
    unpacked_bytes: LargeSetting
    files: PositiveSetting


class ReviewPolicy(Record):
    """How a review is held and decided."""

    starts_after_deadline: Sourced[bool]
    period_months: PositiveSetting
    claim_lease_minutes: PositiveSetting
    recall_minutes: PositiveSetting = PositiveSetting(value=15, source="P")
    """For so long a reviewer may take back a judgement they completed."""
    met_level: PositiveSetting
    """CM only if every criterion is at this level or above."""
    second_attempt_by: Sourced[Literal["another-reviewer", "any-reviewer"]]
    """Who judges a resubmission: somebody who did not judge the first attempt, or
    anybody who is independent."""
    second_attempt_sees_first_marks: Sourced[bool] = Sourced(value=False, source="P")
    """Whether who judges a resubmission sees the levels of the first attempt."""


class CalendarPolicy(Record):
    """Which days count as working days."""

    working_days: Sourced[Literal["england"]]
    """Monday to Friday without the bank holidays of England and Wales."""
    first_day: Sourced[Literal[0]]
    """The number of the day of receipt: counting starts on the next working day."""


class AdjustmentPolicy(Record):
    """Until when a reasonable adjustment, or more support, can be asked for."""

    ask_months_before_start: PositiveSetting
    extra_support_by_arrangement: Sourced[bool]
    """More support than is usual must be agreed before it is given."""


class LinkPolicy(Record):
    """One-time links with which other people write statements and feedback."""

    valid_days: PositiveSetting


def _refuse_disorder(reminder_days: tuple[int, ...]) -> None:
    if list(reminder_days) != sorted(set(reminder_days), reverse=True):
        message = "reminder_days: must fall, and none may come twice"
        raise ValueError(message)


class ResubmissionPolicy(Record):
    """The second chance after a CNM."""

    free_resubmissions: PositiveSetting
    window_weeks: PositiveSetting
    reminder_days: Sourced[Annotated[tuple[Positive, ...], Field(min_length=1)]]
    """Days before the end of the window, largest first; at or before, never on."""

    @model_validator(mode="after")
    def _reminders_fall_into_the_window(self) -> Self:
        days = self.reminder_days.value
        _refuse_disorder(days)
        if days[0] >= self.window_weeks.value * _DAYS_A_WEEK:
            message = "reminder_days: must all be shorter than the window"
            raise ValueError(message)
        return self


class ConversationPolicy(Record):
    """The talk about the feedback after a CNM."""

    minutes: PositiveSetting


class RestartPolicy(Record):
    """What follows a second CNM, or a window that was missed."""

    new_portfolio: Sourced[bool]
    cohort: Sourced[Literal["next"]]
    fee_pence: LargeSetting
    """Administration fee, in pence sterling."""


class VivaPolicy(Record):
    """The interview that follows a CM, where a programme has one."""

    minutes_at_least: PositiveSetting
    minutes_at_most: PositiveSetting
    attempts: PositiveSetting
    round_months: Sourced[Annotated[tuple[Month, ...], Field(min_length=1)]]
    """Months in which a round of vivas is held."""
    reminder_days: Sourced[Annotated[tuple[Positive, ...], Field(min_length=1)]]
    """Days before a time can last be chosen, largest first; at or before, never on."""
    panel: Sourced[tuple[Literal["lead_moderator", "panel_member"], ...]]
    """Roles that sit on it: the lead moderator and a head of programme."""
    modes: Sourced[tuple[Literal["in_person", "remote"], ...]]

    @model_validator(mode="after")
    def _minutes_are_a_span(self) -> Self:
        if self.minutes_at_least.value > self.minutes_at_most.value:
            message = "minutes_at_most: must not be below minutes_at_least"
            raise ValueError(message)
        _refuse_disorder(self.reminder_days.value)
        return self


class AppealGround(Record):
    """A reason for which an appeal is heard; no other is."""

    key: Key
    title: Words
    text: Words
    source: Source


class AppealPolicy(Record):
    """The clocks of explanation and appeal, in working days, and the grounds."""

    ask_explanation_working_days: PositiveSetting
    give_explanation_working_days: PositiveSetting
    lodge_working_days: PositiveSetting
    answer_about_support_working_days: PositiveSetting
    """For the written response to an appeal against the support received."""
    panel_members: PositiveSetting
    grounds: tuple[AppealGround, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _grounds_are_different(self) -> Self:
        refuse_repeats([each.key for each in self.grounds], "ground", "appeal")
        return self

    def ground(self, key: str) -> AppealGround | None:
        """The ground called *key*, or None."""
        return next((each for each in self.grounds if each.key == key), None)


class Policy(Record):
    """The limits and clocks of a programme, each with its source."""

    policy_version: Version
    calendar: CalendarPolicy
    uploads: UploadPolicy
    links: LinkPolicy
    adjustments: AdjustmentPolicy
    review: ReviewPolicy
    sampling: SamplingPolicy
    standing: StandingPolicy
    release: ReleasePolicy | None = None
    """None: a release waits for what is drawn, and says nothing of the rest."""
    resubmission: ResubmissionPolicy
    conversation: ConversationPolicy
    restart: RestartPolicy
    viva: VivaPolicy | None
    appeal: AppealPolicy
