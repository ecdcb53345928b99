"""Facts about the document: title, year, number, issuer, dates. They stand before its first section, the date also at the end."""

import re
from dataclasses import dataclass
from datetime import date

from .dates import FULL_DATE, full_date
from .model import Confidence, Header, Stated
from .numerals import chinese_number
from .view import View, printed

LONGEST = 20_000  # characters that are looked at for a title
NOUNS = "工作要点|要点|工作计划|工作方案|实施方案|行动方案|行动计划|实施计划|实施意见|指导意见|工作意见|意见|发展规划|规划|政府工作报告|工作报告|工作安排|任务分解表|任务分工表|责任分工表|分解表|分工表|任务表|任务分解|任务清单|工作清单|责任清单|清单|目标任务|重点工作|民生实事|实事项目|实事|责任书|计划|方案|安排|通知|要求|目标|工作重点|重点|思路|举措|措施|任务"
ABOUT = re.compile(
    r"关于(?P<act>印发|下发|转发|发布|做好|公布|报送|认真做好|进一步|[^\n。]{0,4})(?P<rest>[^。\n]{2,120}?)(?:的|）)(?P<kind>通知|意见|实施意见|指导意见|决定|通告|公告|函|报告|方案|批复)(?P<behind>（[^（）\n]{1,12}）)?"
)
LEAD = re.compile(r"[\u4e00-\u9fff（）、 ]{2,60}$")
PLAIN = re.compile(rf"[^。；\n]{{2,70}}(?:{NOUNS})(?:（[^（）\n]{{1,16}}）)?$")
GLUED = re.compile(rf"[^。；：，\n]{{4,40}}?(?:{NOUNS})(?= ?(?:20\d\d年|今年|各[镇乡科街]|为[了贯全深]|根据|现将))")
PUBLISHED_PLAN = re.compile(r"《([^《》\n]{4,80})》")
NUMBER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{1,16})(?P<year>[〔\[［【（] ?(?:19|20)\d\d ?[〕\]］】）]) ?第? ?\d{1,5} ?号"
)
TITLE_END = re.compile(rf"^.*(?:{NOUNS}|通知|意见|决定|号)(?=.)")
ORGAN = re.compile(
    r"[\u4e00-\u9fff（）、 ×xX]{2,40}(?:局|政府|委员会|办公室|办公厅|厅|部|院|中心|管委会|领导小组|办事处|街道|党组|党委|工委|联席会议)(?:办公室)?$"
)
LABELS = {
    "document_number": re.compile(r"(?:发文字号|发文文号|文\s*号|文件编号)"),
    "issued": re.compile(r"(?:成文日期|发文日期|印发日期|生成日期|签发日期)"),
    "published": re.compile(r"(?:发布日期|发布时间|公开日期|日\s*期|时\s*间|更新时间|公布日期)"),
    "issuer": re.compile(r"(?:发布机构|发文机关|发文单位|发布单位|制发单位|印发机关)"),
}
LABELLED = re.compile(
    r"[•· ]{0,4}[\[【［]? ?(?P<label>[\u4e00-\u9fff ]{2,8}?) ?(?:[\]】］] ?[：:]?|[：:]|$) ?(?P<value>.{0,60})$"
)
YEAR = re.compile(r"(20\d\d|二[〇零][〇零一二三四五六七八九]{2}) ?年")
SPACE_OR_QUOTE = re.compile(r"[\s“”\"《》]+")


def read_header(view: View, plan_start: int, first_item: int) -> Header:
    """Return the facts. plan_start: where the zone of the plan begins; first_item: where its first number stands."""
    header = Header()
    paragraphs = [(start, end) for start, end in view.paragraphs() if start < min(first_item, LONGEST)]
    _labelled(view, paragraphs, header)
    notice = _notice(view, min(first_item, LONGEST))
    if notice:
        header.notice_title = _stated(view, notice.start, notice.end)
        header.issuer = _issuer_of(view, notice) or header.issuer
    header.title = _title(view, paragraphs, plan_start, notice) or header.notice_title
    header.document_number = header.document_number or _number(view, min(len(view.norm), max(first_item, 200), LONGEST))
    signed = _signature(view)
    if signed:
        organ, when = signed
        header.issued = when if header.issued is None else header.issued
        header.issuer = header.issuer or organ
    header.year = _year(header, view, first_item)
    if header.issuer is None and header.title:
        header.issuer = _organ_in(view, header.title)
    return header


