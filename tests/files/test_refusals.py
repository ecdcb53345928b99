"""Files that are not taken, each with a sentence that says why and what to do."""

import io
import struct
import zipfile

import pytest

from accounts.sheets import Limits, UnreadableFile, read_table

from .build import MAIN, PERSON, SHEET1, one, packed, parts, read, with_part, with_rows

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
LOCKED = OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100
GOOD = one([PERSON, ["张三", "1", "2", "3"]])
CONTENT_TYPES = "[Content_Types].xml"


def sentence(content: bytes, name: str = "表.xlsx", **limits) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, name=name, limits=Limits(**limits))
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("表.xlsx", b"", "文件是空的"),
        ("表.csv", b"", "文件是空的"),
        ("表.xls", OLE, "旧版 .xls 文件。请用 Excel 或 WPS 打开后另存为 .xlsx"),
        ("表.xls", GOOD, "另存为 .xlsx"),
        ("表.xlsx", OLE, "内容却是旧版 .xls"),
        ("表.et", OLE, "另存为 .xlsx"),
        ("表.ods", GOOD, "另存为 .xlsx"),
        ("表.xlsb", GOOD, "另存为 .xlsx"),
        ("表.xlsm", GOOD, "含有宏"),
        ("表.xlsx", LOCKED, "密码保护"),
        ("表.xls", LOCKED, "密码保护"),
        ("表.docx", GOOD, "只能导入 .xlsx 或 .csv"),
        ("xlsx", GOOD, "只能导入"),
        ("表.xlsx.exe", GOOD, "只能导入"),
        ("表.xlsx", "姓名,证件号码\n".encode(), "内容却不是 Excel 工作簿"),
        ("表.csv", GOOD, "请把扩展名改为 .xlsx"),
        ("表.csv", b"%PDF-1.7 ...", "内容却不是文本"),
        ("表.csv", "姓名\0,证件号码\n".encode(), "不是文本"),
        ("表.csv", "姓名\0,证件号码\n".encode("utf-16"), "不是文本"),
        ("表.csv", b"\x81\xff\xff\x81\x20", "编码"),
        ("表.csv", "姓名".encode("utf-16-le"), "编码|没有找到表头"),
        ("表.csv", "<html><table><tr><td>姓名".encode(), "网页"),
        ("表.csv", "<?xml version='1.0'?><Workbook>姓名".encode(), "网页或 XML"),
        ("表.csv", b"\n \n,,\n", "没有数据|没有找到表头"),
        ("表.csv", '姓名,证件号码\n张三,1\n李四,"2\n王五,3\n'.encode(), "第 3 行附近的引号不成对"),
        ("表.csv", '姓名,证件号码\n张三,"1"x\n'.encode(), "第 2 行附近的引号"),
    ],
)
def test_name_and_content_must_agree(name, content, said):
    text = sentence(content, name)
    assert any(option in text for option in said.split("|")), text
    assert text.endswith("。")


def macros() -> dict[str, bytes]:
    types = parts(GOOD)[CONTENT_TYPES]
    return {
        "by part": with_part("xl/vbaProject.bin", b"x"),
        "by odd case": with_part("xl/VBAPROJECT.bin", b"x"),
        "by type": with_part(CONTENT_TYPES, types.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")),
        "sheet of macros": with_part("xl/macrosheets/sheet1.xml", b"<x/>"),
    }


@pytest.mark.parametrize("case", macros())
def test_macros_are_refused_whatever_the_name(case):
    assert "含有宏" in sentence(macros()[case])


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "xl/../../x", "xl\\..\\x", "C:/x"])
def test_paths_that_leave_the_archive_are_refused(name):
    assert "不安全的路径" in sentence(with_part(name, b"x"))


@pytest.mark.parametrize(
    "start",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b" " * 300_000 + b"<!DOCTYPE x>",
        b"<!--" + b"-" * (2**18 - 10) + b"--><!DOCTYPE x>",
    ],
    ids=["entity", "external", "late", "across steps"],
)
@pytest.mark.parametrize("part", [SHEET1, "xl/sharedStrings.xml", "xl/workbook.xml", "docProps/core.xml"])
def test_entities_and_document_types_are_refused(start, part):
    head, mark, body = parts(GOOD)[part].partition(b"?>")
    assert "XML 实体" in sentence(with_part(part, head + mark + start + body))


