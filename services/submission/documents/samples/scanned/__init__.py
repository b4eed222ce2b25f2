"""Pictures as a scanner saves them: grey, and as JPEG."""

from services.submission.documents.samples.scanned.jpeg import jpeg_of

__all__ = ["jpeg_of"]
