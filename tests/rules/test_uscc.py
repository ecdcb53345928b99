"""The unified social credit code: what passes, what is doubted, and that no typing slip of one character passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as reference

from workplan.rules.uscc import ALPHABET, body_check_character, check_character, doubt_of, normalise

REAL = (
    "115002320086902886",
    "11500104009286295N",
    "11500381009320262X",
    "11500107009293137E",
    "11500232MB1520593R",
    "11500111709319502T",
    "91110000101623741K",
)
IN_USE_BUT_FAILING = "91350211M0000XUF46"


def built(authority: str, division: int, body: str) -> str:
    """Return a rightly built code."""
    head = f"{authority}{division:06}{body}"
    head += body_check_character(head)
    return head + check_character(head)


codes = st.builds(
    built,
    st.sampled_from(["51", "52", "53", "11", "91", "Y1"]),
    st.integers(110000, 659999),
    st.text(ALPHABET, min_size=8, max_size=8),
)


@pytest.mark.parametrize("code", REAL)
def test_codes_in_use_pass(code):
    assert doubt_of(code) == ""


def test_a_code_in_use_that_fails_the_check_is_doubted():
    assert "校验位不符" in doubt_of(IN_USE_BUT_FAILING)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "现为 0 位"),
        ("5150015600000000", "现为 16 位"),
        ("O1500232008690288S", "不应出现 O、S"),
        ("51A001560000000000", "行政区划数字"),
    ],
)
def test_a_doubt_says_what_is_wrong(code, said):
    assert said in doubt_of(code)


@given(codes)
def test_rightly_built_codes_pass_here_and_at_the_reference(code):
    assert doubt_of(code) == ""
    assert not code[0].isdigit() or reference.is_valid(code)


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(code, place, other):
    if code[place] != other:
        assert doubt_of(code[:place] + other + code[place + 1 :])


@given(codes, st.integers(0, 16))
def test_two_characters_that_changed_places_never_pass(code, place):
    if code[place] != code[place + 1]:
        assert doubt_of(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(st.text(max_size=30))
def test_any_text_is_read_without_failing(text):
    assert isinstance(doubt_of(normalise(text)), str)


@given(codes)
def test_full_width_small_letters_and_blanks_are_one_code(code):
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    assert normalise(f" {wide[:6]} {wide[6:]}\t") == normalise(f"{code[:8]}-{code[8:]}") == code
