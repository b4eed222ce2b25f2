"""Uploaded portfolios, read into values or refused with every reason at once."""

from services.submission.documents.packing import pack
from services.submission.documents.portfolio import (
    Contact,
    EvidenceFile,
    Overrides,
    Participant,
    Portfolio,
    Qualification,
    missing_fields,
    with_overrides,
    word_count,
)
from services.submission.documents.readers import (
    DocumentReaders,
    ReadingLimits,
    Upload,
    read_file,
    read_portfolio,
)
from services.submission.documents.refusals import PortfolioRefusedError, Refusal

__all__ = [
    "Contact",
    "DocumentReaders",
    "EvidenceFile",
    "Overrides",
    "Participant",
    "Portfolio",
    "PortfolioRefusedError",
    "Qualification",
    "ReadingLimits",
    "Refusal",
    "Upload",
    "missing_fields",
    "pack",
    "read_file",
    "read_portfolio",
    "with_overrides",
    "word_count",
]
