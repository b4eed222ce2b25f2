"""The write side of submission: what can be asked, and the one opening of contacts."""

from services.submission.handlers.addressees import Addressee, Addressees, Recipient
from services.submission.handlers.adjustments import (
    Adjustments,
    Agreement,
    ReadAdjustment,
)
from services.submission.handlers.cases import Cases
from services.submission.handlers.cohorts import Cohorts, Dates
from services.submission.handlers.details import Asker, Details, Form
from services.submission.handlers.enrolments import Enrolments
from services.submission.handlers.entering import Applications
from services.submission.handlers.following import Following
from services.submission.handlers.forms import Forms
from services.submission.handlers.keeping import Keeping
from services.submission.handlers.naming import organisation_id_of
from services.submission.handlers.owning import Item, Who
from services.submission.handlers.people import Contact, Entry, People
from services.submission.handlers.portfolios import Portfolios
from services.submission.handlers.queries import Queries, ReadQuery
from services.submission.handlers.reading import Words
from services.submission.handlers.timekeeping import Timekeeping

__all__ = [
    "Addressee",
    "Addressees",
    "Adjustments",
    "Agreement",
    "Applications",
    "Asker",
    "Cases",
    "Cohorts",
    "Contact",
    "Dates",
    "Details",
    "Enrolments",
    "Entry",
    "Following",
    "Form",
    "Forms",
    "Item",
    "Keeping",
    "People",
    "Portfolios",
    "Queries",
    "ReadAdjustment",
    "ReadQuery",
    "Recipient",
    "Timekeeping",
    "Who",
    "Words",
    "organisation_id_of",
]
