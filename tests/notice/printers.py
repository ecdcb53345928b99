"""One truth, many layouts: each printer sets an invented plan as some site, scanner or office would."""

import io
import random
from collections.abc import Callable, Iterator

from tests.notice.truth import PLANS, Outcome, TrueItem, Truth

WORDS = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else WORDS[tens] + "十") + (WORDS[ones] if ones else "")


def half(text: str) -> str:
    """Half-width brackets and commas, as many sites have them."""
    return text.translate(str.maketrans("（），；：", "(),;:"))


def full(text: str) -> str:
    return text.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)} | {ord("%"): "％"})


def expected(
    truth: Truth,
    name: str,
    content: bytes | str,
    run_on: bool,
    *,
    change=lambda text: text,
    filename="a.txt",
    sections=True,
    annexes=None,
) -> Outcome:
    """Return the outcome: the truth with its numbers, its titles as this layout prints them."""
    numbered = truth.numbered(run_on)
    found = [
        {
            "no": no if sections else None,
            "title": change(title),
            "items": [(count, change(item.title), item) for count, item in items],
        }
        for no, title, items in numbered
    ]
    data = content if isinstance(content, bytes) else content.encode()
    return Outcome(name, data, filename, change(truth.title), truth.year, truth.number, truth.issuer, found, annexes)


def letter(truth: Truth) -> list[str]:
    if not truth.letter_title:
        return [truth.title, truth.opening]
    return [
        truth.letter_title,
        truth.number,
        "各乡镇人民政府、街道办事处，机关各科室：",
        f"现将《{truth.title}》印发给你们，请认真贯彻落实。",
        truth.issuer,
        truth.issued_words,
        truth.title,
        truth.opening,
    ]


def tail(truth: Truth) -> list[str]:
    signed = [] if truth.letter_title else [truth.issuer, truth.issued_words]
    return [text for text in (truth.closing,) if text] + signed


def text_of(item: TrueItem, stop: str = "。") -> str:
    return f"{item.title}{stop}{item.body}{item.owner_text}"


def lines(
    truth: Truth, run_on: bool, section: Callable[[int], str], number: Callable[[int], str], stop: str = "。"
) -> list[str]:
    found = []
    for no, title, items in truth.numbered(run_on):
        found.append(f"{section(no)}{title}")
        found += [f"{number(count)}{text_of(item, stop)}" for count, item in items]
    return found


def section_mark(no: int) -> str:
    return f"{chinese(no)}、"


def item_mark(no: int) -> str:
    return f"（{chinese(no)}）"


def plain(truth: Truth) -> Outcome:
    text = "\n".join([*letter(truth), *lines(truth, True, section_mark, item_mark), *tail(truth)])
    return expected(truth, "plain", text, True)


def half_width(truth: Truth) -> Outcome:
    text = half("\n\n".join([*letter(truth), *lines(truth, True, section_mark, item_mark), *tail(truth)]))
    return expected(truth, "half_width", text, True, change=half)


def restarting(truth: Truth) -> Outcome:
    text = "\n".join(
        [*letter(truth), *lines(truth, False, section_mark, lambda no: f"{no}."), *tail(truth), "（此件公开发布）"]
    )
    return expected(truth, "restarting", text, False)


def restarting_brackets(truth: Truth) -> Outcome:
    text = "\r\n".join([*letter(truth), *lines(truth, False, section_mark, item_mark), *tail(truth)])
    return expected(truth, "restarting_brackets", text.encode("gb18030"), False)


def full_width(truth: Truth) -> Outcome:
    text = full("\n".join([*letter(truth), *lines(truth, True, section_mark, lambda no: f"{no}．"), *tail(truth)]))
    outcome = expected(truth, "full_width", text.encode("utf-16"), True, change=full)
    outcome.document_number = full(outcome.document_number)
    return outcome


def own_lines(truth: Truth) -> Outcome:
    """Headings stand on lines of their own, without a stop; owners on a line below the text."""
    found = letter(truth)
    for no, title, items in truth.numbered(False):
        found.append(f"　　{chinese(no)}、{title}")
        for count, item in items:
            found += [f"　　（{chinese(count)}）{item.title}", f"　　{item.body}"]
            if item.owner_text:
                found.append(
                    "　　" + item.owner_text.strip("（）") if "：" in item.owner_text else "　　" + item.owner_text
                )
    return expected(truth, "own_lines", "\n".join([*found, *tail(truth)]), False)


def colon(truth: Truth) -> Outcome:
    text = "\n".join([*letter(truth), *lines(truth, True, section_mark, lambda no: f"{no}、", "："), *tail(truth)])
    return expected(truth, "colon", text, True)


