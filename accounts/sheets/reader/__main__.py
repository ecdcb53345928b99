"""Reads one table from stdin and answers on stdout. Runs alone (`python -I` on this folder), under limits of its own.

It imports nothing of the portal, so that what a hostile file does to it (memory, time, a crash of the parser) ends with
this process.
"""

import json
import resource
import struct
import sys

import archive
import delimited
import workbook
from layout import Layouts
from wire import Refused, Sender

BROKEN = "无法读取这个表格，文件可能已损坏。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"


def limit(limits: dict) -> None:
    """Bound memory and time, and forbid files, core dumps and further processes."""
    bounds = {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))


def read(asked: dict, content: bytes, sender: Sender) -> None:
    """Send the table. Raises Refused."""
    limits = asked["limits"]
    layouts = Layouts(known=asked["known"], unread=asked["unread"], columns=limits["columns"])
    if asked["kind"] == "text":
        delimited.read(content, layouts, sender)
    else:
        workbook.read(archive.Archive(content, limits), layouts, sender, asked["looks"])


def main() -> None:
    source = sys.stdin.buffer
    asked = json.loads(source.read(struct.unpack(">I", source.read(4))[0]))
    limit(asked["limits"])
    sender = Sender(sys.stdout.buffer, asked)
    try:
        read(asked, source.read(), sender)
    except Refused as refused:
        sender.refuse(str(refused))
    except MemoryError:
        pass  # no end was sent: the parent knows what to say
    except BaseException:  # whatever the parser makes of a broken file, its panics included
        sender.refuse(BROKEN)


if __name__ == "__main__":
    main()
