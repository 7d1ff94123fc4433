"""Delivery of the outbox: each message is claimed and committed first, then handed to a gateway.

A worker that dies between the two leaves a row that says so (未能确认是否送达) and is not sent
a second time, unless the gateway drops second copies by itself.
"""

import uuid
from datetime import datetime, time, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import Channel, MessageState
from accounts.gateways import NotTaken, Refused, Unclear, gateway_for
from accounts.messages import SIGN_IN_CODE
from accounts.models import Message

CLAIM_LASTS = timedelta(minutes=10)
CODES_ARE_KEPT = timedelta(days=1)
BACK_OFF_SECONDS = (30, 120, 600, 1800)
BATCH = 50
# What may have reached the person counts against the day's limit.
SPENT = [MessageState.SENT, MessageState.SENDING, MessageState.UNCONFIRMED]

log = structlog.get_logger(__name__)


def deliver_due():
    """Send everything that is due, sign-in codes first; returns how many were handed over."""
    show_waiting_inbox()
    sent = 0
    while batch := _claim():
        for message in batch:
            sent += _hand_over(message)
    return sent


def sweep():
    """What beat does: settle claims of workers that died, then deliver what waits."""
    settle_lost_claims()
    return deliver_due()


def show_waiting_inbox(now=None):
    """In-portal messages whose time has come appear; those whose time has passed never do."""
    now = now or timezone.now()
    due = Message.objects.due(now).filter(channel=Channel.INBOX)
    due.filter(not_after__lt=now).update(state=MessageState.TOO_LATE)
    due.update(state=MessageState.SENT, sent_at=now)


def settle_lost_claims(now=None):
    """Rows claimed over ten minutes ago: nobody knows whether they were sent."""
    now = now or timezone.now()
    lost = Message.objects.filter(state=MessageState.SENDING, claimed_at__lt=now - CLAIM_LASTS)
    for channel in lost.values_list("channel", flat=True).distinct():
        mine = lost.filter(channel=channel)
        if gateway_for(channel).idempotent:
            mine.update(state=MessageState.PENDING, claim=None, claimed_at=None)
        else:
            mine.update(state=MessageState.UNCONFIRMED, error="发送途中服务中断")


def forget_codes(now=None):
    """Sign-in codes are of no use after a day: their rows go."""
    now = now or timezone.now()
    old = Message.objects.filter(kind=SIGN_IN_CODE, created_at__lt=now - CODES_ARE_KEPT)
    return old.delete()[0]


def _claim():
    """Take hold of due messages and commit; those too late or over the limit are set aside.

    One at a time for a gateway that does not drop second copies, so that a killed worker leaves
    at most one message in doubt.
    """
    now = timezone.now()
    while True:
        with transaction.atomic():
            rows = _locked(now)
            taken = []
            for row in rows:
                if _may_go(row, now, taken):
                    taken.append(row)
            _hold(taken, now)
        if taken or not rows:
            return taken


def _locked(now):
    due = Message.objects.due(now).exclude(channel=Channel.INBOX)
    first = due.select_for_update(skip_locked=True, of=("self",)).order_by("not_before")
    codes = list(first.filter(kind=SIGN_IN_CODE)[:1])
    head = codes or list(first[:1])
    if not head or not gateway_for(head[0].channel).idempotent:
        return head
    same = first.filter(channel=head[0].channel)
    rows = list((same.filter(kind=SIGN_IN_CODE) if codes else same)[:BATCH])
    return sorted(rows, key=lambda row: row.phone_index or "")


def _may_go(row, now, before):
    if row.not_after is not None and row.not_after < now:
        _set_aside(row, MessageState.TOO_LATE)
        return False
    if row.channel == Channel.SMS and _over_the_limit(row, now, before):
        _set_aside(row, MessageState.CAPPED)
        return False
    return True


def _set_aside(row, state):
    Message.objects.filter(pk=row.pk).update(state=state)


def _over_the_limit(row, now, before):
    """Whether the phone had its share today; two workers ask for one phone in turn.

    Sign-in codes count alone. So do urgent messages; ordinary ones give way: they count whatever
    else was sent. `before` are the rows of the same batch that go first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [row.phone_index])
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    today = Message.objects.filter(
        phone_index=row.phone_index, channel=Channel.SMS, state__in=SPENT, claimed_at__gte=midnight
    )
    first = [each for each in before if each.phone_index == row.phone_index]
    if row.kind == SIGN_IN_CODE:
        ahead = sum(each.kind == SIGN_IN_CODE for each in first)
        return today.filter(kind=SIGN_IN_CODE).count() + ahead >= settings.CODES_PER_DAY
    today = today.exclude(kind=SIGN_IN_CODE)
    first = [each for each in first if each.kind != SIGN_IN_CODE]
    if row.urgent:
        ahead = sum(each.urgent for each in first)
        return today.filter(urgent=True).count() + ahead >= settings.URGENT_MESSAGES_PER_DAY
    return today.count() + len(first) >= settings.MESSAGES_PER_DAY


def _hold(rows, now):
    for row in rows:
        row.state = MessageState.SENDING
        row.claim = uuid.uuid4()
        row.claimed_at = now
        row.attempts += 1
    Message.objects.bulk_update(rows, ["state", "claim", "claimed_at", "attempts"])


def _hand_over(message):
    """Give one claimed message to its gateway and write down how it went; returns 1 if sent."""
    try:
        gateway_for(message.channel).send(message)
    except Refused as error:
        return _settle(message, MessageState.FAILED, error=str(error))
    except NotTaken as error:
        return _try_later(message, str(error))
    except Unclear as error:
        if gateway_for(message.channel).idempotent:
            return _try_later(message, str(error))
        return _settle(message, MessageState.UNCONFIRMED, error=str(error))
    _settle(message, MessageState.SENT, sent_at=timezone.now(), error="")
    return 1


def _try_later(message, error):
    log.warning("message_not_taken", message=str(message.pk), attempts=message.attempts)
    if message.attempts > len(BACK_OFF_SECONDS):
        return _settle(message, MessageState.FAILED, error=error)
    wait = timedelta(seconds=BACK_OFF_SECONDS[message.attempts - 1])
    return _settle(
        message,
        MessageState.PENDING,
        not_before=timezone.now() + wait,
        claim=None,
        error=error,
    )


def _settle(message, state, **values):
    if "error" in values:
        values["error"] = values["error"][:200]
    Message.objects.filter(pk=message.pk, claim=message.claim).update(state=state, **values)
    return 0
