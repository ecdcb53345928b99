"""Files of imports come under the current data key, each replaced at once, so that whoever reads one finds it whole."""

import os
import secrets
from pathlib import Path

from accounts.crypto import Undecryptable, decrypt_bytes, encrypt_bytes, key_id_of_file

from ..models import ImportBatch
from .files import context_of


def rotate_files(current: str) -> tuple[int, int]:
    """Return how many files were encrypted anew, and how many could not be read. Files that are gone need nothing."""
    done = left = 0
    for batch in ImportBatch.objects.exclude(file="").only("uid", "file").iterator():
        try:
            done += _rotate(batch, current)
        except FileNotFoundError:
            continue
        except Undecryptable:
            left += 1
    return done, left


def _rotate(batch: ImportBatch, current: str) -> bool:
    path = Path(batch.file.path)
    stored = path.read_bytes()
    if key_id_of_file(stored) == current:
        return False
    context = context_of(batch)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(encrypt_bytes(decrypt_bytes(stored, context), context))
    draft.replace(path)
    return True
