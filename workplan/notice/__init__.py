"""Reads a published work notice and proposes a plan. Pure: no Django, nothing else of the project.

`read_notice(content, name)` takes the bytes of a file, `parse_text(text)` what was pasted; both return a `Notice` or raise `NoticeError`.
`as_data` and `as_outline` show it. How it decides: docs/notice-parser.md.
"""

from .errors import NoticeError
from .model import Annex, Confidence, Due, Duplicate, Header, Item, Notice, Owner, Proposal, Section, Span, Stated
from .reading import parse_text, read_notice
from .report import as_data, as_outline
from .source import read_bytes

__all__ = [
    "Annex",
    "Confidence",
    "Due",
    "Duplicate",
    "Header",
    "Item",
    "Notice",
    "NoticeError",
    "Owner",
    "Proposal",
    "Section",
    "Span",
    "Stated",
    "as_data",
    "as_outline",
    "parse_text",
    "read_bytes",
    "read_notice",
]
