"""The outbox: what people are told is a row, written with the act it tells of.

In-portal messages are there at once. SMS and e-mail rows wait for `accounts.delivery`, which Celery
runs after the commit and beat runs again for what the broker never heard of.
"""

import time
from threading import Lock

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import dispatch
from accounts.audit import column_values
from accounts.enums import Channel, MessageState
from accounts.models import Message
from veterans_portal import crypto

SIGN_IN_CODE = "accounts.sign_in_code"

_lock = Lock()
_next_nudge = 0.0


def tell(**what):
    """Tell a user (`to`), or whoever answers `phone` or `email`, something; call it in the act.

    Wants `kind`, `title` and `body`; may take `to`, `phone`, `email`, `url`, `about`, `not_before`,
    `not_after`, `dedupe`, `channels` and `urgent`.

    Users get an in-portal message always, and an SMS when a phone is known. `kind` says for what
    (SIGN_IN_CODE goes out at once and under a limit of its own), `about` is the object it is about,
    `not_before`/`not_after` bound when it may be sent, `dedupe` names the occasion so that it is
    told once however often this runs, `channels` narrows to some of `accounts.enums.Channel`.
    `urgent` is for what somebody would act wrongly without knowing today: what the station cancelled
    or moved, a place held, a result, papers asked for; ordinary SMS never use up its share.
    """
    rows = _rows(**what)
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == MessageState.PENDING for row in rows):
        nudge(at_once=what["kind"] == SIGN_IN_CODE)


def message_values(**what):
    """Return what `tell` would write, given the same keywords, as a list of `{column: database value}`, one per channel.

    For an act that inserts them inside a statement of its own; it calls `nudge` itself.
    """
    return [column_values(row) for row in _rows(**what)]


def withdraw(about, *, kind=None, to=None):
    """Take back what was not sent yet about an object (of one kind, to one user); returns how many rows."""
    waiting = Message.objects.filter(
        about_type=about._meta.label_lower, about_id=str(about.pk), state=MessageState.PENDING
    )
    if kind:
        waiting = waiting.filter(kind=kind)
    if to is not None:
        waiting = waiting.filter(user=to)
    return waiting.update(state=MessageState.CANCELLED)


def unconfirmed_about(about):
    """Messages about an object of which nobody knows whether they arrived, newest first."""
    return Message.objects.filter(
        about_type=about._meta.label_lower,
        about_id=str(about.pk),
        state=MessageState.UNCONFIRMED,
    ).order_by("-created_at")


def nudge(*, at_once=False):
    """After the commit, wake the delivery: at most once a second in this process.

    The task starts a second later, so what is written meanwhile goes with it; `at_once` is for
    sign-in codes, whose reader waits.
    """
    transaction.on_commit(lambda: _wake(at_once))


def unread_count(user):
    """How many messages the user has not opened yet."""
    return Message.objects.inbox_of(user).filter(read_at__isnull=True).count()


def _wake(at_once):
    from accounts.tasks.delivery import deliver_messages

    global _next_nudge
    pause = settings.MESSAGES_NUDGE_SECONDS
    if not at_once:
        with _lock:
            now = time.monotonic()
            if now < _next_nudge:
                return
            _next_nudge = now + pause
    dispatch.send(deliver_messages, countdown=None if at_once else pause)


def _rows(
    *,
    kind,
    title,
    body,
    to=None,
    phone=None,
    email=None,
    url="",
    about=None,
    not_before=None,
    not_after=None,
    dedupe=None,
    channels=None,
    urgent=False,
):
    now = timezone.now()
    starts = max(not_before or now, now)
    phone = phone or (to.phone if to is not None else None)
    addressees = {
        Channel.INBOX: to is not None,
        Channel.SMS: bool(phone),
        Channel.EMAIL: bool(email),
    }
    wanted = [each for each, known in addressees.items() if known]
    if channels is not None:
        wanted = [each for each in wanted if each in channels]
    return [
        _row(
            channel,
            at=now,
            user=to,
            phone=phone if channel == Channel.SMS else None,
            email=email if channel == Channel.EMAIL else None,
            kind=kind,
            title=title,
            body=body,
            url=url,
            about_type=about._meta.label_lower if about is not None else "",
            about_id=str(about.pk or "") if about is not None else "",
            not_before=starts,
            not_after=not_after,
            urgent=urgent,
            dedupe=f"{dedupe}:{channel}" if dedupe else None,
        )
        for channel in wanted
    ]


def _row(channel, *, at, phone, **values):
    read_now = channel == Channel.INBOX and values["not_before"] <= at
    return Message(
        channel=channel,
        created_at=at,
        phone=phone,
        phone_index=crypto.blind_index("phone", phone) if phone else None,
        state=MessageState.SENT if read_now else MessageState.PENDING,
        sent_at=at if read_now else None,
        **values,
    )