def lost_breaks(truth: Truth) -> Outcome:
    """Everything after the letter runs on in one paragraph."""
    body = "".join(lines(truth, True, section_mark, item_mark))
    text = "\n".join([*letter(truth)[:-1], letter(truth)[-1] + body + "".join(tail(truth))])
    return expected(truth, "lost_breaks", text, True)


def wrap(text: str, width: int, indent: str = "　　") -> Iterator[str]:
    """Break a paragraph hard; a closing mark never begins a line."""
    text = indent + text
    while len(text) > width:
        cut = width + (text[width] in "，。；：、”）》！？")
        yield text[:cut]
        text = text[cut:]
    if text:
        yield text


def wrapped(truth: Truth, width: int = 28, indent: str = "　　") -> Outcome:
    paragraphs = [*lines(truth, True, section_mark, item_mark), *tail(truth)]
    found = [*letter(truth)[:-1]]
    for paragraph in [letter(truth)[-1], *paragraphs]:
        found += wrap(paragraph, width, indent)
    return expected(truth, f"wrapped_{width}{'' if indent else '_flush'}", "\n".join(found), True)


def wrapped_flush(truth: Truth) -> Outcome:
    return wrapped(truth, 31, "")


def scanned(truth: Truth) -> Outcome:
    """A PDF's text: broken lines, stray blanks, page numbers and a running head on every page."""
    dice = random.Random(7)
    paragraphs = [letter(truth)[-1], *lines(truth, True, section_mark, item_mark), *tail(truth)]
    body = [line for paragraph in paragraphs for line in wrap(paragraph, 28)]
    found = letter(truth)[:-1]
    for at, line in enumerate(body):
        spaced = "".join(word + (" " if dice.random() < 0.06 and word not in "　 " else "") for word in line)
        found.append(spaced)
        if at % 18 == 17:
            found += ["", f"— {at // 18 + 2} —", "\f民政工作文件汇编", ""]
    return expected(truth, "scanned", "\n".join(found), True)


def site(truth: Truth) -> Outcome:
    """A saved page: menus, scripts, a box of facts, the imprint."""
    paragraphs = "".join(
        f"<p style='text-indent:2em'>{text}</p>\n"
        for text in [*letter(truth), *lines(truth, True, section_mark, item_mark), *tail(truth)]
    )
    page = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>通知 - 政府网</title><style>p{color:red}</style></head><body>"
        "<nav><ul><li>一、首页</li><li>二、政务公开</li></ul></nav><script>var a='（一）不是任务。';</script>"
        "<div class='crumb'>当前位置：首页 &gt; 政务公开 &gt; 通知</div>"
        f"<div class='tools'>字体：【大 中 小】</div><div>发布时间：{truth.issued}　浏览次数：35</div>"
        f"<div class='text'>{paragraphs}</div><div>上一篇：关于放假的通知</div><div>版权所有：政府办公室　ICP备00000000号</div>"
        "<footer>一、联系我们</footer></body></html>"
    )
    return expected(truth, "site", page, True, filename="a.html")


def in_cells_of_layout(truth: Truth) -> Outcome:
    """An old site in GB2312: everything in one cell of a layout table, lines parted by br."""
    inner = "<br>\n&nbsp;&nbsp;&nbsp;&nbsp;".join(
        [*letter(truth), *lines(truth, False, section_mark, item_mark), *tail(truth)]
    )
    page = f"<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head><body><div><font>{inner}</font></div></body></html>"
    return expected(truth, "old_site", page.encode("gb18030"), False, filename="a.htm")


def word(truth: Truth) -> Outcome:
    from docx import Document

    document = Document()
    for text in [*letter(truth), *lines(truth, True, section_mark, item_mark), *tail(truth)]:
        document.add_paragraph(text)
    return expected(truth, "word", saved(document), True, filename="a.docx")


def word_lists(truth: Truth) -> Outcome:
    """Numbers that Word makes: they are in no paragraph's text."""
    from docx import Document

    from tests.notice.office import add_numbering, number

    document = Document()
    add_numbering(document, [("chineseCounting", "%1、"), ("chineseCounting", "（%2）")])
    for text in letter(truth):
        document.add_paragraph(text)
    for _, title, items in truth.numbered(False):
        number(document.add_paragraph(title), 0)
        for _, item in items:
            number(document.add_paragraph(text_of(item)), 1)
    for text in tail(truth):
        document.add_paragraph(text)
    return expected(truth, "word_lists", saved(document), False, filename="a.docx")


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def chapters(truth: Truth) -> Outcome:
    """第一部分 above, 一、 below."""
    text = "\n".join(
        [*letter(truth), *lines(truth, False, lambda no: f"第{chinese(no)}部分　", section_mark), *tail(truth)]
    )
    return expected(truth, "chapters", text, False)


