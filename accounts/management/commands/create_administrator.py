"""`manage.py create_administrator`: the first administrators of a new portal, or one in an emergency.

The only way past the two-person rule, so it needs the server's console and stays in the trail.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import staff
from accounts.enums import AdminRole, UserKind
from accounts.models import User
from veterans_portal.errors import DomainError


class Command(BaseCommand):
    help = "开设一位管理员（首次部署，或管理员都无法登录时）；显示一次临时密码"

    def add_arguments(self, parser):
        parser.add_argument("--role", required=True, choices=AdminRole.values)
        parser.add_argument("--number", required=True, help="工号")
        parser.add_argument("--name", required=True, help="姓名")

    @transaction.atomic
    def handle(self, *args, role, number, name, **options):
        try:
            user, password = staff.create_account(
                kind=UserKind.ADMINISTRATOR, name=name, staff_number=number.upper(), by=None
            )
            staff.grant_admin_role(user=user, role=role, by=None)
        except DomainError as refused:
            raise CommandError(refused.message) from refused
        count = User.objects.filter(admin_role=role, is_active=True).count()
        self.stdout.write(
            f"已开设{AdminRole(role).label} {name}（{user.staff_number}），该角色现有{count}位。\n"
            f"临时密码：{password}\n第一次登录时必须修改。"
        )
