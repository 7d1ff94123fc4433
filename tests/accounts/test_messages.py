import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from django.db import connection, transaction
from django.utils import timezone

from accounts import delivery, dispatch, gateways, messages
from accounts.enums import Channel, MessageState
from accounts.models import Message
from tests.factories.accounts import MessageFactory, UserFactory

pytestmark = pytest.mark.django_db

TOLD = {"kind": "test.told", "title": "提醒", "body": "明天上午9:00请到站。"}


class FakeProvider:
    """Stands for a provider at the other end; notes what it got and answers as told."""

    idempotent = False

    def __init__(self, *answers):
        self.got, self.answers = [], list(answers)

    def send(self, message):
        self.got.append(message)
        if self.answers and (answer := self.answers.pop(0)):
            raise answer


@pytest.fixture
def provider(monkeypatch):
    def use(*answers, idempotent=False):
        fake = FakeProvider(*answers)
        fake.idempotent = idempotent
        monkeypatch.setattr(delivery, "gateway_for", lambda channel: fake)
        return fake

    return use


def test_tell__user_with_phone__inbox_is_there_and_sms_waits():
    user = UserFactory()
    messages.tell(to=user, **TOLD)
    states = dict(Message.objects.values_list("channel", "state"))
    assert states == {"INBOX": MessageState.SENT, "SMS": MessageState.PENDING}


def test_tell__user_without_phone__gets_inbox_only():
    messages.tell(to=UserFactory(staff=True), **TOLD)
    assert Message.objects.get().channel == Channel.INBOX


def test_tell__phone_without_account__gets_sms_only():
    messages.tell(phone="13800000001", **TOLD)
    row = Message.objects.get()
    assert (row.channel, row.phone, row.user) == (Channel.SMS, "13800000001", None)


def test_tell__same_occasion_twice__is_one_row_per_channel():
    user = UserFactory()
    for _ in range(2):
        messages.tell(to=user, dedupe="booking:1:reminder", **TOLD)
    assert Message.objects.count() == 2


def test_tell__act_rolled_back__leaves_nothing():
    user = UserFactory()
    with transaction.atomic():
        messages.tell(to=user, **TOLD)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_message_in_the_database__phone_and_words__are_not_readable():
    messages.tell(phone="13800000001", **TOLD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM accounts_message m")
        text = cursor.fetchone()[0]
    assert "13800000001" not in text
    assert "上午" not in text


def test_message_values__inserted_by_hand__is_the_row_tell_writes():
    (values,) = messages.message_values(phone="13800000001", **TOLD)
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO accounts_message ({', '.join(values)}) SELECT {marks}",
            list(values.values()),
        )
    assert Message.objects.get().phone == "13800000001"


def test_deliver__waiting_sms__is_sent_once(provider):
    fake = provider()
    MessageFactory()
    assert delivery.deliver_due() == 1
    assert delivery.deliver_due() == 0
    assert len(fake.got) == 1
    assert Message.objects.get().state == MessageState.SENT


def test_deliver__not_yet_due__waits(provider):
    fake = provider()
    MessageFactory(not_before=timezone.now() + timedelta(hours=1))
    delivery.deliver_due()
    assert fake.got == []


def test_deliver__too_late__is_not_sent(provider):
    fake = provider()
    MessageFactory(not_after=timezone.now() - timedelta(seconds=1))
    delivery.deliver_due()
    assert fake.got == []
    assert Message.objects.get().state == MessageState.TOO_LATE


def test_deliver__inbox_for_later__appears_when_its_time_has_come(provider):
    provider()
    user = UserFactory(staff=True)
    messages.tell(to=user, not_before=timezone.now() + timedelta(hours=1), **TOLD)
    delivery.deliver_due()
    assert messages.unread_count(user) == 0
    delivery.show_waiting_inbox(timezone.now() + timedelta(hours=2))
    assert messages.unread_count(user) == 1


@pytest.mark.parametrize("idempotent", [False, True])
def test_deliver__sixth_message_of_the_day__is_capped(provider, idempotent):
    fake = provider(idempotent=idempotent)
    user = UserFactory()
    MessageFactory.create_batch(7, user=user)
    MessageFactory(kind=messages.SIGN_IN_CODE, user=user)
    delivery.deliver_due()
    assert len(fake.got) == 5 + 1
    assert Message.objects.filter(state=MessageState.CAPPED).count() == 2


@pytest.mark.parametrize("idempotent", [False, True])
def test_deliver__urgent_after_the_days_share__still_goes(provider, idempotent):
    fake = provider(idempotent=idempotent)
    user = UserFactory()
    MessageFactory.create_batch(6, user=user)
    urgent = MessageFactory(user=user, urgent=True, title="预约被取消，请另选时间")
    delivery.deliver_due()
    assert urgent in fake.got
    assert len(fake.got) == 5 + 1


@pytest.mark.parametrize("idempotent", [False, True])
def test_deliver__too_many_urgent__are_capped_too(provider, settings, idempotent):
    settings.URGENT_MESSAGES_PER_DAY = 6
    fake = provider(idempotent=idempotent)
    user = UserFactory()
    MessageFactory.create_batch(8, user=user, urgent=True)
    delivery.deliver_due()
    assert len(fake.got) == 6
    assert Message.objects.filter(state=MessageState.CAPPED).count() == 2


