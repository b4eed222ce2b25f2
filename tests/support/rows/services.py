"""Section 4: the facts and messages of each service, by their names in the domain.

The domain's lists are the minimum. What is asked and not built yet is named here too,
so that nobody takes it for forgotten.
"""

from tests.support.rules import Row

FACTS: dict[str, str] = {
    "submission": """
        CohortOpened CohortDeadlineMoved ClockOffsetSet PersonRegistered RoleGranted
        ApplicationReceived EligibilityDecided Enrolled MentorNominated MentorAppointed
        SectionSaved EvidenceAttached EvidenceRemoved SelfRatingRecorded
        FeedbackRequested FeedbackReceived StatementRequested StatementReceived
        AdjustmentAgreed DeadlineMoved QueryAsked QueryAnswered Submitted Withdrawn
        ResubmissionOpened ResubmissionLapsed RestartRequired FeePaid ReminderDue
        PersonErased
    """,
    "review": """
        ReviewerRegistered ConflictDeclared Requested Allocated Claimed ClaimExtended
        ClaimReleased ClaimLapsed CriterionJudged FeedbackDrafted Completed Recalled
        Reopened FellOverdue
    """,
    "moderation": """
        PlanPublished ProbabilitySet Drawn SeedPlaced SeedJudged Opened
        BlindJudgementRecorded Compared Upheld FeedbackAmended Overturned ReturnOrdered
        RemarkAllOrdered StandingChanged OutcomeReleased OutcomeRevised CohortReleased
        KeyRevealed
    """,
    "viva": """
        Offered PanelAppointed Booked Moved Held Passed NotPassed AwardConferred
    """,
    "appeals": """
        ConversationOffered ConversationBooked ConversationHeld ExplanationRequested
        ExplanationGiven Lodged DossierSealed HearingPanelAppointed Upheld Dismissed
        FreshReviewOrdered
    """,
    "notification": """
        Requested Rendered Held HandedOver Uncertain Failed Bounced Cancelled
    """,
    "operations": "Read Released Discarded Exported Imported HoldPlaced HoldLifted",
}
"""Private facts by owner. Source: domain.md section 4."""

MESSAGES: dict[str, str] = {
    "submission": """
        PersonRegistered RoleGranted MentorNominated DeadlineMoved Submitted ReminderDue
        Withdrawn FeedbackRequested StatementRequested ResubmissionOpened
        ResubmissionLapsed RestartRequired PersonErased
    """,
    "review": "Allocated Overdue Completed Recalled",
    "moderation": """
        ReviewWanted ReturnOrdered StandingChanged OutcomeReleased OutcomeRevised
    """,
    "viva": "Offered Booked Moved NotPassed AwardConferred",
    "appeals": """
        ConversationOffered ConversationBooked ConversationHeld ExplanationRequested
        ExplanationGiven Lodged DossierSealed HearingPanelAppointed Upheld Dismissed
        FreshReviewOrdered
    """,
    "notification": "HandedOver Failed",
    "operations": "HoldPlaced HoldLifted",
}
"""Public messages by owner. Source: domain.md section 4."""

AWAITED: dict[str, str] = {
    "submission.PersonErased": "erasure of personal data",
    "appeals.DossierSealed": "the dossier of an appeal",
    "operations.Read": "the desk opens protected data of any kind",
    "operations.Exported": "exports",
}
"""Facts the domain names and the code does not have yet, and what they belong to."""

UNSENT: dict[str, str] = {
    "submission.PersonErased": "erasure of personal data",
    "appeals.DossierSealed": "the dossier of an appeal",
    "appeals.ConversationHeld": "no other service needs it",
}
"""The same for messages: one exists only when another service needs it."""

SERVICES: tuple[Row, ...] = (
    *(
        Row(
            f"{service}: tests of its domain",
            r"domain\.md|S[0-4]|AP|\bP\b|moderation\.md|architecture\.md",
            where=f"tests/unit/{service}/",
        )
        for service in FACTS
    ),
    Row(
        "people are opaque ids in messages: submission",
        r"domain\.md section 4",
        "to public tells of a person only id and organisation",
    ),
    Row("adjustment details stay private", r"domain\.md section 4", "stays private"),
    Row(
        "draft judgements stay private", r"domain\.md section 4", "everything else pri"
    ),
    Row("opaque ids: review", r"domain\.md section 4", "keeps who it is about opaque"),
    Row("opaque ids: viva", r"domain\.md section 4", "keeps panels verdicts and notes"),
    Row("opaque ids: appeals", r"domain\.md section 4", "names nobody of the staff"),
    Row("opaque ids: operations", r"domain\.md section 4", "neither why nor by whom"),
    Row("opaque ids: notification", r"domain\.md section 4", "by its code alone"),
    Row("opaque ids: moderation", r"domain\.md section 4", "keeps draws and blind"),
    Row(
        "requests name nobody", r"domain\.md section 4", "somebody is asked but not who"
    ),
    Row(
        "a withdrawal ends the review", r"domain\.md section 4", "close review ends the"
    ),
    Row(
        "a withdrawal: nothing released", r"domain\.md section 4", "lets nothing be re"
    ),
    Row("a withdrawal ends the viva", r"domain\.md section 4", "ends what is offered"),
)
