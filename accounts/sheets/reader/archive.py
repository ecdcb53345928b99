"""The archive that a workbook is: looked at part by part before a parser sees it."""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from wire import Refused

END = struct.Struct("<4s4H2LH")  # APPNOTE.TXT 4.3.16: signature, disks and counts, size, offset, comment
LARGE_END = 56 + 20  # 4.3.14 and 4.3.15: the records that a Zip64 archive has before its end
LOCAL = 30  # 4.3.7: fixed part of the header before each member
DIRECTORY_BYTES = 2**20  # honest workbooks need a few kilobytes
STEP = 2**18
KEPT = 32  # bytes of the last step that are looked at again with the next
BROKEN = "无法读取这个表格，文件可能已损坏。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
BOMB = "文件解压后过大，可能是压缩炸弹，不能导入。"
GLUED = "文件前后附有别的内容，不能导入。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
MACROS = "文件含有宏，不能导入。请用 Excel 或 WPS 打开后另存为不含宏的 .xlsx 再上传。"
ENTITIES = "文件含有 XML 实体或文档类型声明，不能导入。"
OTHER = "文件不是 Excel 工作簿（.xlsx）。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
ROW_START = re.compile(rb'<row\b[^<>]*? r="(\d{1,9})"')


@dataclass
class Part:
    """What was seen of one part while it was unpacked."""

    unpacked: int = 0
    rows: int = 0
    last_row: int = 0
    has_errors: bool = False
    tail: bytes = field(default=b"", repr=False)


class Archive:
    """The parts of a workbook, all of them unpacked once and found harmless. Raises Refused."""

    def __init__(self, content: bytes, limits: dict):
        self.content, self.limits = content, limits
        _require_whole(content)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as broken:
            raise Refused(BROKEN) from broken
        self.members = self.zip.infolist()
        self._check_names()
        self._check_sizes()
        self._check_places()
        self.parts = {member.filename: self._walk(member) for member in self.members if _is_xml(member.filename)}

    def unpack(self, name: str):
        """Yield a part in steps."""
        return self._inflate(self.zip.getinfo(name))

    def _check_names(self) -> None:
        names = [member.filename for member in self.members]
        if len({name.casefold() for name in names}) < len(names):
            raise Refused(BROKEN)
        if any(_escapes(name) for name in names):
            raise Refused("文件内部含有不安全的路径，不能导入。")
        if any("vbaproject" in name.lower() or name.startswith("xl/macrosheets/") for name in names):
            raise Refused(MACROS)
        if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
            raise Refused(OTHER)

    def _check_sizes(self) -> None:
        if any(member.flag_bits & 1 for member in self.members):
            raise Refused("文件有密码保护，无法读取。请取消密码后再上传。")
        if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in self.members):
            raise Refused(BROKEN)
        sizes = [member.file_size for member in self.members]
        if sum(sizes) > self.limits["unpacked_bytes"] or max(sizes) > self.limits["part_bytes"]:
            raise Refused(BOMB)
        if any(self._swells(member, member.file_size) for member in self.members):
            raise Refused(BOMB)

    def _swells(self, member: zipfile.ZipInfo, size: int) -> bool:
        return size > 2**20 and size > self.limits["ratio"] * max(member.compress_size, 1)

    def _check_places(self) -> None:
        """Refuse members that share bytes: a few kilobytes, packed once, could stand for thousands of parts."""
        end = 0
        for member in sorted(self.members, key=lambda member: member.header_offset):
            if member.header_offset < end:
                raise Refused(BOMB)
            end = member.header_offset + LOCAL + len(member.filename) + member.compress_size
        if end > self.zip.start_dir or min(member.header_offset for member in self.members):
            raise Refused(GLUED)

    def _walk(self, member: zipfile.ZipInfo) -> Part:
        """Unpack a part to see its real size and what may not be in it."""
        part, is_sheet = Part(), member.filename.startswith("xl/worksheets/")
        for step in self._inflate(member):
            if not part.unpacked and (step[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in step[:4]):
                raise Refused(BROKEN)  # UTF-16, in which nothing below would be found
            part.unpacked += len(step)
            self._look(part, member.filename, part.tail + step, is_sheet)
            part.tail = step[-KEPT:]
        if part.unpacked != member.file_size:
            raise Refused(BOMB if part.unpacked > member.file_size else BROKEN)
        part.last_row = max(part.last_row, part.rows)
        return part

    @staticmethod
    def _look(part: Part, name: str, seen: bytes, is_sheet: bool) -> None:
        if b"<!" in seen and (b"<!DOCTYPE" in seen or b"<!ENTITY" in seen):
            raise Refused(ENTITIES)
        if name == "[Content_Types].xml" and (b"macroEnabled" in seen or b"vbaProject" in seen):
            raise Refused(MACROS)
        if is_sheet:
            part.rows += seen.count(b"<row ", max(0, len(part.tail) - len(b"<row ") + 1))
            part.has_errors = part.has_errors or b' t="e"' in seen
            last = ROW_START.match(seen, seen.rfind(b"<row "))
            part.last_row = max(part.last_row, int(last[1])) if last else part.last_row

    def _inflate(self, member: zipfile.ZipInfo):
        """Yield a member's content in steps, whatever size it declares, and stop where it swells beyond the limits."""
        packed = memoryview(self.content)[self._start(member) :][: member.compress_size]
        if member.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[at : at + STEP]) for at in range(0, len(packed), STEP))
            return
        unpacker, size = zlib.decompressobj(-15), 0
        most = min(self.limits["part_bytes"], max(2**20, self.limits["ratio"] * member.compress_size))
        for step in _inflated(unpacker, packed):
            size += len(step)
            if size > most:
                raise Refused(BOMB)
            yield step
        if not unpacker.eof or unpacker.unused_data:
            raise Refused(BROKEN)

    def _start(self, member: zipfile.ZipInfo) -> int:
        """Return where a member's bytes begin; its own header must name it as the directory does."""
        header = self.content[member.header_offset : member.header_offset + LOCAL]
        if len(header) < LOCAL or header[:4] != b"PK\x03\x04":
            raise Refused(BROKEN)
        name, extra = struct.unpack_from("<2H", header, 26)
        return member.header_offset + LOCAL + name + extra


def _inflated(unpacker, packed: memoryview):
    """Yield what the bytes unpack to, at most a MB at a time: few bytes may stand for very many."""
    try:
        for at in range(0, len(packed), STEP):
            pending = packed[at : at + STEP]
            while pending:
                yield unpacker.decompress(pending, 4 * STEP)
                pending = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error as broken:
        raise Refused(BROKEN) from broken


def _require_whole(content: bytes) -> None:
    """Refuse what has anything before the archive, after it, or between its members and its directory's end."""
    at = len(content) - END.size
    if at < 0 or content[at : at + 4] != b"PK\5\6":
        raise Refused(GLUED if b"PK\5\6" in content else BROKEN)
    _, _, _, _, _, size, offset, comment = END.unpack_from(content, at)
    if size > DIRECTORY_BYTES:
        raise Refused(BOMB)
    large = content[max(0, at - LARGE_END) :].startswith(b"PK\6\6")
    if comment or offset + size != at - (LARGE_END if large else 0):
        raise Refused(GLUED)


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _escapes(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")
