"""Ready-made facts and commands of building a portfolio."""

from datetime import timedelta
from typing import Any

from services.submission.domain.commands import (
    Link,
    ReceiveContribution,
    RecordSelfRating,
    RequestContribution,
)
from services.submission.domain.events import (
    FeedbackReceived,
    FeedbackRequested,
    SelfRatingRecorded,
    StatementReceived,
    StatementRequested,
)
from shared.contracts.programme import SectionTemplate, Template
from tests.unit.submission.examples import AT, sealed

EXPIRES = AT + timedelta(days=28)

FEEDBACK = {
    "key": "feedback-360",
    "title": "360-degree feedback",
    "guidance": "What others say.",
    "kind": "feedback",
    "parts": [
        {"key": "colleague", "title": "Colleague", "minimum": 1, "source": "S0"},
        {"key": "manager", "title": "Manager", "minimum": 1, "source": "S0"},
        {"key": "learner", "title": "Learner", "minimum": 3, "source": "S0"},
    ],
}
STATEMENT = {
    "key": "mentor-statement",
    "title": "Mentor statement",
    "guidance": "What the mentor saw.",
    "kind": "statement",
    "written_by": {"by": "mentor", "reads_portfolio": True, "source": "S0"},
}
RATING = {
    "key": "self-assessment",
    "title": "Self-assessment",
    "guidance": "Rate yourself.",
    "kind": "self-assessment",
    "ratings": [
        {"key": "1", "title": "New to me", "text": "Not yet."},
        {"key": "2", "title": "Secure", "text": "Always."},
    ],
}
TEMPLATE = Template.model_validate(
    {
        "code": "phases",
        "title": "Portfolio by phases",
        "source": "S0",
        "layout": "folder",
        "sections": [RATING, FEEDBACK, STATEMENT],
    }
)


def section(described: dict[str, Any]) -> SectionTemplate:
    return SectionTemplate.model_validate(described)


def rate(**changes: Any) -> RecordSelfRating:
    asked: dict[str, Any] = {
        "key": "self-assessment",
        "ratings": {"1": "2", "2": "1"},
        "standards": ("1", "2"),
        "scale": ("1", "2"),
        "words": 40,
        "content_hash": "5" * 64,
        "path": "ana/5",
        "at": AT,
    }
    return RecordSelfRating(**asked | changes)


def rated(**changes: Any) -> SelfRatingRecorded:
    happened: dict[str, Any] = {
        "key": "self-assessment",
        "ratings": {"1": "2", "2": "1"},
        "standards": 2,
        "words": 40,
        "content_hash": "5" * 64,
        "path": "ana/5",
        "occurred_at": AT,
    }
    return SelfRatingRecorded(**happened | changes)


def ask(who: str = "carl", **changes: Any) -> RequestContribution:
    asked: dict[str, Any] = {
        "request_id": f"r-{who}",
        "section": section(FEEDBACK),
        "contribution": "colleague",
        "recipient_id": who,
        "address_hash": who[0].encode().hex() * 32,
        "name": sealed("name", who),
        "email": sealed("email", who),
        "expires_at": EXPIRES,
        "at": AT,
    }
    return RequestContribution(**asked | changes)


def asked(who: str = "carl", **changes: Any) -> FeedbackRequested:
    return FeedbackRequested(**_asked(who, "feedback-360", changes))


def asked_mentor(**changes: Any) -> StatementRequested:
    happened = {"contribution": "mentor", "reads_portfolio": True} | changes
    return StatementRequested(**_asked("ben", "mentor-statement", happened))


def _asked(who: str, place: str, changes: dict[str, Any]) -> dict[str, Any]:
    is_feedback = place == "feedback-360"
    happened: dict[str, Any] = {
        "request_id": f"r-{who}",
        "section": place,
        "key": f"{place}-colleague" if is_feedback else place,
        "contribution": "colleague",
        "recipient_id": who,
        "address_hash": who[0].encode().hex() * 32,
        "name": sealed("name", who),
        "email": sealed("email", who),
        "reads_portfolio": False,
        "expires_at": EXPIRES,
        "occurred_at": AT,
    }
    return happened | changes


def link(who: str = "carl", **changes: Any) -> Link:
    said: dict[str, Any] = {
        "request_id": f"r-{who}",
        "recipient_id": who,
        "expires_at": EXPIRES,
        "confirmed": who[0].encode().hex() * 32,
    }
    return Link(**said | changes)


def receive(who: str = "carl", **changes: Any) -> ReceiveContribution:
    said: dict[str, Any] = {
        "link": link(who),
        "words": 120,
        "content_hash": "7" * 64,
        "path": "ana/7",
        "at": AT,
    }
    return ReceiveContribution(**said | changes)


def received(who: str = "carl", **changes: Any) -> FeedbackReceived:
    return FeedbackReceived(**_received(who, "feedback-360-colleague", changes))


def received_statement(**changes: Any) -> StatementReceived:
    return StatementReceived(**_received("ben", "mentor-statement", changes))


def _received(who: str, key: str, changes: dict[str, Any]) -> dict[str, Any]:
    happened: dict[str, Any] = {
        "request_id": f"r-{who}",
        "key": key,
        "words": 120,
        "content_hash": "7" * 64,
        "path": "ana/7",
        "occurred_at": AT,
    }
    return happened | changes
