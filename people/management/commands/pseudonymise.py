"""Take names and numbers from people whose retention is over."""

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import Refused
from people.services.retention import expired, pseudonymise


class Command(BaseCommand):
    help = "Pseudonymise people without any record after the year; figures stay as they are."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, required=True, help="the last year that is no longer needed")
        parser.add_argument("--dry-run", action="store_true", help="only say how many")

    def handle(self, *args, year, dry_run=False, **options):
        if not 2000 <= year <= 2100:
            raise CommandError("年份应在 2000 与 2100 之间。")
        if dry_run:
            self.stdout.write(f"将假名化 {expired(year).count()} 人。")
            return
        try:
            count = pseudonymise(year=year)
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(f"已假名化 {count} 人。")
