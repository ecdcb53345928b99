"""Walks the chain of the audit log."""

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import verify_chain
from accounts.models import Event, Seal


class Command(BaseCommand):
    help = "核对审计日志：逐条验证封印链，发现改动、缺失时逐行列出并以 1 退出。"

    def handle(self, *args, **options):
        """Print a line for every gap or change and end with exit code 1 where there is any."""
        problems = verify_chain()
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"审计日志有 {len(problems)} 处问题。", returncode=1)
        waiting = Event.objects.filter(seal__isnull=True).count()
        self.stdout.write(f"审计日志完好：已核对 {Seal.objects.count()} 条，{waiting} 条等待封印。")
