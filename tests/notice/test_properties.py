"""What holds for every text: places are right, nothing is lost, nothing raises, and work grows with the text and not faster."""

import re
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notice.printers import printed
from workplan.notice import Notice, NoticeError, as_data, as_outline, parse_text, read_bytes, read_notice
from workplan.notice.lines import SPACES

PIECES = st.sampled_from(
    [
        "一、",
        "二、",
        "三、",
        "十一、",
        "（一）",
        "（二）",
        "(三)",
        "1.",
        "2．",
        "（1）",
        "①",
        "一是",
        "二是",
        "第一章",
        "第二部分",
        "\n",
        "\r\n",
        "\x0c",
        "\u3000\u3000",
        "。",
        "，",
        "；",
        "：",
        "”",
        "“",
        "《",
        "》",
        "（",
        "）",
        "附件",
        "附件1",
        "目录",
        "名词解释",
        "2026年",
        "6月底前",
        "年底前",
        "每季度",
        "每月",
        "1次",
        "至少",
        "2家",
        "百分之九十",
        "90%",
        "全覆盖",
        "逐一签订",
        "零事故",
        "发现一起，制止一起",
        "一户一案",
        "新建食堂",
        "完成",
        "推进",
        "率达到",
        "责任单位：养老科",
        "（牵头单位：甲科；完成时限：6月底）",
        "序号\t任务\t责任单位\t时限",
        "1\t甲\t乙\t丙",
        "关于印发《",
        "》的通知",
        "某区民政局",
        "某民发〔2026〕1号",
        "2026年1月2日",
        "—",
        "3",
        "—",
        "………",
        "12",
        "\u200b",
        "\u3000",
        "\ufeff",
        "甲街道、乙镇、丙乡",
        "覆盖",
        "统一、协调",
        "第（一）项",
        "𠮷",
        "\x00",
        "\u2028",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=60).map("".join)
DROPPED = re.compile(f"[{re.escape(SPACES)}\\s]+")


def squeezed(text: str) -> str:
    return DROPPED.sub("", text)


def is_within(part: str, whole: str) -> bool:
    """Say whether the part is the whole but for what was left out of it: a page break in the middle of a sentence."""
    rest = iter(whole)
    return all(word in rest for word in part)


def parsed(text: str) -> Notice | None:
    try:
        return parse_text(text)
    except NoticeError:
        return None


def check_places(notice: Notice) -> None:
    """Every span lies in the text; the text there is what is stated, but for blanks and broken lines."""
    source = notice.source
    for node in [*notice.sections, *notice.items]:
        for span in (node.span, node.title_span):
            assert 0 <= span.start <= span.end <= len(source)
        for target in node.targets:
            span, number = target.span, target.number_span
            assert 0 <= span.start < span.end <= len(source)
            stated = source[span.start : span.end]
            assert is_within(squeezed(target.text), stated)
            assert "\n" in stated or squeezed(stated) == squeezed(target.text)
            assert number.start < number.end <= len(source)
            assert span.start <= number.start
        for owner in node.owners:
            assert squeezed(source[owner.span.start : owner.span.end]) == squeezed(owner.name)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_read_or_refused(text):
    notice = parsed(text)
    if notice is not None:
        check_places(notice)
        as_data(notice)
        as_outline(notice)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_notice_with_anything_in_it_keeps_its_places(text):
    framed = f"某区民政局2026年工作要点\n一、救助\n（一）规范管理。{text}\n（二）加强监督。检查2次。\n二、养老\n（三）建设站点。新建3个。\n"
    notice = parsed(framed)
    if notice is not None:
        check_places(notice)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["", "a.txt", "a.html", "a.docx"]))
def test_any_bytes_are_read_or_refused(content, name):
    try:
        read_notice(content, name)
    except NoticeError as error:
        assert str(error)


def test_places_hold_in_every_layout():
    for outcome in printed():
        notice = read_notice(outcome.content, outcome.filename)
        check_places(notice)
        assert notice.source == read_bytes(outcome.content, outcome.filename)


def steps(text: str) -> int:
    """Return how many lines of the parser were run: a measure of work that a busy machine does not change."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if "/workplan/notice/" not in frame.f_code.co_filename:
            return None
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parsed(text)
    finally:
        sys.settrace(before)
    return count


HEAD = "某区民政局2026年工作要点\n"
GROWING = {
    "items": "一、板块\n（一）任务。新建2家，覆盖率达到90%，每季度召开1次会议。（责任单位：甲科、乙站；完成时限：6月底前）\n",
    "numbers": "一、",
    "brackets": "（一）",
    "opened brackets": "（牵头",
    "quantities": "新建2家、",
    "one clause": "新建2家",
    "words": "全覆盖逐一签订并落实零事故",
    "as found": "发现一起，制止一起，",
    "places": "甲街道、乙镇、",
    "deadlines": "6月底前完成",
    "quotations": "“甲",
    "short lines": "甲\n",
    "annexes": "附件1\n甲\n",
    "contents": "目录\n一、甲\n",
    "dates": "某某局\n2026年1月2日\n",
    "rows": "序号\t任务\t责任单位\n1\t甲\t乙\n",
    "running": "一是甲，二是乙。",
    "notes": "注：甲\n",
    "pages": "甲乙丙\n— 1 —\n\f抬头\n",
    "titles": "关于印发",
    "blanks": "甲 乙",
    "equal targets": "（一）任务。新建2家。\n（二）任务。新建2家。\n",
}


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_no_faster_than_the_text(name):
    piece = GROWING[name]
    times = max(40, 4000 // len(piece))
    small, large = (steps(HEAD + piece * count) for count in (times, times * 4))
    assert large < small * 5, f"four times the text took {large / small:.1f} times the lines of code"


@pytest.mark.parametrize("name", GROWING)
def test_regular_expressions_do_not_track_back(name):
    """Lines of code do not show what an expression does within itself; its time does. A square would take sixteen times as long."""
    piece = GROWING[name]
    times = 12_000 // len(piece)
    small, large = (least(HEAD + piece * count) for count in (times, times * 4))
    assert large < small * 9, f"four times the text took {large / small:.1f} times as long"


def least(text: str) -> float:
    """Return the processor time of the quickest of three readings."""
    spent = []
    for _ in range(3):
        begin = time.process_time()
        parsed(text)
        spent.append(time.process_time() - begin)
    return min(spent)
