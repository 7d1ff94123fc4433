"""The Celery application and the whole schedule: every task that beat starts is listed here."""

import os

from celery import Celery
from celery.schedules import crontab
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veterans_portal.settings.development")

app = Celery("veterans_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)

# Times are of Asia/Shanghai. One line of reason per entry; tests/guards binds every one.
app.conf.beat_schedule = {
    # what the broker never heard of still goes out, and lost claims are settled
    "sweep-messages": {
        "task": "accounts.tasks.delivery.sweep_messages",
        "schedule": 30,
        "options": {"expires": 30},
    },
    # sign-in codes are of no use after a day
    "forget-codes": {
        "task": "accounts.tasks.delivery.forget_codes",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 12 * 60 * 60},
    },
    # a job whose worker died is taken up again
    "sweep-jobs": {
        "task": "accounts.tasks.jobs.sweep_jobs",
        "schedule": 30,
        "options": {"expires": 30},
    },
    # result files live for PRIVATE_FILE_DAYS
    "remove-old-files": {
        "task": "accounts.tasks.jobs.remove_old_files",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 12 * 60 * 60},
    },
    # ended sessions, used codes and forms nobody came back for do not lie about
    "forget-sign-in-traces": {
        "task": "accounts.tasks.sign_in.forget_sign_in_traces",
        "schedule": crontab(minute=15),
        "options": {"expires": 50 * 60},
    },
    # rows of old rosters hold personal data that nobody waits for
    "forget-rosters": {
        "task": "services.tasks.rosters.forget_rosters",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 12 * 60 * 60},
    },
    # the chain over the audit trail grows behind the writers
    "seal-audit": {
        "task": "accounts.tasks.sealing.seal_audit",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "seal-all-audit": {
        "task": "accounts.tasks.sealing.seal_all_audit",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 12 * 60 * 60},
    },
    # places stay bookable as far ahead as each offering says
    "open-slots": {
        "task": "services.tasks.bookings.open_slots",
        "schedule": crontab(hour="0,6,12,18", minute=5),
        "options": {"expires": 5 * 60 * 60},
    },
    # the day before at the hour set, and some hours before
    "remind-of-bookings": {
        "task": "services.tasks.bookings.remind_of_bookings",
        "schedule": 300,
        "options": {"expires": 290},
    },
    # who did not come is noted half an hour after the slot; unreviewed ones give their places back
    "settle-past-bookings": {
        "task": "services.tasks.bookings.settle_past_bookings",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 590},
    },
    # a place held for somebody who did not answer goes to the next in line
    "expire-offers": {
        "task": "services.tasks.waiting.expire_offers",
        "schedule": 60,
        "options": {"expires": 55},
    },
    # places that stand free though somebody waits, and days that are over
    "sweep-waiting": {
        "task": "services.tasks.waiting.sweep_waiting",
        "schedule": crontab(minute="5-59/10"),
        "options": {"expires": 590},
    },
    # papers that never came, old endings, forgotten drafts
    "settle-matters": {
        "task": "services.tasks.matters.settle_matters",
        "schedule": crontab(hour=0, minute=40),
        "options": {"expires": 12 * 60 * 60},
    },
    # handlers read in the morning what is due or over
    "warn-of-matters": {
        "task": "services.tasks.matters.warn_of_matters",
        "schedule": crontab(hour=8, minute=20),
        "options": {"expires": 5 * 60 * 60},
    },
    # nobody is left in the hall of yesterday; three times, for a beat that slept
    "settle-hall": {
        "task": "services.tasks.hall.settle_hall",
        "schedule": crontab(hour="0,3,6", minute=20),
        "options": {"expires": 2 * 60 * 60},
    },
    # temporary loss reports of cards end by themselves
    "release-losses": {
        "task": "services.tasks.cards.release_losses",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 590},
    },
    # files that may be one person's
    "find-duplicates": {
        "task": "services.tasks.duplicates.find_duplicates",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 12 * 60 * 60},
    },
    # who came back and should attend training
    "find-training-duties": {
        "task": "placement.tasks.training.find_training_duties",
        "schedule": crontab(hour="4,5", minute=40),
        "options": {"expires": 55 * 60},
    },
    # whom the rules of "we come to you" fit today; three times, for a worker that died
    "match-rules": {
        "task": "placement.tasks.outreach.match_rules",
        "schedule": crontab(hour="4,5,6", minute=50),
        "options": {"expires": 50 * 60},
    },
    # scores that were published long enough are final; thrice, for a beat that slept
    "settle-publications": {
        "task": "placement.tasks.cases.settle_publications",
        "schedule": crontab(hour="0,3,6", minute=25),
        "options": {"expires": 2 * 60 * 60},
    },
    # whose turn it is goes on in time; a press of anybody does the same
    "tick-selections": {
        "task": "placement.tasks.selection.tick_selections",
        "schedule": 5,
        "options": {"expires": 5},
    },
    # results of choosing that were published long enough are final; thrice, for a beat that slept
    "settle-selections": {
        "task": "placement.tasks.selection.settle_selections",
        "schedule": crontab(hour="0,3,6", minute=35),
        "options": {"expires": 2 * 60 * 60},
    },
    # who has to report soon, and employers that have not answered a call
    "warn-of-placement-terms": {
        "task": "placement.tasks.cases.warn_of_placement_terms",
        "schedule": crontab(hour=8, minute=35),
        "options": {"expires": 5 * 60 * 60},
    },
    # bad grades that have to be called back or mended
    "warn-of-rectifications": {
        "task": "services.tasks.ratings.warn_of_rectifications",
        "schedule": crontab(hour=8, minute=40),
        "options": {"expires": 5 * 60 * 60},
    },
    # whoever acts for another hears in time that it ends
    "warn-of-proxies": {
        "task": "services.tasks.proxies.warn_of_proxies",
        "schedule": crontab(hour=9, minute=10),
        "options": {"expires": 5 * 60 * 60},
    },
    # next year's working days, once the library knows them, and one more year each January
    "extend-calendar": {
        "task": "services.tasks.calendar.extend_calendar",
        "schedule": crontab(hour=2, minute=10),
        "options": {"expires": 12 * 60 * 60},
    },
    # the month just past opens for its returns
    "open-month": {
        "task": "reports.tasks.open_periods",
        "schedule": crontab(day_of_month=1, hour=0, minute=30),
        "options": {"expires": 12 * 60 * 60},
    },
    # the same every night, for a beat that slept on the 1st and stations that came later
    "open-missed-months": {
        "task": "reports.tasks.open_periods",
        "schedule": crontab(hour=1, minute=10),
        "options": {"expires": 12 * 60 * 60},
    },
    # records that came in late move the figures of returns that are still open
    "refresh-returns": {
        "task": "reports.tasks.refresh_periods",
        "schedule": crontab(hour=1, minute=40),
        "options": {"expires": 12 * 60 * 60},
    },
    # two working days before the deadline, on it, one after; the head above three after
    "remind-of-returns": {
        "task": "reports.tasks.remind",
        "schedule": crontab(hour="8,14", minute=30),
        "options": {"expires": 5 * 60 * 60},
    },
}
