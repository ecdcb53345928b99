"""What a message says outside the portal: plain text, the same on every channel."""

from django.conf import settings

from ..models import Message


def body_of(message: Message, lines: list[dict]) -> str:
    """Return title and lines as plain text, with full addresses where the portal knows its own."""
    listed = "\n".join(f"{number}. {_line(line)}" for number, line in enumerate(lines, start=1))
    return f"{message.title}\n\n{listed}\n\n—— 工作要点督办平台"


def _line(line: dict) -> str:
    text = " ".join(line["text"].split())  # a task's title may hold line breaks
    return f"{text}\n   {settings.SITE_URL}{line['url']}" if settings.SITE_URL and line["url"] else text


def cut(text: str, most: int) -> str:
    """Return the text with at most so many bytes of UTF-8, cut at a character."""
    raw = text.encode("utf-8", "replace")
    return text if len(raw) <= most else raw[: most - len("…".encode())].decode("utf-8", "ignore") + "…"
