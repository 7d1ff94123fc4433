"""`make bench`: bookings per second beside a bare Django view, in one run.

Both are served by the same gunicorn (same workers and threads, one after the other in turns), by
the same 32 clients, on the same database with its commits on disk, with the same sessions. The
oversold count is taken by SQL after every round. What is made here is removed again.
"""

import argparse
import contextlib
import io
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import django

from benchmarks import report
from benchmarks.database import own_database
from veterans_portal import embedded

PROJECT = Path(__file__).resolve().parent.parent
CLIENTS = 32
WORKERS, THREADS = 2, 4
DATABASE = "portal_bench"
GOAL, GOAL_WITH_WORKER = 0.60, 0.80
SIDES = ("bare", "portal")
SETTINGS = {"bare": "benchmarks.bare_settings", "portal": "benchmarks.settings"}

BACKENDS = {
    "bare": "django.contrib.auth.backends.ModelBackend",
    "portal": "accounts.backends.PortalBackend",
}


def main():
    """Measure, print, and put the table into docs/performance.md."""
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--places", type=int, default=1000)
    options.add_argument("--no-write", action="store_true")
    chosen = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS["portal"]
    with embedded.servers("run"):
        django.setup()
        with own_database(DATABASE):
            lines = measure(chosen)
    print("\n".join(lines))
    if not chosen.no_write:
        report.write(lines)


