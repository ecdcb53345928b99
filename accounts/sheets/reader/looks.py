"""What the values of cells do not tell: that one is a formula, or that a number is shown in percent."""

import re
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

import rewrite

CELL = re.compile(rb"<c\b([^<>]*)>(?:<f\b[^<>]*?(?:/>|>([^<>]*)</f>))?")
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,9})"')
STYLE = re.compile(rb'\bs="(\d{1,6})"')
TYPE = re.compile(rb'\bt="(\w+)"')
PERCENT = {"9", "10"}  # ECMA-376 part 1, 18.8.30: 0% and 0.00%
FORMULA = 1000  # characters of one that are kept


def found(archive, name: str) -> dict[str, list]:
    """Return the sheet's formulas as (line, column counted from 0, text) and its percentages as (line, column).

    Cells without a place of their own, as rare writers leave them, are not seen.
    """
    part = rewrite.sheet_parts(archive).get(name)
    if part not in archive.parts:
        return {}
    shown, formulas, percents = _percent_styles(archive), [], []
    for match in CELL.finditer(b"".join(archive.unpack(part))):
        tag, formula = match.groups()
        place = PLACE.search(tag)
        if place is None:
            continue
        at = int(place[2]), _column(place[1])
        if b"<f" in match[0]:
            formulas.append((*at, "=" + unescape((formula or b"").decode(errors="replace"))[:FORMULA]))
        elif _is_number(tag) and (style := STYLE.search(tag)) and int(style[1]) in shown:
            percents.append(at)
    return {"formulas": formulas, "percents": percents}


def _is_number(tag: bytes) -> bool:
    kind = TYPE.search(tag)
    return not tag.endswith(b"/") and (kind is None or kind[1] == b"n")


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _percent_styles(archive) -> frozenset[int]:
    """Return the indexes of the formats of cells that end in a percent sign."""
    if "xl/styles.xml" not in archive.parts:
        return frozenset()
    styles = ElementTree.fromstring(b"".join(archive.unpack("xl/styles.xml")))  # noqa: S314  (no entities: refused before)
    own = {one.get("numFmtId") for one in styles.iterfind("{*}numFmts/{*}numFmt") if "%" in one.get("formatCode", "")}
    formats = enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(at for at, one in formats if one.get("numFmtId") in PERCENT | own)
