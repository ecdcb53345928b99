"""Makes the first administrator of an installation."""

import os
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.enums import Role
from accounts.errors import Refused
from accounts.models import OrgUnit, User
from accounts.services.users import create_user

VARIABLE = "ADMINISTRATOR_PASSWORD"


class Command(BaseCommand):
    help = f"新建系统管理员。密码在终端输入，或取自环境变量 {VARIABLE}；不接受命令行参数，以免留在进程列表中。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="账号")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--unit", required=True, help="所在局的单位代码")

    def handle(self, *args, **options):
        """Make the account. Ends with one line where unit, name or password will not do."""
        unit = OrgUnit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"没有代码为 {options['unit']} 的单位，请先执行 load_plan 或导入单位。")
        password = os.environ.get(VARIABLE) or self._ask()
        try:
            validate_password(password, User(username=options["username"], name=options["name"]))
            user, _ = create_user(
                username=options["username"],
                name=options["name"],
                org_unit=unit,
                role=Role.ADMINISTRATOR,
                actor=None,
                password=password,
            )
        except (ValidationError, Refused) as problem:
            messages = problem.messages if isinstance(problem, ValidationError) else [problem.message]
            raise CommandError(" ".join(messages)) from None
        self.stdout.write(f"已新建系统管理员 {user.username}（{unit}）。")

    def _ask(self) -> str:
        first, second = getpass("密码："), getpass("再输一次：")
        if first != second:
            raise CommandError("两次输入的密码不一致。")
        return first