def measure(chosen):
    """Take all rounds; returns the lines of the table."""
    world = World(chosen.places)
    lines = [
        f"{date.today()}，{os.cpu_count()} 核，gunicorn {WORKERS} 进程 × {THREADS} 线程，"
        f"{CLIENTS} 个客户端，{chosen.rounds} 轮，各取中位数（比值按相邻两次），提交落盘。",
        "",
        "| 场景 | 一侧 | 预约/秒 | p50 ms | p95 ms | p99 ms | 超约 | 与裸视图之比 | 目标 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    with served("bare") as bare, served("portal") as portal:
        ports = {"bare": bare, "portal": portal}
        for title, slots in (("一个热门时段约满为止", 1), ("200 个时段", 200)):
            lines += _compare(title, world, slots, ports, chosen.rounds)
        with worker():
            lines.append(_beside_worker(world, portal, chosen.rounds, lines[-1]))
    return lines


def _beside_worker(world, port, rounds, alone):
    """200 slots while the messages of the bookings go out; compared with the line before."""
    taken = [world.round("portal", port, 200) for _ in range(rounds + 1)][1:]
    rate = statistics.median(a.booked / a.booked_within for a, _ in taken)
    ratio = rate / int(alone.split("|")[3])
    print(f"  200 个时段 + Celery: {rate:.0f}/s", flush=True)
    title, goal = "200 个时段，Celery 同时发消息", f"≥ {GOAL_WITH_WORKER:.0%}（与上一行之比）"
    return _line(title, "平台", rate, taken, f"{ratio:.0%}", goal)


def _compare(title, world, slots, ports, rounds):
    results = {side: [] for side in SIDES}
    for number in range(rounds + 1):
        for side in SIDES:
            answers, oversold = world.round(side, ports[side], slots)
            if number:  # the first one warms up
                results[side].append((answers, oversold))
            print(f"  {title} {side}: {answers.booked / answers.booked_within:.0f}/s", flush=True)
    speeds = {
        side: [answers.booked / answers.booked_within for answers, _ in taken]
        for side, taken in results.items()
    }
    rates = {side: statistics.median(taken) for side, taken in speeds.items()}
    # Neighbours in time are compared, so that a machine busy with other things disturbs less.
    pairs = zip(speeds["portal"], speeds["bare"], strict=True)
    ratio = statistics.median(portal / bare for portal, bare in pairs)
    return [
        _line(title, "裸视图", rates["bare"], results["bare"], "", ""),
        _line(title, "平台", rates["portal"], results["portal"], f"{ratio:.0%}", f"≥ {GOAL:.0%}"),
    ]


def _line(title, side, rate, results, ratio, goal):
    middle = [
        statistics.median(answers.percentile(share) for answers, _ in results)
        for share in (0.5, 0.95, 0.99)
    ]
    oversold = sum(each for _, each in results)
    times = " | ".join(f"{each:.0f}" for each in middle)
    return f"| {title} | {side} | {rate:.0f} | {times} | {oversold} | {ratio} | {goal} |"


class World:
    """The station, the slots and the citizens who book, each once per round."""

    def __init__(self, places):
        from django.core.management import call_command
        from django.utils import timezone

        from accounts.models import User
        from services.models import Offering, Station

        call_command("load_network", verbosity=0, stdout=io.StringIO())
        self.places = places
        station = Station.objects.get(parent=None)
        self.offering = Offering.objects.create(
            station=station, title="bench", capacity=5000, horizon_days=30
        )
        User.objects.bulk_create(
            User(name=f"测试{n}", phone=f"1990{n:07d}", phone_verified_at=timezone.now())
            for n in range(places + 100)
        )
        # With a checked phone, so that each booking also writes an SMS.
        self.users = list(User.objects.only("pk", "password"))

    def round(self, side, port, slots):
        """Clear, open the slots, send everybody, count; returns (Answers, oversold slots)."""
        from benchmarks.clients import send_all

        rows = self._open(slots)
        requests = [self._request(side, user, rows) for user in self._signed_in(side)]
        answers = send_all(port, requests, clients=CLIENTS)
        unexpected = set(answers.statuses) - {201, 409}
        if unexpected:
            raise SystemExit(f"{side} answered {unexpected}")
        return answers, self._oversold(answers)

    def _open(self, slots):
        from django.db import connection
        from django.utils import timezone

        from services.models import Slot

        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE services_slot, services_booking, accounts_message CASCADE")
        first = timezone.now() + timedelta(days=2)
        length = timedelta(minutes=5)
        Slot.objects.bulk_create(
            Slot(
                offering=self.offering,
                starts_at=first + n * length,
                ends_at=first + (n + 1) * length,
                capacity=self.places // slots,
            )
            for n in range(slots)
        )
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE services_slot, services_booking, accounts_message")
        return list(Slot.objects.values_list("pk", flat=True))

    def _signed_in(self, side):
        """Fresh sessions, as just after the page before; pairs of (user, session key)."""
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

        from accounts import sessions
        from accounts.models import Session

        Session.objects.all().delete()
        store, now = sessions.SessionStore(), int(time.time())
        rows = []
        for user in self.users:
            store._session_key = f"bench{user.pk:027d}"
            data = {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: BACKENDS[side],
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                sessions.SINCE: now,
                sessions.SEEN: now,
            }
            rows.append(store.create_model_instance(data))
        Session.objects.bulk_create(rows)
        return [(user, row.session_key) for user, row in zip(self.users, rows, strict=True)]

    def _request(self, side, signed_in, rows):
        user, key = signed_in
        body = {
            "slot": rows[user.pk % len(rows)],
            "heads": 1,
            "client_key": f"bench-{user.pk:08d}",
            "contact": {"name": "王建国", "phone": f"1380{user.pk:07d}"},
        }
        if side == "bare":
            body["station"] = self.offering.station_id
        content, token = json.dumps(body).encode(), "b" * 32
        head = (
            "POST /api/v1/bookings/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Content-Type: application/json\r\nAccept: application/json\r\n"
            f"Content-Length: {len(content)}\r\nX-CSRFToken: {token}\r\n"
            f"Cookie: sessionid={key}; csrftoken={token}\r\n\r\n"
        )
        return head.encode() + content

    def _oversold(self, answers):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM services_slot s LEFT JOIN (SELECT slot_id, sum(heads) held "
                "FROM services_booking WHERE state <> 'CANCELLED' GROUP BY 1) b ON b.slot_id = s.id "
                "WHERE COALESCE(held, 0) > s.capacity OR COALESCE(held, 0) <> s.taken"
            )
            wrong = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM services_booking")
            if cursor.fetchone()[0] != answers.booked:
                raise SystemExit("the answers do not agree with the bookings")
        return wrong


@contextlib.contextmanager
def served(side):
    """gunicorn with one of the two sides; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "veterans_portal.wsgi:application",
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", str(WORKERS),
        "--threads", str(THREADS), "--log-level", "error", "--keep-alive", "30",
        "--no-control-socket",
    ]  # fmt: skip
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS[side]}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def worker():
    """One Celery worker that delivers messages; bookings come first, so it is the nicer one."""
    command = [
        "nice", "-n", "19", sys.executable, "-W", "ignore", "-m", "celery", "-A", "veterans_portal",
        "worker", "-l", "error", "-c", "1", "--without-gossip", "--without-mingle", "-n", "bench@%h",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    time.sleep(8)
    try:
        yield
    finally:
        # Not asked to finish: what it would still send goes away with the database.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(port):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("gunicorn did not start")


if __name__ == "__main__":
    main()
