"""Numbers of Word's automatic lists (ECMA-376 part 1, 17.9): they are computed when shown, so they are computed here."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
MOST_STYLES = 20  # in a chain of styles, each based on the next
WORDS = "〇一二三四五六七八九"
CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCountingThousand")
)


class Lists:
    """The lists of one document, counted on from paragraph to paragraph."""

    def __init__(self, numbering, styles):
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._anew: dict[str, dict[int, int]] = {}
        self._styles = {}
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._styles = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}

    def label(self, paragraph) -> str:
        """Return the number shown before the paragraph, "" where it is in no list; what is counted moves on."""
        number, level = self._place(paragraph)
        abstract = self._abstract.get(number or "")
        levels = self._levels.get(abstract or "", {})
        if abstract is None or level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * 10)
        start = levels[level][2]
        if level in self._anew.get(number or "", {}):
            start, counts[level] = self._anew[number].pop(level), None
        counts[level] = start if counts[level] is None else counts[level] + 1
        counts[level + 1 :] = [None] * (9 - level)
        return _shown(levels, level, counts)

    def _read(self, numbering) -> None:
        for abstract in numbering.iter(f"{W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{W}lvl"):
                depth = _whole(level.get(f"{W}ilvl"))
                if 0 <= depth <= 8:
                    levels[depth] = (
                        _value(level, "numFmt"),
                        _value(level, "lvlText"),
                        _whole(_value(level, "start") or "1"),
                    )
            self._levels[abstract.get(f"{W}abstractNumId")] = levels
        for number in numbering.iter(f"{W}num"):
            key = number.get(f"{W}numId")
            self._abstract[key] = _value(number, "abstractNumId")
            self._anew[key] = {
                _whole(one.get(f"{W}ilvl")): _whole(_value(one, "startOverride"))
                for one in number.iter(f"{W}lvlOverride")
                if _value(one, "startOverride")
            }

    def _place(self, paragraph) -> tuple[str | None, int]:
        """Return list and level of the paragraph: its own, else those of its style."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None, 0
        own = _numbered(properties)
        style = self._styles.get(_value(properties, "pStyle"))
        for _ in range(MOST_STYLES):
            if own[0] is not None or style is None:
                break
            inner = style.find(f"{W}pPr")
            own = _numbered(inner) if inner is not None else own
            style = self._styles.get(_value(style, "basedOn"))
        return own


def _numbered(properties) -> tuple[str | None, int]:
    found = properties.find(f"{W}numPr")
    if found is None:
        return None, 0
    return _value(found, "numId") or None, max(0, min(8, _whole(_value(found, "ilvl") or "0")))


def _value(element, name: str) -> str:
    child = element.find(f"{W}{name}")
    return "" if child is None else child.get(VAL) or ""


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0


def _shown(levels, level: int, counts) -> str:
    text = levels[level][1]
    for depth in range(9):
        mark = f"%{depth + 1}"
        if mark in text:
            form = levels.get(depth, ("decimal", "", 1))[0]
            text = text.replace(mark, _written(counts[depth] or 1, form))
    return text if levels[level][0] != "bullet" else ""


def _written(count: int, form: str) -> str:
    if form == "none":
        return ""
    if form == "decimalEnclosedCircle" and 1 <= count <= 20:
        return chr(0x2460 + count - 1)
    return in_chinese(count) if form in CHINESE else str(count)


def in_chinese(count: int) -> str:
    """Return a whole number below 100 in Chinese, larger ones in digits."""
    if not 0 < count < 100:
        return str(count)
    tens, ones = divmod(count, 10)
    return ("" if not tens else "十" if tens == 1 else WORDS[tens] + "十") + (WORDS[ones] if ones else "")