def plan_title(view: View) -> str:
    """Return the title that a letter gives to what it publishes, "" where it names none."""
    notice = _notice(view, LONGEST)
    found = _named_plan(view, notice) if notice else None
    return view.norm[found[0] : found[1]] if found else ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a notice in the view: its organ from `start` to `about`, then 关于… up to `end`; rest: what it is about."""

    start: int
    about: int
    end: int
    act: str
    rest: tuple[int, int]
    kind: str


def _notice(view: View, end: int) -> Heading | None:
    """Return the heading of a notice: one line, or broken over two or three."""
    text = _unbroken(view.norm[: max(end, 0)])
    for match in ABOUT.finditer(text):
        begin = text.rfind("\n", 0, match.start()) + 1
        lead = text[begin : match.start()]
        if len(lead) > 80 or re.search(r"[，。；：《]", lead):
            continue
        organ = LEAD.search(lead)
        start = begin + organ.start() if organ else match.start()
        while text[start] == " ":
            start += 1
        return Heading(start, match.start(), match.end(), match["act"], match.span("rest"), match["kind"])
    return None


def _unbroken(text: str) -> str:
    """Return the text with the breaks inside a title as blanks: the line before has 关于 without its end, or is an organ's name."""
    lines = text[:4000].split("\n")
    for at, line in enumerate(lines[:-1]):
        bare = line.strip()
        opened = (
            "关于" in bare
            and not re.search(r"(?:通知|意见|决定|公告|通告|函|报告|方案|批复)(?:（.{1,12}）)?$|[。：]", bare)
            and len(bare) < 60
        )
        organ = bool(ORGAN.match(bare)) and lines[at + 1].strip().startswith("关于")
        if opened or organ:
            lines[at] = line + "\0"
    return "\n".join(lines).replace("\0\n", " ")


def _stated(view: View, start: int, end: int, confidence: Confidence = Confidence.HIGH) -> Stated:
    while start < end and view.norm[start] in " #*":
        start += 1
    return Stated(printed(view.text[start:end]), view.span(start, end), confidence)


def _named_plan(view: View, notice: Heading) -> tuple[int, int] | None:
    """Return where a letter names what it publishes: in 《》, or between 印发 and 的通知."""
    quoted = PUBLISHED_PLAN.search(view.norm, notice.start, notice.end)
    if quoted and notice.act in ("印发", "下发", "转发", "发布", "公布"):
        return quoted.span(1)
    if notice.act in ("印发", "下发", "转发"):
        start, end = notice.rest
        while start < end and view.norm[start] in " \n":
            start += 1
        return start, end
    return None


def _title(view: View, paragraphs, plan_start: int, notice: Heading | None) -> Stated | None:
    """Return the title of the plan: what the letter names, else the line of the plan that looks like one."""
    named = _named_plan(view, notice) if notice else None
    if named:
        return _stated(view, *(_in_full(view, paragraphs, plan_start, named) or named))
    lines = [place for place in paragraphs if place[0] >= plan_start][:12]
    found = _title_line(view, lines) or _title_line(view, paragraphs) or _glued_title(view)
    if notice and (found is None or notice.kind != "通知"):
        return None
    return found


def _in_full(view: View, paragraphs, plan_start: int, named: tuple[int, int]) -> tuple[int, int] | None:
    """Return the plan's own title line where it says more than the letter: 某局2026年工作要点 for 2026年工作要点."""
    words = view.norm[slice(*named)].strip()
    lines = [place for place in paragraphs if place[0] >= max(plan_start, named[1])][:6]
    return next(
        (place for place in lines if place[1] - place[0] <= 60 and view.norm[slice(*place)].strip().endswith(words)),
        None,
    )


def _title_line(view: View, paragraphs) -> Stated | None:
    for at, (start, end) in enumerate(paragraphs):
        text = view.norm[start:end].strip()
        if not 4 <= len(text) <= 80 or text.endswith(("。", "：", "；")) or "：" in text[:12]:
            continue
        if PLAIN.match(text) and not text.startswith(("现将", "根据", "为", "附件", "（")):
            first = _first_line(view, paragraphs, at)
            return _stated(
                view, first, end, Confidence.HIGH if YEAR.search(text) or first < start else Confidence.MEDIUM
            )
    return None


def _glued_title(view: View) -> Stated | None:
    """Return the title in a text whose line breaks are lost: what the text begins with, up to where a sentence begins."""
    found = GLUED.match(view.norm)
    return _stated(view, *found.span(), Confidence.MEDIUM) if found and YEAR.search(found[0]) else None


def _first_line(view: View, paragraphs, at: int) -> int:
    """Return where the title begins: the line before belongs to it where it is an organ's name or has the year."""
    start = paragraphs[at][0]
    if (
        at
        and ORGAN.match(view.norm[slice(*paragraphs[at - 1])].strip())
        and paragraphs[at - 1][1] - paragraphs[at - 1][0] <= 20
    ):
        return paragraphs[at - 1][0]
    if at and not YEAR.search(view.norm, start, paragraphs[at][1]):
        before = view.norm[slice(*paragraphs[at - 1])].strip()
        bare = len(before) <= 40 and not re.search(r"[。：；]|\d月|号$", before)
        if bare and (YEAR.search(before) or ORGAN.match(before)):
            return paragraphs[at - 1][0]
    return start