def test_deliver__ordinary_after_urgent__gives_way(provider):
    fake = provider()
    user = UserFactory()
    earlier = timezone.now() - timedelta(minutes=5)
    MessageFactory.create_batch(5, user=user, urgent=True, not_before=earlier)
    ordinary = MessageFactory(user=user)
    delivery.deliver_due()
    assert len(fake.got) == 5
    assert ordinary not in fake.got


def test_deliver__sign_in_code__goes_before_what_waited_longer(provider):
    fake = provider()
    MessageFactory(not_before=timezone.now() - timedelta(hours=1))
    code = MessageFactory(kind=messages.SIGN_IN_CODE)
    delivery.deliver_due()
    assert fake.got[0] == code


def test_deliver__gateway_is_away__is_tried_again_later_and_given_up_in_the_end(provider):
    provider(*[gateways.NotTaken("连接不上")] * 9)
    row = MessageFactory()
    for _ in range(9):
        Message.objects.filter(state=MessageState.PENDING).update(not_before=timezone.now())
        delivery.deliver_due()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MessageState.FAILED, 5)


def test_deliver__gateway_refuses__is_not_tried_again(provider):
    fake = provider(gateways.Refused("空号"))
    MessageFactory()
    delivery.deliver_due()
    delivery.deliver_due()
    assert len(fake.got) == 1
    assert Message.objects.get().error == "空号"


def test_deliver__answer_never_came__is_not_sent_twice(provider):
    fake = provider(gateways.Unclear("没有答复"))
    MessageFactory()
    delivery.deliver_due()
    assert Message.objects.get().state == MessageState.UNCONFIRMED
    assert len(fake.got) == 1


def test_sweep__worker_died_in_the_gateway__is_unconfirmed_not_sent_again(provider):
    fake = provider()
    _claimed_long_ago()
    delivery.sweep()
    assert Message.objects.get().state == MessageState.UNCONFIRMED
    assert fake.got == []


def test_sweep__worker_died_and_gateway_drops_copies__is_sent_again(provider):
    fake = provider(idempotent=True)
    _claimed_long_ago()
    delivery.sweep()
    assert len(fake.got) == 1


def test_withdraw__booking_cancelled__its_reminder_is_not_sent(provider):
    fake = provider()
    about = UserFactory()
    messages.tell(phone="13800000001", about=about, **TOLD)
    messages.withdraw(about)
    delivery.deliver_due()
    assert fake.got == []


def test_nudge__many_in_a_second__wake_the_delivery_once(
    settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.MESSAGES_NUDGE_SECONDS = 60
    monkeypatch.setattr(messages, "_next_nudge", 0.0)
    sent = []
    monkeypatch.setattr(dispatch, "send", lambda task, *args, **options: sent.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            messages.tell(phone=f"1380000000{number}", **TOLD)
        messages.tell(phone="13800000009", **TOLD | {"kind": messages.SIGN_IN_CODE})
    assert sent == [{"countdown": 60}, {"countdown": None}]


def test_forget_codes__yesterdays_code__is_removed():
    MessageFactory(kind=messages.SIGN_IN_CODE, created_at=timezone.now() - timedelta(days=2))
    kept = MessageFactory(created_at=timezone.now() - timedelta(days=2))
    delivery.forget_codes()
    assert list(Message.objects.all()) == [kept]


class Provider(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        if self.server.answer == "hang up":
            self.connection.close()
            return
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def relay(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.got, server.answer = [], 202
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/sms"
    settings.SMS_GATEWAY_KEY_ID, settings.SMS_GATEWAY_SECRET = "portal", "secret"
    settings.SMS_GATEWAY_TIMEOUT = 2
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_http_gateway__message__is_signed_and_carries_its_id(relay):
    message = MessageFactory()
    gateways.HttpGateway().send(message)
    headers, body = relay.got[0]
    signer = hmac.HMAC(b"secret", hashes.SM3())
    signer.update(headers["X-Timestamp"].encode() + b"\n" + body)
    assert headers["X-Signature"] == signer.finalize().hex()
    assert headers["Idempotency-Key"] == str(message.pk)
    assert json.loads(body)["text"] == message.body


@pytest.mark.parametrize(
    "answer, outcome",
    [
        (400, gateways.Refused),
        (429, gateways.NotTaken),
        (503, gateways.NotTaken),
        (500, gateways.Unclear),
        ("hang up", gateways.Unclear),
    ],
)
def test_http_gateway__answer__says_what_became_of_the_message(relay, answer, outcome):
    relay.answer = answer
    with pytest.raises(outcome):
        gateways.HttpGateway().send(MessageFactory())


def test_http_gateway__nobody_listens__was_not_taken(settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    with pytest.raises(gateways.NotTaken):
        gateways.HttpGateway().send(MessageFactory())


def _claimed_long_ago():
    long_ago = timezone.now() - timedelta(minutes=11)
    return MessageFactory(
        state=MessageState.SENDING,
        claim="0" * 32,
        claimed_at=long_ago,
        attempts=1,
    )
