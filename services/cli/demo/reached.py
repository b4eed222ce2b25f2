"""What the demonstration reaches of all that the services know, and what it does not.

Invariant: every kind of fact that a service can write, and every letter there is,
stands here once: among what somebody's life has to bring, or among the rest, with the
reason. A test compares this with the services.
"""

from collections.abc import Mapping

from services.moderation.domain.events import DECIDED

_SUBMISSION = (
    "AddressClaimed", "AdjustmentAgreed", "AdjustmentAsked", "AdjustmentDeclined",
    "ApplicationReceived", "AwardNoted", "ClockOffsetSet", "CohortDeadlineMoved",
    "CohortOpened", "DeadlineMoved", "DetailsOpened", "EligibilityDecided",
    "Enrolled", "EvidenceAttached", "EvidenceRemoved", "FeePaid",
    "FeedbackReceived", "FeedbackRequested", "HoldEndNoted", "HoldNoted",
    "MentorAppointed", "MentorAsked", "MentorNominated", "OrganisationStated",
    "OutcomeNoted", "PersonRegistered", "PlaceTaken", "QueryAnswered", "QueryAsked",
    "ReminderDue", "RestartRequired", "RestartRevoked", "ResubmissionClosed",
    "ResubmissionLapsed", "ResubmissionOpened", "ReviewDelayed", "RoleGranted",
    "SectionSaved", "SelfRatingRecorded", "StartNoted", "StatementReceived",
    "StatementRequested", "Submitted", "TemplateChosen", "VivaNotPassedNoted",
    "Withdrawn",
)  # fmt: skip
_REVIEW = (
    "AdviceNoted", "Allocated", "AllocationWithdrawn", "ApplicationBegun", "ClaimEnded",
    "ClaimExtended",
    "ClaimLapsed", "ClaimReleased", "Claimed", "Closed", "Completed",
    "ConflictDecided", "ConflictDeclared", "ConflictFound", "ConflictOverridden",
    "CriterionJudged", "DueMoved",
    "EmployerChanged", "FeedbackDrafted", "FellOverdue", "FreshReviewNoted",
    "HandedOver", "HoldEndNoted",
    "HoldNoted", "JudgeNoted", "JudgementSetAside", "LaterOpeningNoted", "MenteeNoted",
    "OpeningMoved", "PartNoted",
    "PauseEndNoted", "PauseNoted", "Recalled", "Referred", "ReleaseNoted", "Reopened",
    "Requested", "Reserved", "ReviewListed", "ReviewerRegistered", "TakenOver",
    "WithdrawalNoted",
)  # fmt: skip
_MODERATION = (
    "AlarmRaised", "AppointmentNoted", "BatchFormed", "BlindJudgementRecorded",
    "CaseWithdrawn", "CohortJoined",
    "CohortReleased", "Compared", "DifferenceNoted", "Drawn", "DueMoved",
    "EmployerNoted", "FeedbackAmended", "FellOverdue", "FreshReviewWanted",
    "HandedBack", "HearingNoted", "HoldEndNoted", "HoldNoted", "JudgementModerated",
    "JudgementRecalled", "JudgementReceived", "JudgementRenewed", "JudgementSetAside",
    "KeyRevealed", "MarksRead", "MenteeNoted", "ModeratorJoined", "NonceCommitted",
    "NonceRevealed", "Opened", "OpinionDrawn", "OpinionProbabilitySet",
    "OutcomeReleased", "OutcomeRevised", "Overturned", "PlanPublished",
    "ProbabilitySet", "RandomnessFixed", "ReferredToLead", "Rejudged",
    "RemarkAllOrdered", "RenewalReceived", "ResultWeighed", "ReturnOrdered",
    "ReviewerJoined", "SampledForRelease", "SampleOrdered", "SampleWidened",
    "SecondOpinionCalled", "SeedAnswered", "SeedDefined", "SeedEntered", "SeedJudged",
    "SeedMade", "SeedMarked", "SeedPlaced", "SeedRefused", "SeedRetired", "SeedShown",
    "SeedTakenBack", "StandingApplied", "StandingChanged", "TakeExtended",
    "Taken", "Upheld",
)  # fmt: skip
_VIVA = (
    "AdjustmentNoted", "AwardConferred", "Booked", "DifferenceSettled",
    "EmployerNoted", "Held", "HoldEndNoted", "HoldNoted", "Moved", "NotPassed",
    "Offered", "OutcomeHeard", "PanelAppointed", "PanelDisagreed", "PanellistNoted",
    "PartNoted", "Passed", "PortfolioNoted", "ReminderDue", "RoundOpened",
    "SittingFreed", "SittingTaken", "SlotFreed", "SlotTaken", "TieNoted",
    "VerdictGiven", "WithdrawalNoted",
)  # fmt: skip
_APPEALS = (
    "AppealClosed", "AppealOpened", "BondsNoted", "ClockRestarted", "ClockStopped",
    "ConversationBooked", "ConversationCancelled", "ConversationHeld",
    "ConversationOffered", "ConversationTimesOffered", "DecisionNoted", "Discontinued",
    "Dismissed", "EmployerNoted", "ExplanationGiven", "ExplanationRequested",
    "FellOverdue", "FreshReviewOrdered", "HearerNoted", "HearingPanelAppointed",
    "HoldEndNoted", "HoldNoted", "Lodged", "PartNoted", "TermsNoted", "Upheld",
    "WithdrawalNoted",
)  # fmt: skip
_NOTIFICATION = ("Bounced", "HandedOver", "Rendered", "Requested", "RetryOrdered")
_OPERATIONS = ("HoldLifted", "HoldPlaced", "Imported")

