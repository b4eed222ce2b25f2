"""What each fact is called when people read a timeline. Pure."""

SENTENCES: dict[str, str] = {
    "submission.Enrolled": "Enrolled in the cohort",
    "submission.MentorNominated": "Mentor nominated",
    "submission.SectionSaved": "Section saved",
    "submission.EvidenceAttached": "Evidence attached",
    "submission.DeadlineMoved": "Deadline of this case moved",
    "submission.Submitted": "Portfolio submitted",
    "review.Requested": "Review requested",
    "review.Claimed": "Claimed by a reviewer",
    "review.ClaimExtended": "Claim extended",
    "review.ClaimReleased": "Claim given back",
    "review.ClaimLapsed": "Claim lapsed",
    "review.CriterionJudged": "Criterion judged",
    "review.FeedbackDrafted": "Feedback drafted",
    "review.Completed": "Review completed",
    "moderation.ProbabilitySet": "Probability of moderation set",
    "moderation.Drawn": "Drawn for moderation, or not",
    "moderation.Opened": "Moderation opened",
    "moderation.BlindJudgementRecorded": "Blind second judgement recorded",
    "moderation.Compared": "Judgements compared",
    "moderation.Upheld": "Judgement upheld",
    "moderation.Overturned": "Judgement overturned",
    "moderation.OutcomeReleased": "Outcome released",
    "viva.OutcomeHeard": "Outcome known to viva",
    "viva.TieNoted": "Mentor or employer known to viva",
    "viva.AdjustmentNoted": "Length of the viva adjusted",
    "viva.WithdrawalNoted": "Withdrawal known to viva",
    "viva.NewsSetAside": "News came too late for the viva",
    "viva.Offered": "Viva offered",
    "viva.OfferWithdrawn": "Offer of a viva withdrawn",
    "viva.PanelAppointed": "Panel of the viva appointed",
    "viva.PanelDissolved": "Panel of the viva dissolved",
    "viva.Booked": "Viva booked",
    "viva.Moved": "Viva moved",
    "viva.Held": "Viva held",
    "viva.VerdictGiven": "Verdict of one of the panel",
    "viva.PanelDisagreed": "Panel of the viva disagreed",
    "viva.DifferenceSettled": "Difference of the panel settled",
    "viva.Passed": "Viva passed",
    "viva.NotPassed": "Viva not passed",
    "viva.SlotTaken": "Slot taken",
    "viva.SlotFreed": "Slot freed",
    "notification.Requested": "Letter requested",
    "notification.Rendered": "Letter rendered",
    "notification.Held": "Letter held back",
    "notification.HandedOver": "Letter handed over to the mail server",
    "notification.Uncertain": "Delivery of the letter uncertain; tried again",
    "notification.Failed": "Letter failed",
    "notification.Cancelled": "Letter cancelled",
}


def sentence(type_: str) -> str:
    """Return how people call a fact; a type without words is spelled out.

    ``review.FellOverdue`` becomes ``Fell overdue``.
    """
    if type_ in SENTENCES:
        return SENTENCES[type_]
    name = type_.rpartition(".")[2]
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
    return words[:1].upper() + words[1:]
