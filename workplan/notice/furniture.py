"""What stands on a page beside the document: page numbers, running heads, menus of the site, imprints, footnotes, contents."""

import re

from .lines import Line
from .numbering import CANDIDATE

SHORT = 40
PAGE_NUMBER = re.compile(
    r"[-—–·•\s]{1,8}\d{1,4}[-—–·•\s]{1,8}$|第\s*\d{1,4}\s*页(?:\s*[，,/]?\s*共\s*\d{1,4}\s*页)?$|\d{1,4}\s*/\s*\d{1,4}$|Page\s*\d{1,4}\b.{0,12}$",
    re.I,
)
BARE_NUMBER = re.compile(r"\d{1,3}$")
MENU = re.compile(
    r"(?:(?:网站)?首页|分享(?:到)?[：:]?|(?:【)?(?:打印|关闭)(?:本页|窗口|页面)?(?:】)?|收藏(?:本页)?|下载|全屏|加大|还原|减小|[大中小默认超 ]{1,6}|】|放大|缩小|繁体版?|登录|注册|搜索|微信|微博"
    r"|语音播报|返回(?:顶部|首页|列表)?|无障碍(?:浏览)?|网站地图|联系我们|关于我们)$"
    r"|当前位置|您(?:现在)?的?(?:所在)?位置|字体[：:]|字号[：:]|【字[体号]|浏览(?:次数|量)|点击(?:数|率|次数)|阅读(?:次数|量)|访问量|(?:信息)?来源：|稿源：|作者：|编辑：|责任编辑"
    r"|上一[篇条]|下一[篇条]|相关(?:链接|报道|阅读|文章|文档|稿件|附件|解读)|扫一扫|版权所有|主办单位|承办单位|主办：|承办：|技术支持|网站标识码|.{0,40}ICP备|.{0,20}公网安备|# ?source|分享(?:到)?[：:].{0,12}$|返回顶部"
)
# Where one of these begins, nothing of the plan follows in its zone.
TAIL = re.compile(
    r"抄送|主题词|（此(?:件|文).{0,12}(?:公开|发布|删减).{0,10}）$|版权所有|网站标识码|相关(?:链接|报道|阅读|文章|文档|稿件|解读)|上一[篇条]|下一[篇条]"
    r"|.{2,24}(?:办公室|办公厅|局|委员会|政府)\s*20\d\d年\d{1,2}月\d{1,2}日\s*印发$|主办单位|主办：|责任编辑|扫一扫|.{0,40}ICP备|（?联系人：|（此件公开发布）"
)
FOOTNOTE = re.compile(
    r"(?:\[\d{1,2}\]|［\d{1,2}］|〔\d{1,2}〕|【注?\d{0,2}】|注\s*\d{0,2}\s*[：.]|注释\s*\d{0,2}\s*：|备注：|说明：|[*※＊]\s*(?=[^*（(\d一二三四五六七八九十\s])|[①-⑳¹²³⁴-⁹].{0,24}(?:是指|指的是|，指|：指|系指))"
)
RULE = re.compile(r"[_—–\-=─━]{5,}$")
EXPLAINED = re.compile(r"(?:\d{1,2}[.、．\s]|[（(]\d{1,2}[)）]|[a-z①-⑳])?.{1,30}(?:：|是|，)\s*(?:是)?(?:指|即)")
DOCUMENT = re.compile(r"(?:要点|计划|方案|文件|通知|意见|安排|清单|规划)$")
LEADER = re.compile(r".{2,60}?(?:…{2,}|\.{4,}|·{4,}|…\s*…|(?:\. ){3,})\s*（?\d{1,4}）?$")
CONTENTS = re.compile(r"目\s*录$|目\s*次$")
SENTENCE_END = "。；！？"


def is_furniture(line: Line) -> bool:
    """Say whether the line alone shows that it is no part of the document."""
    norm = line.norm
    if len(norm) > 120:
        return False
    short = len(norm) <= SHORT and norm[-1] not in "。；"
    return bool(
        PAGE_NUMBER.match(norm) or (short and MENU.match(norm.lstrip("•· "))) or LEADER.match(norm) or RULE.match(norm)
    )


def dropped(lines: list[Line]) -> set[int]:
    """Return the indexes of the lines that are furniture, contents or footnotes."""
    gone = {at for at, line in enumerate(lines) if is_furniture(line)}
    gone |= _running_heads(lines, gone)
    gone |= _contents(lines)
    gone |= _footnotes(lines, gone)
    return gone


def _running_heads(lines: list[Line], gone: set[int]) -> set[int]:
    """Lines beside page numbers or form feeds that come again and again; digits alone there are page numbers."""
    beside: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        near = line.new_page or (at + 1 < len(lines) and lines[at + 1].new_page)
        near = near or any(PAGE_NUMBER.match(lines[other].norm) for other in (at - 1, at + 1) if other in gone)
        if near and at not in gone and len(line.norm) <= SHORT:
            beside.setdefault(line.bare, []).append(at)
    heads = {text for text, places in beside.items() if len(places) > 1 and text[-1:] not in SENTENCE_END}
    found = {at for text in heads for at in beside[text]} | _interrupting(lines, gone) | _repeated(lines)
    return found | {places[0] for text, places in beside.items() if BARE_NUMBER.match(text) for at in places}


def _repeated(lines: list[Line]) -> set[int]:
    """A title that stands at the top of every page, without page numbers: all but the first."""
    places: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if 6 <= len(line.norm) <= SHORT and DOCUMENT.search(line.norm):
            places.setdefault(line.bare, []).append(at)
    return {at for found in places.values() if len(found) > 2 for at in found[1:]}


def _interrupting(lines: list[Line], gone: set[int]) -> set[int]:
    """A head that comes but once: at the top of a new page, in the middle of a sentence."""
    found = set()
    for at in range(2, len(lines) - 1):
        line, number, before = lines[at], lines[at - 1], lines[at - 2]
        at_top = line.new_page and at - 1 in gone and PAGE_NUMBER.match(number.norm) and len(line.norm) <= SHORT
        if at_top and before.norm[-1] not in "。；：！？" and line.norm[-1] not in "。；，、：":
            found.add(at)
    return found


def _contents(lines: list[Line]) -> set[int]:
    """A table of contents ends where its first entry comes a second time."""
    start = next((at for at, line in enumerate(lines) if CONTENTS.match(line.norm)), None)
    if start is None or start + 1 >= len(lines):
        return set()
    first = _entry(lines[start + 1].bare)
    for at in range(start + 1, len(lines)):
        again = at > start + 1 and len(first) > 1 and lines[at].bare.startswith(first)
        if again or not _is_entry(lines[at].norm):
            return set(range(start, at))
    return {start}


def _is_entry(norm: str) -> bool:
    return bool(LEADER.match(norm)) or (
        len(norm) <= SHORT and norm[-1] not in SENTENCE_END and CANDIDATE.match(norm) is not None
    )


def _entry(text: str) -> str:
    return re.sub(r"[.…·\d\s]{1,80}$", "", text[:80])


def _footnotes(lines: list[Line], gone: set[int]) -> set[int]:
    """Notes at the foot of a page, by their marks; below a drawn rule whatever explains a word. A note may run over some lines."""
    found, ruled = set(), False
    for at, line in enumerate(lines):
        if RULE.match(line.norm):
            ruled = True
        elif at in gone or line.new_page:
            ruled = False
        elif FOOTNOTE.match(line.norm) or (ruled and EXPLAINED.match(line.norm[:60])):
            found.add(at)
        else:
            ruled = False
    return found
