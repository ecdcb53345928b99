"""manage.py load_demo: demo accounts and the sample year."""

from django.core.management.base import BaseCommand, CommandError

from workplan.demo.load import load_demo
from workplan.errors import Refused


class Command(BaseCommand):
    help = "载入演示账号和演示数据（仅演示模式；只载入一次，不改动用户数据）"

    def handle(self, **options):
        try:
            report = load_demo()
        except Refused as error:
            raise CommandError(error.message) from error
        if report.already:
            self.stdout.write("演示数据：此前已载入，未作改动。")
            return
        self.stdout.write(f"演示数据：新增账号 {report.accounts} 个，填报 {report.reports} 份。")
        if report.occupied:
            self.stdout.write("工作要点中已有填报，未载入演示填报。")
