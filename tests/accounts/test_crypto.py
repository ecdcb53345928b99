"""Encryption at rest: what a token tells, what it does not, and what a wrong key does."""

import base64
import hashlib
import hmac
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import crypto, keys
from accounts.models import KeyCheck
from config import guard
from config.secret_files import add_data_key, make_data_key, make_key, read_or_create
from tests.ground.portal import ROOT, environment

CONTEXT = "people_person.phone:8b0e"
TEXTS = st.text(max_size=60)


@given(text=TEXTS, context=TEXTS)
def test_what_goes_in_comes_out(text, context):
    try:
        context.encode()
    except UnicodeEncodeError:
        return
    token = crypto.encrypt(text, context)
    assert crypto.decrypt(token, context) == text
    assert crypto.key_id_of(token) == crypto.current_key_id()


def test_equal_texts_give_unequal_tokens():
    assert len({crypto.encrypt("13800001234", CONTEXT) for _ in range(50)}) == 50


@pytest.mark.parametrize("other", ["people_person.phone:8b0f", "people_person.id_number:8b0e", ""])
def test_a_token_moved_to_another_row_or_field_does_not_decrypt(other):
    token = crypto.encrypt("13800001234", CONTEXT)
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt(token, other)
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt_bytes(crypto.encrypt_bytes(b"content", CONTEXT), other)


@given(place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_a_changed_token_does_not_decrypt(place, flip):
    key_id, _, body = crypto.encrypt("13800001234", CONTEXT).partition(".")
    sealed = bytearray(base64.urlsafe_b64decode(body))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt(f"{key_id}.{base64.urlsafe_b64encode(sealed).decode()}", CONTEXT)


@pytest.mark.parametrize("token", ["", "x", ".", "k1.", "k1.????", "none.AAAA", "13800001234", "k1.电话"])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt(token, CONTEXT)


@pytest.mark.parametrize("content", [b"", b"WPE1", b"WPE1\x05abcde", b"WPE1\xff", b"%PDF-1.7 plain"])
def test_what_is_no_encrypted_file_is_refused(content):
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt_bytes(content, CONTEXT)


def test_files_come_back_as_they_were():
    content = bytes(range(256)) * 100
    sealed = crypto.encrypt_bytes(content, CONTEXT)
    assert content[:64] not in sealed
    assert crypto.decrypt_bytes(sealed, CONTEXT) == content


def test_an_older_key_still_opens_and_a_removed_one_does_not(settings):
    old, new = make_data_key(), make_data_key()
    settings.DATA_KEYS = old
    token = crypto.encrypt("13800001234", CONTEXT)
    settings.DATA_KEYS = f"{new}, {old}"
    assert crypto.decrypt(token, CONTEXT) == "13800001234"
    assert crypto.key_id_of(crypto.encrypt("x", CONTEXT)) == new.partition(":")[0]
    settings.DATA_KEYS = new
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt(token, CONTEXT)


def test_a_digest_is_a_keyed_hash_that_differs_by_purpose(settings):
    key = base64.b64decode(settings.INDEX_KEY)
    wanted = hmac.new(key, b"phone\x0013800001234", hashlib.sha256).hexdigest()
    assert crypto.digest("13800001234", "phone") == wanted
    assert crypto.digest("13800001234", "id") != wanted
    settings.INDEX_KEY = make_key()
    assert crypto.digest("13800001234", "phone") != wanted


def test_neither_depends_on_the_secret_key(settings):
    token, found = crypto.encrypt("x", CONTEXT), crypto.digest("x", "id")
    settings.SECRET_KEY = "another" * 10
    assert crypto.decrypt(token, CONTEXT) == "x"
    assert crypto.digest("x", "id") == found


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "未设置数据密钥"),
        ("k1", "base64"),
        ("k1:short", "32 字节"),
        (":KEY", "格式"),
        ("k 1:KEY", "格式"),
        ("k1:KEY,k1:KEY", "不能重复"),
    ],
)
def test_malformed_keys_are_named_without_being_shown(settings, text, word):
    key = make_key()
    settings.DATA_KEYS = text.replace("KEY", key)
    (problem,) = keys.malformed()
    assert word in problem
    assert key not in problem and "short" not in problem


def test_keys_are_noted_at_the_first_start_and_wrong_ones_refused_later(db, settings, capsys):
    guard.refuse_unsafe_start()
    assert KeyCheck.objects.count() == 2
    guard.refuse_unsafe_start()
    name = crypto.current_key_id()
    settings.DATA_KEYS = f"{name}:{make_key()}"
    with pytest.raises(SystemExit):
        guard.refuse_unsafe_start()
    (line,) = capsys.readouterr().err.splitlines()
    assert f"数据密钥 {name} 与数据库不符" in line and "Refusing to start" in line


def test_a_missing_key_is_refused_until_nothing_is_under_it(db, settings):
    old = settings.DATA_KEYS
    assert keys.foreign() == []
    new = make_data_key()
    settings.DATA_KEYS = f"{new},{old}"
    assert keys.foreign() == []
    settings.DATA_KEYS = new
    assert "缺少数据密钥" in keys.foreign()[0]
    keys.forget_keys_but(new.partition(":")[0])
    assert keys.foreign() == []


def test_another_index_key_is_refused(db, settings):
    assert keys.foreign() == []
    settings.INDEX_KEY = make_key()
    assert keys.foreign() == ["索引密钥 INDEX_KEY 与数据库不符"]


def test_the_key_command_makes_what_is_missing_and_rotates(tmp_path):
    def run(*arguments):
        command = [sys.executable, "-m", "config.secret_files", *arguments]
        env = environment(WORKPLAN_VAR=tmp_path)
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout

    run()
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(made) == {"secret_key", "data_keys", "index_key"}
    run()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == made
    name = run("rotate").strip()
    keys_now = (tmp_path / "data_keys").read_text()
    assert keys_now.startswith(f"{name}:") and keys_now.endswith(made["data_keys"])
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_key_file_of_the_demo_is_a_usable_key(tmp_path):
    crypto.parse_ring(read_or_create(tmp_path / "data_keys"))
    crypto.parse_index_key(read_or_create(tmp_path / "index_key"))
    add_data_key(tmp_path / "data_keys")
    assert len(crypto.parse_ring((tmp_path / "data_keys").read_text()).ciphers) == 2
