"""Bring everything that is encrypted under the current data key."""

from django.core.management.base import BaseCommand, CommandError

from accounts import crypto, keys
from accounts.services.rotation import rotate_keys


class Command(BaseCommand):
    help = (
        "Re-encrypt with the first key of DATA_KEYS, while the portal runs. Before: put a new key first (python -m "
        "config.secret_files rotate) and restart. After: take the older keys out and restart."
    )

    def handle(self, *args, **options):
        problems = keys.malformed() or keys.foreign()
        if problems:
            raise CommandError("；".join(problems))
        total = rotate_keys()
        self.stdout.write(f"已换用密钥 {crypto.current_key_id()}，重新加密 {total.done} 项。")
        if total.left:
            raise CommandError(f"有 {total.left} 项无法解密，旧密钥请继续保留。")
        self.stdout.write("旧密钥已不再使用，可从 DATA_KEYS 中去掉。")
