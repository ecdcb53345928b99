"""Names and numbers: read in every form that people and spreadsheets give them, and refused with a sentence that helps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules.kinds import IdKind, Sex
from people.rules.masks import mask_name, mask_number, mask_phone
from people.rules.names import initials_of, normalise_name
from people.rules.numbers import RUINED, read_id_number
from people.rules.persons import PersonInput, PersonInvalid, check_person
from people.rules.phones import read_phone
from people.rules.typing import Unusable

TODAY = date(2024, 10, 15)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
GOOD = "11010519491231002X"


def with_check_digit(seventeen: str) -> str:
    """The standard's own arithmetic, apart from the code under test."""
    return seventeen + "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, WEIGHTS, strict=True)) % 11]


@st.composite
def resident_numbers(draw):
    place = draw(st.integers(110000, 999999))
    born = draw(st.dates(date(1880, 1, 1), TODAY))
    return with_check_digit(f"{place}{born:%Y%m%d}{draw(st.integers(0, 999)):03}")


def read(typed, kind=IdKind.RESIDENT, **options):
    return read_id_number(kind, typed, TODAY, **options)


def refusal_of(typed, kind=IdKind.RESIDENT, **options) -> str:
    with pytest.raises(Unusable) as wrong:
        read(typed, kind, **options)
    return str(wrong.value)


@given(number=resident_numbers())
def test_every_rightly_built_number_is_read_and_tells_birth_and_sex(number):
    found = read(number)
    assert found.text == number
    assert found.birth_date == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert found.sex == (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


@given(number=resident_numbers(), place=st.integers(0, 16), digit=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, digit):
    wrong = number[:place] + str((int(number[place]) + digit) % 10) + number[place + 1 :]
    refusal_of(wrong)


@given(number=resident_numbers(), place=st.integers(0, 16))
def test_two_swapped_digits_are_always_noticed(number, place):
    if number[place] == number[place + 1] or "X" in number[place : place + 2]:
        return
    refusal_of(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@given(number=resident_numbers(), blank=st.sampled_from(["", " ", "\u3000", "\u00a0", "\ufeff", "\t", "\u200b"]))
def test_full_width_small_x_blanks_and_apostrophes_are_the_same_number(number, blank):
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    for typed in (number.lower(), wide, wide.lower(), f"'{number}", f"{blank}{number[:6]}{blank}{number[6:]}{blank}"):
        assert read(typed).text == number


def test_vectors_of_the_standard():
    assert read(GOOD).sex == Sex.FEMALE
    assert read("440524188001010014").birth_date == date(1880, 1, 1)


def test_the_place_is_never_checked():
    assert read(with_check_digit("99999919900101123"))


def test_fifteen_digits_become_eighteen():
    number = read("110105491231002")
    assert number.text == GOOD
    assert "15 位" in refusal_of("11010549123100X")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "请填写"),
        ("1101051949123100", "16 位"),
        ("11010519491231002XX", "只能包含数字"),
        ("110105194912310021", "校验位"),
        ("11010519491331002X", "不是有效日期"),
        ("11010519490229002X", "不是有效日期"),
        (with_check_digit("11010520241016002"), "晚于今天"),
        (with_check_digit("11010517991231002"), "过早"),
        ("号码不详", "只能包含数字"),
        ("²10105194912310021", "只能包含数字"),
    ],
)
def test_each_mistake_has_its_sentence_without_the_number(typed, word):
    said = refusal_of(typed)
    assert word in said
    assert not typed or typed not in said


@pytest.mark.parametrize("typed", ["5.0015619900101E+17", "5.00156E+17", "5e17", "1.10105194912310E+17"])
def test_a_number_in_scientific_form_is_recognised(typed):
    assert refusal_of(typed) == RUINED


def test_a_number_whose_last_digits_a_spreadsheet_has_lost_is_recognised():
    ruined = [f"11010519491231{n}000" for n in range(10)]
    honest = [number for number in ruined if with_check_digit(number[:17]) == number]
    for number in ruined:
        assert refusal_of(number, was_number=True) == RUINED
        if number in honest:
            assert read(number).text == number, "as text it may be somebody's number"
        else:
            assert refusal_of(number) == RUINED


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (IdKind.BIRTH_CERTIFICATE, "t500123456", "5001234567"),
        (IdKind.PASSPORT, "ｅ12345678", "E-1"),
        (IdKind.RESIDENCE_PERMIT, with_check_digit("81000019900101123"), GOOD),
        (IdKind.OTHER, "军字第1234", ""),
    ],
)
def test_other_documents_have_their_own_form(kind, good, bad):
    refusal_of(bad, kind)
    if kind != IdKind.OTHER:
        assert read(good, kind).text.isascii()


def test_without_a_document_there_is_no_number():
    assert read("", IdKind.NONE).text == ""
    assert "无证件" in refusal_of(GOOD, IdKind.NONE)


