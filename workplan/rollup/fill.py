"""Fills a template of the bureau's in a process of its own, under limits: `python -I fill.py`, answers on stdout.

A template is a small program that somebody uploaded. Whatever it does to memory and time ends with this process; what it
may look at is the sandbox's list, and the texts it gets are never read as a template again.
"""

import io
import json
import secrets
import struct
import sys
from pathlib import Path

HEAD = struct.Struct(">I")
MB = 2**20
MEMORY, CPU_SECONDS, OUTPUT = 900 * MB, 30, 40 * MB
BROKEN = "模板无法使用，文件可能已损坏。请用 Word 或 WPS 打开后另存为 .docx 再上传。"
HEAVY = "模板太复杂，超出了内存或时间的限制。"


def filled(material, template: bytes) -> bytes:
    """Return the template with the report in it. Raises jinja2's errors for what the template may not say."""
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    from workplan.rollup.styles import prepare
    from workplan.rollup.word import Writer, context_of, saved

    mark = f"BODY{secrets.token_hex(12)}"
    book = DocxTemplate(io.BytesIO(template))
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    book.render(context_of(material) | {"body": mark}, jinja_env=environment, autoescape=True)
    prepare(book.docx, page=False)
    for paragraph in book.docx.paragraphs:
        if mark in paragraph.text:
            Writer(book.docx, material).write_before(paragraph._p, title=False)
            paragraph._p.getparent().remove(paragraph._p)
    return saved(book.docx)


def main() -> None:
    """Read a request (length, JSON, template) and answer with P and the document, or X and a sentence for people."""
    source = sys.stdin.buffer
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    asked = json.loads(source.read(HEAD.unpack(source.read(HEAD.size))[0]))
    from workplan.confined import limit
    from workplan.rollup.word import Material

    template = source.read()
    import docxtpl  # noqa: F401  (what is imported later would have to read files within the limits)
    import jinja2

    limit(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    try:
        answer = b"P" + filled(Material(**asked), template)
    except jinja2.UndefinedError as error:
        answer = b"X" + f"模板中有无法识别的变量：{error.message}"[:300].encode()
    except jinja2.TemplateSyntaxError as error:
        answer = b"X" + f"模板中的标记写法有误：{error.message}"[:300].encode()
    except jinja2.sandbox.SecurityError:
        answer = b"X" + "模板使用了不允许的内容。".encode()
    except MemoryError:
        answer = b"X" + HEAVY.encode()
    except Exception:  # whatever the parser makes of a broken file
        answer = b"X" + BROKEN.encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
