"""Secrets that an installation keeps beside its data.

python -m config.secret_files     make var/secret_key for a production installation (`make secret`)
"""

import os
import secrets
from pathlib import Path


def read(path: Path) -> str:
    """Return the secret stored at `path`, or "" where there is none."""
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


def read_or_create(path: Path) -> str:
    """Return the secret stored at `path`, made with 0600 and 64 random characters where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read(path)
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret


if __name__ == "__main__":
    read_or_create(Path(os.environ["WORKPLAN_VAR"]) / "secret_key")
