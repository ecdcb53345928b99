"""manage.py load_plan: bring the plan's data from the CSV files into the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from workplan.loading.loader import FOLDER, load_plan
from workplan.loading.tables import FixtureError


class Command(BaseCommand):
    help = "载入工作要点数据（可反复执行，不覆盖用户的修改）"

    def add_arguments(self, parser):
        parser.add_argument("--plan", type=Path, default=FOLDER, help="数据所在文件夹")
        parser.add_argument("--quiet", action="store_true", help="只输出汇总")

    def handle(self, *, plan: Path, quiet: bool, **options):
        try:
            report = load_plan(folder=plan)
        except FixtureError as error:
            raise CommandError(str(error)) from error
        if not quiet:
            for line in report.kept:
                self.stdout.write(line)
        self.stdout.write(
            f"工作要点数据：新增 {report.created} 行，更新 {report.updated} 行，移除 {report.removed} 行，"
            f"未变 {report.unchanged} 行，保留用户修改 {len(report.kept)} 行，"
            f"新增报告期 {report.periods} 个。"
        )
