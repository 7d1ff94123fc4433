"""`manage.py demo_sign_ins`: the demonstration sign-ins as a table."""

import os
import unicodedata

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.enums import AdminRole
from services.demo import partners
from services.demo.persons import claimable
from services.demo.staff import ADMINISTRATORS, DESKS, PHONES, station_of
from services.enums import Role

HEAD = ("身份", "站点", "工号或手机号", "怎样登录")


class Command(BaseCommand):
    help = "列出演示账号（只在开发环境）"

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("演示账号只在开发环境里有；正式环境的账号由系统管理员开设。")
        rows = [HEAD, *self._staff(), *self._administrators(), *self._citizens(), *self._partners()]
        widths = [max(_width(row[column]) for row in rows) for column in range(len(HEAD))]
        for number, row in enumerate(rows):
            cells = (
                cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
            )
            self.stdout.write("  " + "  ".join(cells).rstrip())
            if number == 0:
                self.stdout.write("  " + "  ".join("─" * width for width in widths))

    def _staff(self):
        for desk in DESKS:
            station = station_of(desk)
            name = station.name if station else "（站点还没有装入）"
            yield Role(desk.role).label, name, desk.number, f"密码 {settings.DEMO_PASSWORD}"

    def _administrators(self):
        for number, _, role in ADMINISTRATORS:
            yield AdminRole(role).label, "—", number, f"密码 {settings.DEMO_PASSWORD}"

    def _citizens(self):
        outbox = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}{reverse('accounts:outbox')}"
        name, number, _ = claimable()
        files = ("已建档", f"登记可认领：{name} {number}", "尚未登记")
        for phone, file in zip(PHONES, files, strict=True):
            yield "公众", file, phone, f"验证码见 {outbox}"

    def _partners(self):
        for index, sample in enumerate(partners.SAMPLES):
            roles = "、".join(role.label for role in sample.roles)
            yield roles, sample.name, partners.phone_of(index), "验证码，同上"


def _width(text):
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
