"""What a change would do, for a review: by two plans, or as the engine says itself."""

from .change import Change, Comparison, Kind
from .page import MOST_CHARACTERS, TooSmall, page
from .plans import compare
from .preview import is_preview, read_preview
from .verdict import Judgement, Verdict, judgement

__all__ = [
    "MOST_CHARACTERS",
    "Change",
    "Comparison",
    "Judgement",
    "Kind",
    "TooSmall",
    "Verdict",
    "compare",
    "is_preview",
    "judgement",
    "page",
    "read_preview",
]
