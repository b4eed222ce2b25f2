"""Sample portfolios: two written with care, and any number that are generated."""

from services.submission.documents.samples.generator import generate_portfolio
from services.submission.documents.samples.rendering import SOURCES, render_samples

__all__ = ["SOURCES", "generate_portfolio", "render_samples"]
