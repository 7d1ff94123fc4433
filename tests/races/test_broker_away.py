"""Redis is stopped while people book and started again: nothing is lost, nothing is sent twice."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accounts.enums import Channel, MessageState
from accounts.models import Message
from tests import live
from tests.factories.accounts import UserFactory
from tests.factories.bookings import SlotFactory
from tests.races.arena import all_at_once, environment, miscounted, post, server, sign_in
from veterans_portal import embedded

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE = 6


class Relay(BaseHTTPRequestHandler):
    """The SMS provider: notes the id of every message it is handed."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(json.loads(body)["id"])
        self.send_response(202)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def relay():
    provider = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    provider.got = []
    thread = threading.Thread(target=provider.serve_forever)
    thread.start()
    yield provider
    provider.shutdown()
    thread.join()
    provider.server_close()


class OwnRedis:
    """A Redis of this test's own, so that stopping it disturbs nobody."""

    def __init__(self, folder):
        self.folder, self.process = folder, None
        self.url = f"unix://{folder}/redis.sock?db=0"

    def start(self):
        command = [
            embedded.valkey_binary(), "--port", "0", "--unixsocket", f"{self.folder}/redis.sock",
            "--dir", str(self.folder), "--databases", "16", "--save", "", "--loglevel", "warning",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        live.wait_until((self.folder / "redis.sock").exists)
        time.sleep(0.2)

    def stop(self):
        self.process.kill()
        self.process.wait()
        (self.folder / "redis.sock").unlink(missing_ok=True)


@pytest.fixture
def redis(tmp_path_factory):
    own = OwnRedis(tmp_path_factory.mktemp("r"))
    own.start()
    yield own
    own.stop()


@contextlib.contextmanager
def worker(surroundings):
    """A real worker with beat inside, as on one small host."""
    command = [
        sys.executable, "-W", "ignore", "-m", "celery", "-A", "veterans_portal", "worker",
        "-l", "error", "-c", "2", "--without-gossip", "--without-mingle", "-n", "races@%h",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=live.PROJECT, env=environment(**surroundings), start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def sweep(surroundings):
    """What beat does every half minute."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "celery", "-A", "veterans_portal", "call",
         "accounts.tasks.delivery.sweep_messages"],
        cwd=live.PROJECT, env=environment(**surroundings), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def rush(address, slot, people, key):
    sessions = [sign_in(user) for user in people]
    answers = all_at_once(
        *[
            lambda session=session: post(
                address, session, {"slot": slot.pk, "heads": 1, "client_key": key}
            )
            for session in sessions
        ]
    )
    return [answer[0] if isinstance(answer, tuple) else answer for answer in answers]


def test_redis_stopped_during_bookings__all_are_booked_and_told_once(redis, relay):
    surroundings = {
        "REDIS_URL": redis.url,
        "RACE_SMS_URL": f"http://127.0.0.1:{relay.server_port}/sms",
    }
    slot = SlotFactory(capacity=99)
    people = UserFactory.create_batch(3 * PEOPLE)
    sms = Message.objects.filter(channel=Channel.SMS)
    with server(**surroundings) as address:
        with worker(surroundings):
            before = rush(address, slot, people[:PEOPLE], "before-01")
            live.wait_until(
                lambda: sms.filter(state=MessageState.SENT).count() == PEOPLE, seconds=60
            )
            redis.stop()
            during = rush(address, slot, people[PEOPLE : 2 * PEOPLE], "during-01")
            again = rush(address, slot, people[PEOPLE : 2 * PEOPLE], "during-01")
        # a wake-up that the worker held already may still have sent some of them
        assert sms.count() == 2 * PEOPLE
        assert sms.filter(state=MessageState.SENT).count() < 2 * PEOPLE
        redis.start()
        after = rush(address, slot, people[2 * PEOPLE :], "after-001")
        with worker(surroundings):
            sweep(surroundings)
            sweep(surroundings)
            live.wait_until(
                lambda: sms.filter(state=MessageState.SENT).count() == 3 * PEOPLE, seconds=90
            )
    assert before + during + after == [201] * 3 * PEOPLE
    assert again == [200] * PEOPLE
    assert miscounted() == 0
    assert Counter(relay.got) == {str(pk): 1 for pk in sms.values_list("pk", flat=True)}
    assert Message.objects.filter(channel=Channel.INBOX).count() == 3 * PEOPLE
