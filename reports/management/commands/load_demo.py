"""`manage.py load_demo`: a fictional year on Wuxi's real network, for development only."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from placement.demo import cases, fairs, loans, outreach, selection, startups, training
from reports import demo as reports_demo
from services.demo import (
    arrivals,
    bookings,
    cards,
    family,
    hours,
    matters,
    network,
    partners,
    persons,
    staff,
    transfers,
    waiting,
)

STEPS = [
    ("站点资料", network.load),
    ("工作人员", staff.load),
    ("合作单位", partners.load),
    ("人员档案", persons.load),
    ("开放时间", hours.load),
    ("预约", bookings.load),
    ("候补", waiting.load),
    ("到访", arrivals.load),
    ("优待证", cards.load),
    ("办件", matters.load),
    ("代办、评价和查重", family.load),
    ("档案转站", transfers.load),
    ("安置档案和计划", cases.load),
    ("选岗会", selection.load),
    ("招聘会和定向招录", fairs.load),
    ("培训", training.load),
    ("创业贷款", loans.load),
    ("军创企业和创业一件事", startups.load),
    ("我来找您", outreach.load),
    ("月报", reports_demo.load),
]


class Command(BaseCommand):
    help = "装入演示数据（可重复执行，不会重复添加）"

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("演示数据只用于开发环境：正式环境请使用真实数据。")
        for title, load in STEPS:
            began = time.monotonic()
            load()
            self.stdout.write(f"  {title}已就绪（{time.monotonic() - began:.1f} 秒）")