_OWNERS: Mapping[str, tuple[str, ...]] = {
    "submission": _SUBMISSION,
    "review": _REVIEW,
    "moderation": _MODERATION,
    "viva": _VIVA,
    "appeals": _APPEALS,
    "notification": _NOTIFICATION,
    "operations": _OPERATIONS,
}
FACTS: frozenset[str] = frozenset(
    f"{owner}.{name}" for owner, names in _OWNERS.items() for name in names
)
"""What happens to somebody in the whole life, at least once. Source: domain.md 3, 4."""

_CHANCE = "may happen, as the services hear of each other sooner or later"
_TROUBLE = "only when mail, a message or a service fails: a demonstration breaks none"
_SAME_KIND = "of the same kind as another one that is shown: "
_NO_PLAN = "a decision that the plan of the demonstration does not name"
_NO_QUALIFYING = "needs a plan by which reviewers qualify: none of these has them do so"
NOT_REACHED: Mapping[str, str] = {
    "moderation.SeedWithheld": "only where one reviewer judges twice, or all seeds",
    "moderation.QualificationBegun": _NO_QUALIFYING,
    "moderation.QualificationSeedsPlaced": _NO_QUALIFYING,
    "moderation.QualificationSeedsLacking": _NO_QUALIFYING,
    "moderation.QualificationSeedJudged": _NO_QUALIFYING,
    "moderation.Qualified": _NO_QUALIFYING,
    "moderation.NotQualified": _NO_QUALIFYING,
    "moderation.QualificationStopped": _NO_QUALIFYING,
    "moderation.QualificationEnded": _NO_QUALIFYING,
    "review.OpeningKept": _SAME_KIND + "review.OpeningMoved, for a claimed review",
    "moderation.AttemptRefused": "only what breaks the rules of a plan: nobody does",
    "review.JudgementRestored": _CHANCE,
    "moderation.FreshReviewPostponed": _CHANCE,
    "moderation.FreshReviewSetAside": _CHANCE,
    "moderation.RecallSetAside": _CHANCE,
    "moderation.TakeEnded": "needs a moderator who takes a case while it is recalled",
    "moderation.OpeningSetAside": _CHANCE,
    "moderation.SampledAsChanged": "needs another outcome after a recall, undrawn",
    "moderation.ModeratorDifferenceNoted": "drawn for 7 of 100 first judgements only",
    "moderation.StoodDown": "needs somebody who moderates and reads for another role",
    "moderation.RecheckOrdered": "needs a moderator who is paused",
    "moderation.ModeratorAlarmRaised": "needs a moderator who marks unlike the others",
    "moderation.ModeratorStandingApplied": "needs more second opinions than there are",
    **dict.fromkeys(DECIDED.keys() - FACTS, _NO_PLAN),
    "moderation.TakeLapsed": _SAME_KIND + "review.ClaimLapsed, for a moderator",
    "viva.AwardRevoked": "needs an outcome revised after the award: nobody's wish",
    "viva.NewsSetAside": _CHANCE,
    "viva.OfferWithdrawn": "needs an outcome revised after the offer: nobody's wish",
    "viva.PanelDissolved": "needs a panellist who becomes somebody's mentor meanwhile",
    "notification.Cancelled": _CHANCE,
    "notification.Deferred": _TROUBLE,
    "notification.Failed": _TROUBLE,
    "notification.Held": _TROUBLE,
    "notification.Uncertain": _TROUBLE,
    "operations.Discarded": _TROUBLE,
    "operations.Released": _TROUBLE,
}
"""What the services know and the demonstration does not have to reach, and why."""

LETTERS = frozenset({
    "appeal-dismissed", "appeal-received", "appeal-upheld", "award",
    "conflict-found", "conversation-booked", "explanation", "explanation-requested",
    "feedback-request", "moderation-overdue", "moderation-result", "outcome-cm",
    "outcome-cnm", "outcome-cnm-again", "outcome-confirmed", "receipt",
    "reminder-resubmission", "reminder-submission", "reminder-viva", "restart",
    "review-allocated", "review-overdue", "statement-request", "viva-booked",
    "viva-moved", "viva-not-passed", "viva-offered",
})  # fmt: skip
"""Letters that are handed over at least once. Source: domain.md 5."""
UNSENT: Mapping[str, str] = {}
"""Letters that nobody gets in the demonstration, and why."""

ENDS = frozenset({"awarded", "refused", "restart_required", "withdrawn"})
"""How a case of the whole life ends: each way at least once. Source: domain.md 3."""

AWARDED = frozenset({
    ("ATS", "workbook"), ("ATS", "phases"), ("QTLS", "formation"),
    ("ADVANCED-MENTOR", "form"),
})  # fmt: skip
"""Programmes and templates: each leads somebody to the award. Source: domain.md 2."""
