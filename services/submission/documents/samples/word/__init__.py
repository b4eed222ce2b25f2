"""Word documents made from blocks: ordinary ones, as participants' word processors do.

The same blocks give the same bytes; nothing in them depends on when they were made.
"""

from services.submission.documents.samples.word.document import TextFile, write_word

__all__ = ["TextFile", "write_word"]
