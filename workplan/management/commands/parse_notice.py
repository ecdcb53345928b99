"""manage.py parse_notice FILE [--json]: read a work notice and print the plan that it proposes."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from workplan.notice import NoticeError, as_data, as_outline, read_notice

NO_NOTICE = 2


class Command(BaseCommand):
    help = "读取工作通知（.docx、.txt、.html），列出板块、任务和目标；不写入数据库"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="通知文件，- 为标准输入")
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def handle(self, *, file: Path, as_json: bool, **options):
        try:
            content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        except OSError as error:
            raise CommandError(f"无法读取文件 {file}：{error.strerror}", returncode=NO_NOTICE) from error
        try:
            notice = read_notice(content, file.name)
        except NoticeError as error:
            raise CommandError(str(error), returncode=NO_NOTICE) from error
        text = json.dumps(as_data(notice), ensure_ascii=False, indent=1) if as_json else as_outline(notice)
        self.stdout.write(text)
