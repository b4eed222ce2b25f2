"""Sample portfolios: a cohort written with care, and any number that are generated."""

from services.submission.documents.samples.applications import render_applications
from services.submission.documents.samples.generator import generate_portfolio
from services.submission.documents.samples.rendering import (
    render_sample,
    render_samples,
)
from services.submission.documents.samples.sample import (
    SOURCES,
    Judgement,
    Recipe,
    Sample,
    read_samples,
)

__all__ = [
    "SOURCES",
    "Judgement",
    "Recipe",
    "Sample",
    "generate_portfolio",
    "read_samples",
    "render_applications",
    "render_sample",
    "render_samples",
]
