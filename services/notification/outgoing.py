"""Which private facts of notification become public, and as what. Pure."""

from services.notification.domain.events import Failed, HandedOver
from shared.contracts.message import Message
from shared.contracts.notification import Failed as FailedMessage
from shared.contracts.notification import HandedOver as HandedOverMessage
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private."""
    match fact:
        case HandedOver(about=about):
            return HandedOverMessage(
                notice_id=about.notice_id,
                case_id=about.case_id,
                template=about.template,
                handed_over_at=fact.occurred_at,
            )
        case Failed(about=about):
            return FailedMessage(
                notice_id=about.notice_id,
                case_id=about.case_id,
                template=about.template,
                reason=fact.reason,
                failed_at=fact.occurred_at,
            )
        case _:
            return None
