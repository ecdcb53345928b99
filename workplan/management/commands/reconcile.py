"""Recompute every figure from the approved reports and the records of registers, and report drift."""

from django.core.management.base import BaseCommand, CommandError

from workplan.models import Plan
from workplan.services.figures import drift_of, rebuild_figures
from workplan.services.measuring import measured_drift, rebuild_measured


class Command(BaseCommand):
    help = "Compare the figures kept with those that reports and records imply; exit code 1 on drift."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="only plans of this year")
        parser.add_argument("--repair", action="store_true", help="write the implied figures in place of the kept ones")

    def handle(self, *args, year=None, repair=False, **options):
        plans = Plan.objects.filter(year=year) if year else Plan.objects.all()
        total = sum(self._check(plan, repair) for plan in plans)
        if total and not repair:
            raise CommandError(f"实绩与填报、台账不一致：{total} 处。")
        self.stdout.write(f"实绩核对完成，偏差 {total} 处。")

    def _check(self, plan, repair: bool) -> int:
        reported, measured = drift_of(plan), measured_drift(plan)
        for found in [*reported, *measured][:50]:
            self.stdout.write(f"{plan} {found.entry_id} {found.field}: {found.kept} ≠ {found.implied}")
        if repair and reported:
            rebuild_figures(plan=plan)
        if repair and measured:
            rebuild_measured(plan=plan)
        return len(reported) + len(measured)
