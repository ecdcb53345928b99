"""Which kind of file this is: by its name and by its first bytes, which must agree."""

from pathlib import PurePath

from .errors import UnreadableFile

WORKBOOK, TEXT = "workbook", "text"
KINDS = {".xlsx": WORKBOOK, ".csv": TEXT, ".txt": TEXT}  # Excel's “Unicode text” is a .txt with tabs
SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
MACROS = f"文件含有宏，不能导入。{SAVE_AS}"
OTHER_NAMES = {
    ".xls": f"这是旧版 .xls 文件。{SAVE_AS}",
    ".et": f"这是 WPS 的 .et 文件。{SAVE_AS}",
    ".ods": f"这是 .ods 文件。{SAVE_AS}",
    ".xlsb": f"这是二进制的 .xlsb 文件。{SAVE_AS}",
    ".xlsm": MACROS,
    ".xltm": MACROS,
    ".xlam": MACROS,
}
ENCRYPTED = "文件有密码保护，无法读取。请取消打开密码后再上传。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound file: old workbooks, and new ones under a password
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
ARCHIVE = b"PK\x03\x04"
FOREIGN = (b"PK", OLE, b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x7fELF")


def kind_of(content: bytes, name: str) -> str:
    """Return WORKBOOK or TEXT. Raises UnreadableFile where name and content do not agree on one of them."""
    suffix = PurePath(name.strip()).suffix.lower()
    if suffix in OTHER_NAMES and not _is_locked(content):
        raise UnreadableFile(OTHER_NAMES[suffix])
    if suffix not in KINDS and suffix not in OTHER_NAMES:
        raise UnreadableFile("只能导入 .xlsx 或 .csv 文件。")
    if _is_locked(content):
        raise UnreadableFile(ENCRYPTED)
    if KINDS[suffix] == WORKBOOK:
        _require_archive(content)
    elif content.startswith(FOREIGN):
        hint = "如果是 Excel 工作簿，请把扩展名改为 .xlsx。" if content.startswith(ARCHIVE) else "请另存为 CSV 后再试。"
        raise UnreadableFile(f"文件名以 {suffix} 结尾，内容却不是文本。{hint}")
    return KINDS[suffix]


def _is_locked(content: bytes) -> bool:
    return content.startswith(OLE) and ENCRYPTED_STREAM in content


def _require_archive(content: bytes) -> None:
    if content.startswith(OLE):
        raise UnreadableFile(f"文件名以 .xlsx 结尾，内容却是旧版 .xls。{SAVE_AS}")
    if not content.startswith(ARCHIVE):
        raise UnreadableFile("文件名以 .xlsx 结尾，内容却不是 Excel 工作簿。如果是 CSV，请把扩展名改为 .csv。")
