"""The Celery application and the whole schedule: every task that beat starts is listed here."""

import os

from celery import Celery
from celery.schedules import crontab  # noqa: F401  (the entries below are written with it)
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veterans_portal.settings.development")

app = Celery("veterans_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)

# Times are of Asia/Shanghai. One line of reason per entry; tests/guards binds every one.
app.conf.beat_schedule = {}
