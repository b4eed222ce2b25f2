"""Who must not hear an appeal: decided when a panel is appointed, and when it decides.

Source: domain.md section 1: an appeal panel has had no part in any round of the case; a
lead moderator never decides an appeal against a decision they took part in.
"""

from collections.abc import Mapping

from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.hearer.evolve import Hearer
from shared.errors import RuleViolatedError


class NotOnTheAppealPanelError(RuleViolatedError):
    """This person may not hear appeals: grant them the role appeal_panel first."""


class OwnAppealError(RuleViolatedError):
    """Nobody hears their own appeal."""


class MentorOfParticipantError(RuleViolatedError):
    """This person supports the participant."""


class SameOrganisationError(RuleViolatedError):
    """This person works for the participant's organisation, or did."""


class TookPartError(RuleViolatedError):
    """This person had a part in the case."""


class LeadTookPartError(TookPartError):
    """This lead moderator had a part in the decision."""


def refuse_dependent_panel(
    file: CaseFile, appeal_id: str, members: Mapping[str, Hearer]
) -> None:
    """Accept a panel of which everybody is independent of the case.

    Raises:
        NotOnTheAppealPanelError, OwnAppealError, MentorOfParticipantError,
        SameOrganisationError, TookPartError, LeadTookPartError: who is not, and why.
    """
    for person_id, member in members.items():
        _refuse_dependence(file, appeal_id, person_id, member)


def _refuse_dependence(
    file: CaseFile, appeal_id: str, person_id: str, member: Hearer
) -> None:
    if "appeal_panel" not in member.roles:
        raise NotOnTheAppealPanelError(person_id=person_id)
    if person_id == file.participant_id:
        raise OwnAppealError(person_id=person_id)
    if person_id in file.mentors:
        raise MentorOfParticipantError(person_id=person_id)
    if not member.organisations.isdisjoint(file.organisations):
        raise SameOrganisationError(person_id=person_id)
    if person_id in took_part(file, before=appeal_id):
        is_lead = "lead_moderator" in member.roles
        raise (LeadTookPartError if is_lead else TookPartError)(person_id=person_id)


def took_part(file: CaseFile, *, before: str) -> frozenset[str]:
    """Return everyone with a part in the case, but for the panel of that appeal.

    To have read an appeal for the office is none.
    """
    return frozenset(
        each.person_id
        for each in file.parts
        if each.kind != "reader"
        and not (each.kind == "appeal_panel" and each.appeal_id == before)
    )
