"""Draws one page of a PDF, in a process of its own and under limits: `python -I draw.py`, answers on stdout.

The request is the number of the page, four bytes, and the file. Page 0 stands for none: only the pages are counted.
"""

import io
import struct
import sys
from pathlib import Path

NUMBER = struct.Struct(">I")
MB = 2**20
MEMORY, CPU_SECONDS, OUTPUT = 900 * MB, 4, 8 * MB
WIDTH, HEIGHT = 1240, 2480  # pixels at most: A4 at 150 dots per inch, and a page twice as long
QUALITY = 80
PASSWORD_WANTED = 4  # FPDF_ERR_PASSWORD of fpdfview.h
LOCKED = "这份 PDF 需要密码，无法预览，请下载后打开。"
BROKEN = "这份 PDF 无法预览，文件可能已损坏，请下载后查看。"
ABSENT = "这份 PDF 没有这一页。"


def drawn(page) -> bytes:
    """Return the page as a JPEG that fits into WIDTH × HEIGHT."""
    width, height = page.get_size()
    picture = page.render(scale=min(WIDTH / width, HEIGHT / height)).to_pil()
    stream = io.BytesIO()
    picture.convert("RGB").save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def answer(number: int, content: bytes) -> bytes:
    """Return P, how many pages there are and the picture of the one asked for, or X and a sentence for people."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(content)
        count = len(document)
        if number > count:
            return b"X" + ABSENT.encode()
        return b"P" + NUMBER.pack(count) + (drawn(document[number - 1]) if number else b"")
    except PdfiumError as error:
        return b"X" + (LOCKED if error.err_code == PASSWORD_WANTED else BROKEN).encode()


def main() -> None:
    """Answer one request. What runs against the limits ends without an answer, and the caller knows what to say."""
    source = sys.stdin.buffer
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    number, content = NUMBER.unpack(source.read(NUMBER.size))[0], source.read()
    import PIL.JpegImagePlugin  # noqa: F401  (what is imported later would be read within the limits)
    import pypdfium2  # noqa: F401

    from workplan.confined import limit

    limit(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    sys.stdout.buffer.write(answer(number, content))


if __name__ == "__main__":
    main()
