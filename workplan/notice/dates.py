"""Deadlines in words: 年底, 6月底前, 上半年, 第三季度, 11月30日前, 2026年, 到2027年."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from .numerals import CHINESE, chinese_number

N = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})"
YEAR = r"(?:(?P<year>20\d\d|二[〇零][〇零一二三四五六七八九]{2})年?|(?P<named>今年|本年度?|当年|年内|年度内|全年|明年))"
END = "(?:之?前|以前|前后|为止|止)"
DEADLINE = re.compile(
    rf"(?:到|至|截至|截止到?|于|在|力争|争取|确保|计划)?(?:{YEAR}[ ，]?)?"
    rf"(?:(?P<month>{N})月(?:(?P<day>{N})日|份?(?P<ten>上旬|中旬|下旬|底|末|份)?)(?:{END}|内|，)?"
    rf"|(?P<half>上半年|下半年|一季度|二季度|三季度|四季度|第[一二三四1234]季度|[1234]季度)(?:末|底|内)?{END}?"
    rf"|(?P<last>年?底|年末|年终)(?:{END})?)"
    rf"|(?:到|至)(?P<only>20\d\d)年(?:底|末)?{END}?|(?P<whole>20\d\d)年(?:底|末)?(?:{END}|内|，|(?=[^度以来初]))"
    r"|(?P<inside>年内|年度内|今年内|全年|本年度内|今年)"
)
# Without one of these in it a month is a time, not a deadline: 9月组织宣传.
LIMITING = re.compile(rf"{END}$|前|底|末|到|至|年内|上半年|下半年|季度")
PAST = re.compile(r"以来|以后|之后|起$|初")
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day that is meant, and where it stands. certain: False where a year alone was taken for its end."""

    day: date
    start: int
    end: int
    text: str
    certain: bool


def deadline(text: str, start: int, end: int, year: int | None, bare: bool = False) -> Deadline | None:
    """Return the first deadline in the stretch. year: of the plan. bare: a time alone (10月) is one, as it is behind a label."""
    for match in DEADLINE.finditer(text, start, end):
        found = _deadline(match, year, bare)
        if found is not None:
            return found
    stated = FULL_DATE.search(text, start, end) if bare else None
    day = full_date(stated) if stated else None
    return Deadline(day, *stated.span(), stated[0], True) if stated and day else None


def _deadline(match: re.Match, year: int | None, bare: bool) -> Deadline | None:
    words = match[0].rstrip("，")
    if not words or PAST.match(match.string, match.end()):
        return None
    of = _year(match, year)
    if of is None or not FIRST_YEAR <= of <= LAST_YEAR:
        return None
    if match["month"] and not bare and not LIMITING.search(words):
        return None
    day = _day(match, of)
    certain = not (match["whole"] and not LIMITING.search(words))
    return None if day is None else Deadline(day, match.start(), match.start() + len(words), words, certain)


def _year(match: re.Match, year: int | None) -> int | None:
    stated = match["year"] or match["only"] or match["whole"]
    if stated:
        return int(stated) if stated.isdecimal() else chinese_number(stated)
    return year + 1 if year and match["named"] == "明年" else year


def _day(match: re.Match, year: int) -> date | None:
    if match["month"]:
        month = _number(match["month"])
        if not month or not 1 <= month <= 12:
            return None
        last = calendar.monthrange(year, month)[1]
        day = _number(match["day"]) if match["day"] else {"上旬": 10, "中旬": 20}.get(match["ten"] or "", last)
        return date(year, month, day) if day and 1 <= day <= last else None
    if match["half"]:
        months = {"上半年": 6, "下半年": 12}
        month = months.get(match["half"]) or 3 * QUARTERS[match["half"].replace("第", "")[0]]
        return date(year, month, calendar.monthrange(year, month)[1])
    return date(year, 12, 31)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else chinese_number(text)


FULL_DATE = re.compile(
    rf"(?P<y>20\d\d|二[〇零][〇零一二三四五六七八九]{{2}})(?: ?年 ?(?P<m>{N}) ?月 ?(?P<d>{N}) ?日|[-/.](?P<m2>\d{{1,2}})[-/.](?P<d2>\d{{1,2}})(?!\d))"
)


def full_date(match: re.Match) -> date | None:
    """Return the day of a match of FULL_DATE."""
    year = int(match["y"]) if match["y"].isdecimal() else chinese_number(match["y"])
    month, day = _number(match["m"] or match["m2"]), _number(match["d"] or match["d2"])
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
