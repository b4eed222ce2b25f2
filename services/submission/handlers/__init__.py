"""The write side of submission: what can be asked, and the one opening of contacts."""

from services.submission.handlers.addressees import Addressees
from services.submission.handlers.cases import Cases
from services.submission.handlers.cohorts import Cohorts
from services.submission.handlers.details import Asker, Details, Form
from services.submission.handlers.keeping import Keeping
from services.submission.handlers.naming import organisation_id_of
from services.submission.handlers.people import Contact, Entry, People
from services.submission.handlers.portfolios import Portfolios

__all__ = [
    "Addressees",
    "Asker",
    "Cases",
    "Cohorts",
    "Contact",
    "Details",
    "Entry",
    "Form",
    "Keeping",
    "People",
    "Portfolios",
    "organisation_id_of",
]
