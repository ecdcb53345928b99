"""Public notices: allowed columns only, and nothing in them that must not be public."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.sheets import write_xlsx
from people.models import Person
from workplan.registers.notices import _closed_up, found_in, notice_columns
from workplan.registers.registry import registers

pytestmark = pytest.mark.django_db
NOTICE = reverse("workplan:register_notice", args=["eldercare", "homeadaptation"])


def test_a_notice_shows_the_allowed_columns_and_no_number(homes, cast, as_user):
    response = as_user(cast.staff).get(NOTICE)
    content = b"".join(response.streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(book.sheet_names) == 1
    header = next(row for row in rows if "姓名" in row)
    assert header == ["所属单位", "姓名", "困难类别", "验收日期", "改造金额（元）"]
    assert len(rows) - rows.index(header) - 1 == 7
    assert "999999" not in str(rows)


def test_a_phone_in_a_name_keeps_the_notice_in(homes, cast, as_user):
    person = homes[0].person
    Person.objects.filter(pk=person.pk).update(name="测演 138 0013 8000")
    response = as_user(cast.staff).get(NOTICE, follow=True)
    assert "含有电话号码，不能公示" in response.content.decode()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("500156195001011234", "证件号码"),
        ("５００１５６１９５００１０１１２３Ｘ", "证件号码"),
        ("电话13800138000", "电话号码"),
        ("139-1234-5678", "电话号码"),
        ("6222 0200 1111 2222 333", "银行账号"),
    ],
)
def test_numbers_are_found_however_they_are_written(text, word):
    assert word in found_in(write_xlsx(["姓名", "说明"], [["甲", text]]), "名单", ["姓名", "说明"])


def test_plain_words_and_small_numbers_pass():
    assert (
        found_in(write_xlsx(["姓名", "金额"], [["甲", "2980.50"], ["乙", "2024-10-15"]]), "名单", ["姓名", "金额"])
        == []
    )
    assert _closed_up("2024-10-15") == "20241015"


def test_others_get_no_notice(homes, cast, as_user):
    statuses = {name: as_user(user).get(NOTICE).status_code for name, user in cast.everybody().items()}
    assert {name for name, status in statuses.items() if status == 200} == {
        "leader",
        "head",
        "staff",
        "liaison",
        "other_liaison",
        "outsider",
    }


def test_no_secret_column_is_ever_allowed():
    secret = ("_id_number", "_phone", "_birth_date", "note", "address")
    for model in registers():
        for column in notice_columns(model):
            assert not column.name.endswith(secret), (model, column.name)
