"""Secrets that an installation keeps beside its data.

python -m config.secret_files             make the missing ones for a production installation (`make secret`)
python -m config.secret_files rotate      put a new data key before the present ones, for `manage.py rotate_keys`
"""

import base64
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

SECRET_FILE, DATA_FILE, INDEX_FILE = "secret_key", "data_keys", "index_key"  # below var/


def make_secret() -> str:
    """Return 64 random characters."""
    return secrets.token_urlsafe(48)


def make_key() -> str:
    """Return 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def make_data_key() -> str:
    """Return a data key with a name that no other has, as `id:base64`."""
    return f"k{secrets.token_hex(4)}:{make_key()}"


MAKERS: dict[str, Callable[[], str]] = {SECRET_FILE: make_secret, DATA_FILE: make_data_key, INDEX_FILE: make_key}


def read(path: Path) -> str:
    """Return the secret stored at `path`, or "" where there is none."""
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


def read_or_create(path: Path) -> str:
    """Return the secret stored at `path`, made with 0600 where there is none. Its name says of which kind it is.

    It appears at once and whole: of two processes that start together both get the same one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file():
        draft = _write_draft(path, MAKERS.get(path.name, make_secret)())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return read(path)


def add_data_key(path: Path) -> str:
    """Put a new key before those of the file, so that it becomes the current one; return its id."""
    key = make_data_key()
    _write_draft(path, ",".join(filter(None, [key, read(path)]))).replace(path)
    return key.partition(":")[0]


def _write_draft(path: Path, content: str) -> Path:
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def main(arguments: list[str]) -> None:
    var = Path(os.environ["WORKPLAN_VAR"])
    if arguments == ["rotate"]:
        print(add_data_key(var / DATA_FILE))
    elif arguments:
        sys.exit(__doc__)
    else:
        for name in MAKERS:
            read_or_create(var / name)


if __name__ == "__main__":
    main(sys.argv[1:])
