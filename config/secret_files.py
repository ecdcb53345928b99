"""Secrets that the embedded default keeps beside its data."""

import os
import secrets
from pathlib import Path


def read_or_create(path: Path) -> str:
    """Return the secret stored at `path`, made with 0600 and 64 random characters where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret
