"""Which row is the header, and which cells of a row belong to it."""

import unicodedata
from dataclasses import dataclass

from wire import Refused

WITHIN = 20  # the header stands among the first rows
ENOUGH = 2  # known names that make a row a header, where as many are known


def plain(name: str) -> str:
    """Return a column name for comparing: width, case, blanks and a mark of obligation at either end do not count."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf").strip("*")


def letters(index: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text, rest = "", index + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


@dataclass
class Layout:
    """A header: names (blank ones are no columns), the index in the rows of its last line, the sheet's column of cell 0."""

    names: list[str]
    row: int
    offset: int
    unread: frozenset[str]

    def __post_init__(self):
        self.kept = [at for at, name in enumerate(self.names) if name and plain(name) not in self.unread]
        self.nameless = [at for at, name in enumerate(self.names) if not name]

    @property
    def header(self) -> list[str]:
        return [self.names[at] for at in self.kept]

    @property
    def columns(self) -> list[int]:
        return [at + self.offset for at in self.kept]

    def picker(self):
        """Return a function (line, cells) → the cells of the named columns, one each. It raises Refused for text elsewhere."""
        kept, nameless, width = self.kept, self.nameless, len(self.names)
        plainly = kept == list(range(width))

        def pick(line: int, cells: list[str]) -> list[str]:
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            elif len(cells) > width:
                self._require_blank(line, cells, range(width, len(cells)))
                cells = cells[:width]
            if plainly:
                return cells
            self._require_blank(line, cells, nameless)
            return [cells[at] for at in kept]

        return pick

    def _require_blank(self, line: int, cells: list[str], places) -> None:
        for at in places:
            if cells[at] and not cells[at].isspace():
                where = letters(at + self.offset)
                raise Refused(f"第 {line} 行的 {where} 列有内容，但表头没有这一列的列名。")

    def twin_of(self, example: dict[str, str]) -> list[str] | None:
        """Return the cells of a row that only repeats the example."""
        return [example.get(name, "") for name in self.header] if example else None


class Layouts:
    """Finds headers by the names that are known, or takes the first row with text where none are."""

    def __init__(self, *, known: list[str], unread: list[str], columns: int):
        self._known = {plain(name): name for name in known}
        self._unread = frozenset(map(plain, unread))
        self._most = columns

    def find(self, rows: list[list[str]], offset: int = 0) -> Layout | None:
        """Return the layout, of two lines where that knows more names. Raises Refused for a header that is ambiguous."""
        best, names, last = self._least() - 1, None, 0
        heads = [row[: self._most + 1] for row in rows[:WITHIN]]  # a hostile row has millions of cells
        for at, (over, head) in enumerate(zip([[], *heads], heads, strict=False)):
            for found in (self._single(head), self._double(over, head)):
                if (score := self.score(found)) > best:
                    best, names, last = score, found, at
        if not names:
            return None
        if any(rows[last][self._most :]):
            raise Refused(f"表头超过 {self._most} 列。")
        return self._checked(names, last, offset)

    def score(self, names: list[str]) -> int:
        """Return how many known names there are; 1 for any text where none are known."""
        if not self._known:
            return int(any(names))
        return len({name for name in map(plain, names) if name in self._known})

    def _least(self) -> int:
        return min(ENOUGH, len(self._known)) or 1

    def _single(self, row: list[str]) -> list[str]:
        return [self._named(cell) for cell in row]

    def _double(self, over: list[str], row: list[str]) -> list[str]:
        """Join a header of two lines: a group's name over those of its columns, single names beside it merged downwards."""
        if not self._known:
            return []
        names, group = [], ""
        for at in range(max(len(over), len(row))):
            upper, lower = _at(over, at), _at(row, at)
            group = upper or group
            joined = self._known.get(plain(group + lower)) if lower else None
            names.append(joined or self._named(lower or upper))
        return names

    def _named(self, cell: str) -> str:
        return self._known.get(plain(cell)) or " ".join(cell.split()).strip("*＊ ")

    def _checked(self, names: list[str], row: int, offset: int) -> Layout:
        while names and not names[-1]:
            names.pop()
        places: dict[str, int] = {}
        for at, name in enumerate(names):
            if name and (first := places.setdefault(plain(name), at)) != at:
                twins = f"{letters(first + offset)} 列和 {letters(at + offset)} 列"
                raise Refused(f"表头有重复的列名：{twins}都是“{name[:50]}”。")
        return Layout(names, row, offset, self._unread)


def _at(cells: list[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""
