"""The shapes of generated portfolios, one for each template."""

from services.submission.documents.samples.generator.shapes.form import write_form
from services.submission.documents.samples.generator.shapes.formation import (
    write_formation,
)
from services.submission.documents.samples.generator.shapes.phases import write_phases
from services.submission.documents.samples.generator.shapes.workbook import (
    write_workbook,
)

__all__ = ["write_form", "write_formation", "write_phases", "write_workbook"]
