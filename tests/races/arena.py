"""A live web server, people who are signed in there, and a way to let them all act at once."""

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.db import connection, connections
from django.db.models import F, Q, Sum
from django.test import Client

from services.enums import HOLDING_STATES
from services.models import Booking, Slot
from tests import live

TOKEN = "r" * 32
HOLD = 0.25  # seconds an act stays between its last write and its commit


def environment(**more):
    """Surroundings of a process that works on this test's database."""
    return live.environment() | {"DJANGO_SETTINGS_MODULE": "tests.races.settings"} | more


@contextlib.contextmanager
def server(*, guarded=True, **surroundings):
    """gunicorn with two processes of eight threads each; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gate = tempfile.TemporaryDirectory()
    if not guarded:
        surroundings |= {"RACE_URLCONF": "tests.races.unguarded", "RACE_GATE": gate.name}
    command = [
        sys.executable, "-W", "ignore", "-m", "gunicorn", "veterans_portal.wsgi:application",
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2",
        "--threads", "8", "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=live.PROJECT, env=environment(**surroundings))
    try:
        live.wait_until(lambda: _answers(port), seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
        gate.cleanup()


def _answers(port):
    """Both processes have loaded the project when the door has answered some requests."""
    with contextlib.suppress(OSError):
        for _ in range(6):
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/bookings/", timeout=30)
        return True
    return False


def sign_in(user):
    """The session key of a person who is signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def post(address, session, body, path="/api/v1/bookings/"):
    """POST as that person; returns (status, answer)."""
    request = urllib.request.Request(
        address + path, data=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json", "X-CSRFToken": TOKEN,
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}",
        },
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"{}")


def all_at_once(*deeds):
    """Run each deed in a thread of its own, released together; returns results or exceptions."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number, deed):
        try:
            gate.wait()
            results[number] = deed()
        except Exception as error:  # the race decides what may be raised
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def after(seconds, deed):
    """The deed, begun that much later."""

    def later():
        time.sleep(seconds)
        return deed()

    return later


def oversold():
    """Slots that hold more heads than places, counted by SQL from the bookings themselves."""
    heads = Sum("bookings__heads", filter=Q(bookings__state__in=HOLDING_STATES))
    return Slot.objects.annotate(held=heads).filter(held__gt=F("capacity")).count()


def miscounted():
    """Slots whose count differs from their bookings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM services_slot s WHERE s.taken <> COALESCE((SELECT sum(heads) "
            "FROM services_booking b WHERE b.slot_id = s.id AND b.state <> 'CANCELLED'), 0)"
        )
        return cursor.fetchone()[0]


@contextlib.contextmanager
def slow_insert(seconds):
    """Every booking's insertion takes so long: the widest gap there can be inside the statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION race_wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM pg_sleep({seconds}); RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER race_wait BEFORE INSERT ON services_booking "
            "FOR EACH ROW EXECUTE FUNCTION race_wait()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER race_wait ON services_booking")
            cursor.execute("DROP FUNCTION race_wait()")


def coming(slot):
    """Bookings that hold a place in the slot."""
    return Booking.objects.filter(slot=slot, state__in=HOLDING_STATES)
