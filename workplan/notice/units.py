"""Places that a passage names one by one: 仙女山街道、白马镇和黄莺乡."""

import re
from bisect import bisect_left

KINDS = "街道|镇|乡|社区|村|片区"
# A name ends in a word for its kind; what stands before the first name of a list is cut off at a word that cannot belong to it.
LIST = re.compile(rf"[\u4e00-\u9fff]{{1,9}}(?:{KINDS})(?:[、和及与][\u4e00-\u9fff]{{1,7}}(?:{KINDS})){{0,60}}")
PARTED = re.compile(r"、|(?<=[道镇乡区村])[和及与]")
LEADING = re.compile(
    r".*(?:在|覆盖|于|对|由|从|向|为|是|和|与|及|到|把|将|括|织|推动|支持|指导|选择|选取|选定|确定|依托|完成|建成|启动|推进|打造)"
)
GENERAL = re.compile(
    r"(?:.*(?:孵化|逐|公墓|各|全|每|行政|自然|脱贫|农|帮扶|空心|边境|抵边|千|辖区|邻|山区|几|城市|农村|城乡|所有|一个|个|的|乡镇|以上|有关|相关|其他|部分|试点|示范|重点|美丽|和美|中心|省|老旧|智慧|条|类|型|本|驻|进|住|下|基层|涉农|民族|边远|偏远|互助|康复|养老|服务|文明|易地|安置|未来|完整|社会|和|入|务)|(?:街|乡|镇|村)?)(?:街道|乡镇|镇|乡|社区|村|片区)$"
)


def named_units(norm: str, start: int, end: int) -> tuple[tuple[str, ...], int, int]:
    """Return the units that are named in the stretch, and where their list stands; () where there are none."""
    for match in LIST.finditer(norm, start, end):
        parts = PARTED.split(match[0])
        lead = LEADING.match(parts[0])
        first = parts[0][lead.end() :] if lead else parts[0]
        names = [name for name in [first, *parts[1:]] if name and not GENERAL.match(name) and 2 <= len(name) <= 9]
        if names and len(names) == len(parts) and (lead or len(names) > 1):
            offset = match.start() + (lead.end() if lead else 0)
            return tuple(names), offset, match.end()
    return (), 0, 0


class Places:
    """The lists of places in a sentence, found once."""

    def __init__(self, norm: str, start: int, end: int):
        self._found, at = [], start
        while at < end:
            names, first, last = named_units(norm, at, end)
            if not names:
                break
            self._found.append((first, last, names))
            at = last

    def within(self, start: int, end: int) -> tuple[tuple[str, ...], int, int]:
        """Return the first list that begins in the stretch."""
        at = bisect_left(self._found, (start,))
        if at < len(self._found) and self._found[at][0] < end:
            first, last, names = self._found[at]
            return names, first, last
        return (), 0, 0
