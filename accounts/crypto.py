"""Encryption of what must not be read in the database, and digests to find it by.

A key ring comes from `settings.DATA_KEYS` (`id:base64,id:base64`, the first encrypts, all decrypt), the key of the
digests from `settings.INDEX_KEY`. Neither derives from SECRET_KEY, which may be changed without harm to the data.

A token is `id.base64url(nonce + ciphertext + tag)`, AES-256-GCM with a random nonce. The context, such as
`people_person.phone:<uid of the row>`, is authenticated with it: moved to another row or field a token is no longer valid.
"""

import base64
import binascii
import hmac
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
MAGIC = b"WPE1"  # begins an encrypted file, followed by one byte of length and the key id
STANDARD = bytes.maketrans(b"-_", b"+/")
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class BadKeys(ValueError):
    """The keys of this installation are missing or malformed; `str()` is the Chinese reason, without any key."""


class Undecryptable(Exception):
    """The token was not made by a known key for this context, or was changed."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The data keys by id; `current` is the one that encrypts."""

    current: str
    ciphers: dict[str, AESGCM] = field(repr=False)


@lru_cache(maxsize=8)
def parse_ring(text: str) -> Ring:
    """Return the key ring that the text describes. Raises BadKeys."""
    parts = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
    if not parts:
        raise BadKeys("未设置数据密钥 DATA_KEYS（可用 make secret 生成）")
    ciphers: dict[str, AESGCM] = {}
    for part in parts:
        name, _, key = part.partition(":")
        if not KEY_ID.fullmatch(name) or name in ciphers:
            raise BadKeys("DATA_KEYS 的格式应为 编号:密钥,编号:密钥，编号不能重复")
        ciphers[name] = AESGCM(_key_bytes(key, f"DATA_KEYS 中的密钥 {name}"))
    return Ring(next(iter(ciphers)), ciphers)


@lru_cache(maxsize=8)
def parse_index_key(text: str) -> bytes:
    """Return the bytes of the digest key. Raises BadKeys."""
    if not text.strip():
        raise BadKeys("未设置索引密钥 INDEX_KEY（可用 make secret 生成）")
    return _key_bytes(text.strip(), "INDEX_KEY")


def _key_bytes(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, altchars=b"-_" if re.search("[-_]", text) else None, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BadKeys(f"{name} 应为 {KEY_BYTES} 字节的 base64")
    return key


def ring() -> Ring:
    """Return the key ring of this installation. Raises BadKeys."""
    return parse_ring(settings.DATA_KEYS)


def encrypt(text: str, context: str) -> str:
    """Return the text as a token of the current key, valid in this context only."""
    keys = ring()
    sealed = _seal(keys.ciphers[keys.current], text.encode("utf-8", "surrogatepass"), context)
    return f"{keys.current}.{base64.urlsafe_b64encode(sealed).decode('ascii')}"


def decrypt(token: str, context: str) -> str:
    """Return the text of a token. Raises Undecryptable for anything but a token made in this context."""
    key_id, _, body = token.partition(".")
    try:
        sealed = binascii.a2b_base64(body.encode("ascii").translate(STANDARD), strict_mode=True)
    except ValueError:
        raise Undecryptable("not a token") from None
    return _open(key_id, sealed, context).decode("utf-8", "surrogatepass")


def encrypt_bytes(content: bytes, context: str) -> bytes:
    """Return a file's content encrypted with the current key, valid in this context only."""
    keys = ring()
    name = keys.current.encode("ascii")
    return MAGIC + bytes([len(name)]) + name + _seal(keys.ciphers[keys.current], content, context)


def decrypt_bytes(content: bytes, context: str) -> bytes:
    """Return what `encrypt_bytes` was given. Raises Undecryptable."""
    key_id, start = _head_of(content)
    return _open(key_id, content[start:], context)


def key_id_of_file(content: bytes) -> str:
    """Return the id of the key that encrypted the file. Raises Undecryptable for anything else."""
    return _head_of(content)[0]


def _head_of(content: bytes) -> tuple[str, int]:
    """Return the key id of an encrypted file, and where nonce and ciphertext begin."""
    head = len(MAGIC)
    if content[:head] != MAGIC or len(content) <= head:
        raise Undecryptable("not an encrypted file")
    start = head + 1 + content[head]
    return content[head + 1 : start].decode("ascii", "replace"), start


def key_id_of(token: str) -> str:
    """Return the id of the key that made the token; "" for an empty one."""
    return token.partition(".")[0]


def current_key_id() -> str:
    """Return the id of the key that encrypts now. Raises BadKeys."""
    return ring().current


def digest(text: str, purpose: str) -> str:
    """Return a keyed SHA-256 in hex: equal texts of one purpose give equal digests, and nobody without the key can tell more."""
    key = parse_index_key(settings.INDEX_KEY)
    return hmac.digest(key, f"{purpose}\0{text}".encode("utf-8", "surrogatepass"), "sha256").hex()


def _seal(cipher: AESGCM, content: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, context.encode())


def _open(key_id: str, sealed: bytes, context: str) -> bytes:
    cipher = ring().ciphers.get(key_id)
    if cipher is None:
        raise Undecryptable("unknown key")
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise Undecryptable("too short")
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except InvalidTag:
        raise Undecryptable("wrong key, wrong context or changed") from None
