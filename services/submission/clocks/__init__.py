"""What happens by itself: dates that come near or pass, files that nobody refers to."""

from services.submission.clocks.dates import do_due, keep_dates
from services.submission.clocks.sweeping import Sweeping, keep_swept

__all__ = ["Sweeping", "do_due", "keep_dates", "keep_swept"]