def _issuer_of(view: View, notice: Heading) -> Stated | None:
    """Return the organ before 关于; of several words parted by blanks or breaks the last."""
    words = view.norm[notice.start : notice.about].strip()
    if not ORGAN.match(words):
        words = re.split(r"[ \n]", words)[-1]
    words = words.removesuffix("文件")
    first = view.norm.rfind(words, notice.start, notice.about)
    return _stated(view, first, first + len(words)) if len(words) >= 3 and first >= 0 else None


def _number(view: View, end: int) -> Stated | None:
    """Return the first document number that is not cited in brackets."""
    for match in NUMBER.finditer(view.norm, 0, end):
        who = match["who"]
        begin = match.start() + len(who) - len(TITLE_END.sub("", who))
        if match.start() and view.norm[match.start() - 1] in "（《》" and begin == match.start():
            continue
        value = view.text[begin : match.end()].replace(" ", "")
        value = re.sub(r"[\[［【（(](\d{4})[\]］】）)]", r"〔\1〕", value)
        return Stated(value, view.span(begin, match.end()))
    return None


def _labelled(view: View, paragraphs, header: Header) -> None:
    """Read the box of a site: 发文字号 and its value on one line or on two."""
    for at, (start, end) in enumerate(paragraphs):
        if end - start > 80:
            continue
        found = LABELLED.match(view.norm[start:end])
        name = next((name for name, label in LABELS.items() if found and label.fullmatch(found["label"].strip())), None)
        if name is None or getattr(header, name) is not None:
            continue
        place = (start + found.start("value"), end) if found["value"].strip() else None
        if place is None and at + 1 < len(paragraphs):
            place = paragraphs[at + 1]
        if place is not None:
            _set(view, header, name, *place)


def _set(view: View, header: Header, name: str, start: int, end: int) -> None:
    while start < end and view.norm[start] in "•·  ":
        start += 1
    if name in ("issued", "published"):
        match = FULL_DATE.search(view.norm, start, end)
        day = full_date(match) if match else None
        if day:
            setattr(header, name, Stated(day.isoformat(), view.span(*match.span())))
    elif name == "document_number":
        match = NUMBER.search(view.norm, start, end)
        if match:
            setattr(header, name, _stated(view, *match.span()))
    elif end - start >= 3 and ORGAN.match(view.norm[start:end].strip()):
        setattr(header, name, _stated(view, start, end, Confidence.MEDIUM))


def _signature(view: View) -> tuple[Stated | None, Stated] | None:
    """Return organ and date of the signature: the organ's line before a line with nothing but the date, or both glued to a sentence."""
    for match in FULL_DATE.finditer(view.norm):
        day = full_date(match)
        if day is None or match["m"] is None:
            continue
        before = view.norm[max(0, match.start() - 60) : match.start()].rstrip(" \n")
        after = view.norm[match.end() : match.end() + 1]
        if after not in ("", "\n", "（", " ") and not _opens_plan(view.norm, match.end()):
            continue
        organ = re.search(r"(?:^|[\n。；：）”])([^\n。；：，）”]{3,40})$", before)
        if organ is None or not ORGAN.match(organ[1].strip()):
            continue
        begin = match.start() - (len(view.norm[max(0, match.start() - 60) : match.start()]) - organ.start(1))
        stated = _stated(view, begin, begin + len(organ[1]))
        return stated, Stated(day.isoformat(), view.span(*match.span()))
    return None


def _opens_plan(norm: str, at: int) -> bool:
    """In a text without line breaks the plan's title follows the date at once."""
    return bool(re.match(rf"[^。；\n]{{4,50}}(?:{NOUNS})", norm[at : at + 70]))


def _organ_in(view: View, title: Stated) -> Stated | None:
    found = re.match(r"(?:20\d\d年)?([\u4e00-\u9fff]{2,24}?(?:局|人民政府|委员会|办公室|街道办事处))", title.value)
    if found is None:
        return None
    return Stated(found[1], title.span, Confidence.LOW)


def _year(header: Header, view: View, first_item: int) -> int | None:
    texts = [stated.value for stated in (header.title, header.notice_title) if stated]
    for text in texts:
        if found := YEAR.search(text):
            return _whole(found[1])
    if header.document_number and (found := re.search(r"(20\d\d)", header.document_number.value)):
        return int(found[1])
    if header.issued:
        return date.fromisoformat(header.issued.value).year
    found = YEAR.search(view.norm, 0, min(first_item, LONGEST))
    return _whole(found[1]) if found else None


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else chinese_number(text)