def test_entities_are_not_hidden_in_utf_16():
    text = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><worksheet xmlns="{MAIN}"/>'
    for encoded in (text.encode("utf-16"), text.encode("utf-16-le"), text.encode("utf-16-be")):
        assert "无法读取" in sentence(with_part(SHEET1, encoded))


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n" + GOOD, GOOD + b"<script>", GOOD + b"\0" * 70_000], ids=["before", "after", "far"]
)
def test_two_files_in_one_are_refused(content):
    assert any(word in sentence(content) for word in ("不是 Excel 工作簿", "附有别的内容"))


def test_an_archive_glued_before_another_is_refused():
    """A reader that starts at the front would see the first, one that starts at the end the second."""
    assert "附有别的内容" in sentence(one([["别的"]]) + GOOD)


def test_a_comment_in_which_another_file_could_hide_is_refused():
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = b"<script>"
    assert "附有别的内容" in sentence(stream.getvalue())


def test_twin_parts_are_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = packed([*parts(GOOD).items(), (SHEET1, b"<x/>")])
    assert "无法读取" in sentence(content)


def test_other_archives_are_refused():
    assert "不是 Excel 工作簿" in sentence(packed({"word/document.xml": b"<x/>", CONTENT_TYPES: b"<x/>"}))
    assert "无法读取" in sentence(b"PK\x03\x04" + b"\0" * 100)
    assert "无法读取" in sentence(GOOD[:-100])


def test_a_broken_sheet_is_refused():
    assert "无法读取" in sentence(with_part(SHEET1, b"<worksheet><sheetData><row><c r="))
    assert "无法读取" in sentence(with_part("xl/workbook.xml", b"no xml"))
    content = bytearray(GOOD)
    at = GOOD.index(SHEET1.encode()) + len(SHEET1) + 5
    content[at : at + 20] = b"\xff" * 20
    assert "无法读取" in sentence(bytes(content))


def test_encrypted_members_are_refused():
    content = bytearray(GOOD)
    at = content.index(b"PK\1\2")
    content[at + 8] |= 1
    assert "密码保护" in sentence(bytes(content))


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at():
    assert "超过 20 MB" in sentence(b"x" * (20 * 2**20 + 1))


def bomb(size: int = 40 * 2**20) -> bytes:
    return with_rows(b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"A" * size + b"</t></is></c></row>")


def test_a_bomb_is_seen_by_what_it_declares():
    assert "压缩炸弹" in sentence(bomb())
    assert "压缩炸弹" in sentence(with_part("xl/media/a.bin", b"\0" * (3 * 2**20)))
    assert "压缩炸弹" in sentence(GOOD, part_bytes=500)
    assert "压缩炸弹" in sentence(GOOD, unpacked_bytes=2000)


@pytest.mark.parametrize("declared", [10, 100_000])
def test_a_bomb_is_seen_by_what_it_unpacks_to(declared):
    content = bytearray(bomb())
    for mark, place in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            if content[at + place + 22 - (0 if mark == b"PK\1\2" else 14) :][: len(SHEET1)] == SHEET1.encode():
                content[at + place : at + place + 4] = struct.pack("<I", declared)
    assert zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET1).file_size == declared
    assert "压缩炸弹" in sentence(bytes(content))


def test_parts_that_share_bytes_are_refused():
    content = bytearray(GOOD)
    directory = [at for at in range(len(content)) if content[at : at + 4] == b"PK\1\2"]
    first, second = directory[0], directory[1]
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    assert any(word in sentence(bytes(content)) for word in ("压缩炸弹", "无法读取"))


def test_a_huge_directory_is_refused():
    content = packed({f"xl/{'x' * 60}{number}.bin": b"" for number in range(9000)} | parts(GOOD))
    assert "压缩炸弹" in sentence(content)


def test_a_million_columns_are_refused():
    assert "表头超过 200 列" in sentence(("姓名,证件号码," + "x," * 10**6).encode(), "表.csv")
    assert "有内容" in sentence("姓名,证件号码\n1,2".encode() + b"," * 10**6 + b"x\n", "表.csv")
    cells = "".join(f'<c r="{column}1" t="inlineStr"><is><t>x{column}</t></is></c>' for column in ("A", "B", "XFD"))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    with pytest.raises(UnreadableFile, match="表头超过 200 列"):
        read_table(with_part(SHEET1, sheet.encode()), name="表.xlsx")


def test_a_cell_longer_than_excel_allows_is_refused():
    text = "文" * 33_000
    assert "第 2 行有单元格超过 32767 个字符" in sentence(f"姓名,金额\n{text},1\n".encode(), "表.csv")
