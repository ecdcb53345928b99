"""Recompute every figure from the approved reports and report drift."""

from django.core.management.base import BaseCommand, CommandError

from workplan.models import Plan
from workplan.services.figures import drift_of, rebuild_figures


class Command(BaseCommand):
    help = "Compare the figures kept with those that the approved reports imply; exit code 1 on drift."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="only plans of this year")
        parser.add_argument("--repair", action="store_true", help="write the implied figures in place of the kept ones")

    def handle(self, *args, year=None, repair=False, **options):
        plans = Plan.objects.filter(year=year) if year else Plan.objects.all()
        total = sum(self._check(plan, repair) for plan in plans)
        if total and not repair:
            raise CommandError(f"实绩与填报不一致：{total} 处。")
        self.stdout.write(f"实绩核对完成，偏差 {total} 处。")

    def _check(self, plan, repair: bool) -> int:
        drift = drift_of(plan)
        for found in drift[:50]:
            self.stdout.write(f"{plan} 填报值 {found.entry_id} {found.field}: {found.kept} ≠ {found.implied}")
        if repair and drift:
            rebuild_figures(plan=plan)
        return len(drift)
