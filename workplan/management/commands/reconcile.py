"""Recompute every figure from the approved reports and the records of registers, and report drift."""

from django.core.management.base import BaseCommand, CommandError

from workplan.models import Plan
from workplan.services.reconciling import recount, repair


class Command(BaseCommand):
    help = "Compare the figures kept with those that reports and records imply; exit code 1 on drift."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="only plans of this year")
        parser.add_argument(
            "--repair", dest="mend", action="store_true", help="write the implied figures in place of the kept ones"
        )

    def handle(self, *args, year=None, mend=False, **options):
        plans = Plan.objects.filter(year=year) if year else Plan.objects.all()
        total = sum(self._check(plan, mend) for plan in plans)
        if total and not mend:
            raise CommandError(f"实绩与填报、台账不一致：{total} 处。")
        self.stdout.write(f"实绩核对完成，偏差 {total} 处。")

    def _check(self, plan, mend: bool) -> int:
        found = recount(plan)
        for drift in [*found.reported, *found.measured][:50]:
            self.stdout.write(f"{plan} {drift.entry_id} {drift.field}: {drift.kept} ≠ {drift.implied}")
        for target, since, kept, implied in found.totals[:50]:
            self.stdout.write(f"{plan} {target} {since}: {kept} ≠ {implied}")
        for target, kept, implied in found.shares[:50]:
            self.stdout.write(f"{plan} {target}: {kept} ≠ {implied}")
        if mend:
            repair(found)
        return found.drift
