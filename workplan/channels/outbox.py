"""What would have left the machine, as files in a folder that a page shows: letters by Django's file backend, and robots' posts."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.utils import timezone

SHOWN = 50
ENDINGS = {".log", ".json"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that was sent, as the page shows it."""

    at: datetime
    channel: str
    to: str
    subject: str
    body: str


def keep(to: str, payload: dict) -> None:
    """Write what a robot would have been sent; `to` names it without its key."""
    folder = Path(settings.OUTBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"to": to, "payload": payload}, ensure_ascii=False, indent=1)
    (folder / f"webhook-{uuid.uuid4().hex}.json").write_text(text, encoding="utf-8")


def sent() -> list[Sent]:
    """Return what the folder holds, newest first."""
    folder = Path(settings.OUTBOX_DIR)
    files = [path for path in folder.glob("*") if path.suffix in ENDINGS] if folder.is_dir() else []
    newest = sorted(files, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)[:SHOWN]
    return [_read(path) for path in newest]


def _read(path: Path) -> Sent:
    at = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_default_timezone())
    if path.suffix == ".json":
        found = json.loads(path.read_text(encoding="utf-8"))
        payload = found["payload"]
        text = (payload.get("text") or payload.get("content") or {}).get("content") or payload["content"]["text"]
        return Sent(at, "群机器人", found["to"], "", text)
    letter = message_from_bytes(path.read_bytes().rpartition(b"\n" + b"-" * 79)[0], policy=policy.default)
    return Sent(at, "邮件", str(letter["To"]), str(letter["Subject"]).strip(), letter.get_content())