def grouped(truth: Truth) -> Outcome:
    """Tasks of the third level run on through the document: sections 一、, one heading （一） in each, tasks 1. to the end."""
    found = letter(truth)
    for no, title, items in truth.numbered(True):
        found.append(f"{chinese(no)}、{title}")
        middle = (len(items) + 1) // 2
        for part, group in enumerate((items[:middle], items[middle:]), 1):
            found.append(f"（{chinese(part)}）第{part}组工作")
            found += [f"{count}.{text_of(item)}" for count, item in group]
    return expected(truth, "grouped", "\n".join([*found, *tail(truth)]), True)


def detailed(truth: Truth) -> Outcome:
    """Below each task 1. and 2. and 一是…二是… that are no tasks."""
    found = letter(truth)
    for no, title, items in truth.numbered(False):
        found.append(f"{chinese(no)}、{title}")
        for count, item in items:
            found += [
                f"（{chinese(count)}）{text_of(item)}",
                "1.明确责任。一是落实到岗，二是落实到人，三是落实到点。",
                "2.强化督促。（1）定期提醒。（2）及时反馈。",
            ]
    return expected(truth, "detailed", "\n".join([*found, *tail(truth)]), False)


def headed(truth: Truth) -> Outcome:
    """Sections have headings without numbers, tasks run on below them."""
    found = letter(truth)
    for _, title, items in truth.numbered(True):
        found.append(title.replace("，", " "))
        found += [f"{count}.{text_of(item)}" for count, item in items]
    outcome = expected(truth, "headed", "\n".join([*found, *tail(truth)]), True, sections=False)
    for section in outcome.sections:
        section["title"] = section["title"].replace("，", " ")
    return outcome


def annexed(truth: Truth) -> Outcome:
    """The plan is the letter's annex; a glossary and a list of contacts follow it."""
    head = letter(truth)
    if not truth.letter_title:
        return plain(truth)
    text = "\n".join(
        [
            *head[:4],
            "附件：1.工作要点",
            "　　　2.联系人名单",
            *head[4:6],
            "附件1",
            *head[6:],
            *lines(truth, True, section_mark, item_mark),
            "附件2",
            "联系人名单",
            "1.张某　电话00000",
            "2.李某　电话00000",
            "名词解释",
            "1.适老化改造：是指对居住环境的改造100户以内的工程。",
            "2.时间银行：是指志愿服务的记录办法。",
        ]
    )
    return expected(truth, "annexed", text, True, annexes=2)


def contents(truth: Truth) -> Outcome:
    """A table of contents comes first."""
    entries = [f"{chinese(no)}、{title}…………{no}" for no, title, _ in truth.numbered(True)]
    head = letter(truth)
    text = "\n".join(
        [*head[:-2], "目　录", *entries, *head[-2:], *lines(truth, True, section_mark, item_mark), *tail(truth)]
    )
    return expected(truth, "contents", text, True)


def footnoted(truth: Truth) -> Outcome:
    """Notes stand at the foot of the pages."""
    found = [*letter(truth), *lines(truth, True, section_mark, item_mark), *tail(truth)]
    for at in range(len(found) - 3, 10, -5):
        found[at:at] = ["______________", "① 互助点：是指村级养老场所，全国共有30000个。", "- 3 -"]
    return expected(truth, "footnoted", "\n".join(found), True)


def table(truth: Truth) -> Outcome:
    """All tasks in one table; a row is a line, cells are parted by tabs."""
    found = [*letter(truth)[:-1], "序号\t工作类别\t工作任务\t具体内容\t责任单位\t完成时限"]
    for _, title, items in truth.numbered(True):
        for count, item in items:
            found.append(
                "\t".join(
                    [
                        str(count),
                        title,
                        item.title,
                        item.body,
                        "、".join(item.owners) or "各科室",
                        item.due or "12月底前",
                    ]
                )
            )
    return expected(truth, "table", "\n".join([*found, *tail(truth)]), True, sections=False)


LAYOUTS = [
    plain,
    half_width,
    restarting,
    restarting_brackets,
    full_width,
    own_lines,
    colon,
    lost_breaks,
    wrapped,
    wrapped_flush,
    scanned,
    site,
    in_cells_of_layout,
    word,
    word_lists,
    chapters,
    grouped,
    detailed,
    headed,
    annexed,
    contents,
    footnoted,
    table,
]


def printed() -> list[Outcome]:
    """Return every plan in every layout."""
    found = []
    for name, truth in PLANS.items():
        for layout in LAYOUTS:
            outcome = layout(truth)
            outcome.name = f"{name}-{layout.__name__}"
            found.append(outcome)
    return found
