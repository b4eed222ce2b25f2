"""What stands between submission and others: the evidence store, a malware scanner."""

from services.submission.gateways.noted_files import NotedFiles
from services.submission.gateways.scanner import (
    MalwareFoundError,
    Scanner,
    ScannerAddress,
    UncheckedError,
)
from services.submission.gateways.workplace import Workplace

__all__ = [
    "MalwareFoundError",
    "NotedFiles",
    "Scanner",
    "ScannerAddress",
    "UncheckedError",
    "Workplace",
]
