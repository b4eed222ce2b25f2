"""What stands between notification and the mail server."""

from services.notification.gateways.delivery import (
    Accepted,
    Delivery,
    Refused,
    Uncertain,
    Unreachable,
)
from services.notification.gateways.mail import (
    MailGateway,
    MalformedContentError,
    Waits,
)
from services.notification.gateways.smtp_url import MalformedSmtpUrlError

__all__ = [
    "Accepted",
    "Delivery",
    "MailGateway",
    "MalformedContentError",
    "MalformedSmtpUrlError",
    "Refused",
    "Uncertain",
    "Unreachable",
    "Waits",
]