@given(typed=st.text(max_size=40), kind=st.sampled_from(list(IdKind)), was_number=st.booleans())
def test_nothing_typed_breaks_the_reader(typed, kind, was_number):
    try:
        found = read_id_number(kind, typed, TODAY, was_number=was_number)
    except Unusable:
        return
    assert found.text == "" or found.text.isascii()
    assert read_id_number(kind, found.text, TODAY).text == found.text, "the one form reads as itself"


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("13800001234", "13800001234"),
        ("１３８ ００００ １２３４", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("13800001234.0", "13800001234"),
        ("（023）77722000", "02377722000"),
        ("023-77722000", "02377722000"),
        ("", ""),
    ],
)
def test_telephone_numbers_have_one_form(typed, digits):
    assert read_phone(typed) == digits


@pytest.mark.parametrize(
    "typed", ["1380000123", "12800001234", "77721000", "不详", "1.38E+10", "138000012345", "+1 555"]
)
def test_what_is_no_telephone_number_is_refused(typed):
    with pytest.raises(Unusable) as wrong:
        read_phone(typed)
    assert typed not in str(wrong.value)


@given(typed=st.text(max_size=30))
def test_nothing_typed_breaks_the_telephone_reader(typed):
    try:
        digits = read_phone(typed)
    except Unusable:
        return
    assert read_phone(digits) == digits


@given(number=resident_numbers())
def test_a_masked_number_shows_seven_characters_and_no_birth_date(number):
    masked = mask_number(number)
    assert (masked[:3], masked[-4:], len(masked)) == (number[:3], number[-4:], 18)
    assert set(masked[3:-4]) == {"*"}


@given(text=st.text(alphabet="0123456789ABC", min_size=1, max_size=30))
def test_a_mask_never_shows_everything(text):
    for mask in (mask_number, mask_phone):
        masked = mask(text)
        assert len(masked) == len(text) and "*" in masked
    assert mask_number(text).count("*") >= min(len(text), 4)


def test_masks():
    assert mask_phone("13800001234") == "138******34"
    assert mask_number("E12345678") == "E******78"
    assert [mask_name(name) for name in ("张三", "欧阳娜娜", "𠮷", "")] == ["张*", "欧**", "𠮷*", ""]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 张 三 ", "张三"),
        ("张\u3000三", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提 ‧ 吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提。吐尔逊", "买买提·吐尔逊"),
        ("𠮷田", "𠮷田"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("李〇", "李〇"),
        ("O'Brien", "O'Brien"),
    ],
)
def test_names_have_one_form(typed, name):
    assert normalise_name(typed) == name
    assert normalise_name(name) == name


@pytest.mark.parametrize("typed", ["", "  ", "·", "张三1", "张三（大）", "张\u202e三", "张\ue000", "张" * 61, "<b>"])
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(Unusable):
        normalise_name(typed)


@given(typed=st.text(max_size=70))
def test_nothing_typed_breaks_the_name_reader(typed):
    try:
        name = normalise_name(typed)
    except Unusable:
        return
    assert normalise_name(name) == name
    assert initials_of(name).isascii()


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("张三丰", "zsf"),
        ("单雄信", "sxx"),
        ("尉迟恭", "ycg"),
        ("买买提·吐尔逊", "mmttex"),
        ("𠮷田", "jt"),
        ("Ann", "ann"),
    ],
)
def test_initials(name, initials):
    assert initials_of(name) == initials


def errors_of(**typed) -> dict[str, str]:
    with pytest.raises(PersonInvalid) as wrong:
        check_person(PersonInput(**({"name": "张三", "id_number": GOOD} | typed)), TODAY)
    return wrong.value.errors


def test_a_person_is_checked_as_a_whole():
    person = check_person(PersonInput("张 三", id_number=GOOD.lower(), phone="138 0000 1234"), TODAY)
    assert (person.name, person.initials, person.id_number, person.phone) == ("张三", "zs", GOOD, "13800001234")
    assert (person.sex, person.birth_date) == (Sex.FEMALE, date(1949, 12, 31))
    assert set(errors_of(name="", id_number="1", phone="2", sex="x")) == {"name", "id_number", "phone", "sex"}


def test_sex_and_birth_date_must_agree_with_the_number():
    assert "不符" in errors_of(sex=Sex.MALE)["sex"]
    assert "不符" in errors_of(birth_date=date(1949, 12, 30))["birth_date"]
    born = date(2020, 5, 1)
    child = check_person(PersonInput("小宝", IdKind.NONE, sex=Sex.MALE, birth_date=born), TODAY)
    assert (child.sex, child.birth_date, child.id_number) == (Sex.MALE, born, "")
    future = errors_of(id_kind=IdKind.NONE, id_number="", birth_date=date(2024, 10, 16))
    assert set(future) == {"birth_date"}
    assert set(errors_of(id_kind="club_card")) == {"id_kind"}
