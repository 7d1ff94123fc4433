"""At the window: call, call again, pass over, take up, hand over."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from services import arrival_rules as rules
from services.actions.arrivals.finishing import finish, settle
from services.actions.arrivals.trail import answered, locked, note_open_for, write
from services.enums import ArrivalAct, ArrivalState
from services.models import Arrival, Window
from services.models.arrival import IN_ORDER
from services.opening import closing_of

State = ArrivalState


def call_next(*, window, by, closed_reason="", client_key="", now=None):
    """Call whose turn it is to `window`; returns the Arrival, or None when nobody waits for it.

    A window that has somebody keeps them: a second tap, or a request whose answer was lost, gets
    the ticket already called. Two windows never call the same one: rows that another window is
    just calling are passed over, `arrival_one_at_a_window` stands behind it.

    While the window or its station is closed (a closure, an absence without stand-in) it calls
    those who came before that, or were taken in with a reason; others with a `closed_reason` only,
    which is audited. Raises ArrivalRefusedError when there is nobody it may call.
    """
    now = now or timezone.now()
    settle(before=timezone.localdate(now), window=window, now=now)
    with transaction.atomic():
        window = Window.objects.select_for_update(of=("self",), no_key=True).get(pk=window.pk)
        here = Arrival.objects.with_all().at_a_window().filter(window=window).first()
        if here is not None:
            return here
        if done := answered(by, client_key):
            return done
        queue = Arrival.objects.for_window(window).on_day(timezone.localdate(now)).waiting()
        shut, reason = closing_of(window, now=now), closed_reason.strip()[:120]
        if shut and not reason:
            queue = queue.filter(Q(arrived_at__lt=shut.since) | ~Q(closed_reason=""))
        queue = queue.select_for_update(of=("self",), no_key=True, skip_locked=True)
        mine = queue.with_all().in_turn(now).first()
        if mine is None and shut and not reason:
            raise rules.refusal_of_closed(shut)
        if mine is None:
            return None
        beyond = shut and mine.arrived_at >= shut.since and not mine.closed_reason
        mine.closed_reason = reason if beyond else mine.closed_reason
        mine.state, mine.window = State.CALLED, window
        mine.called_at, mine.called_by, mine.calls = now, by, 1
        changed = ["state", "window", "called_at", "called_by", "calls", "closed_reason"]
        mine.save(update_fields=changed)
        if beyond:
            note_open_for(mine, shut, by=by)
        write(
            mine, ArrivalAct.CALLED, by=by, at=now, window=window, client_key=client_key,
            words=reason if beyond else "",
        )  # fmt: skip
    return mine


def finish_and_call(*, arrival, window, by, client_key="", now=None):
    """Finish with one party and call the next: the hand's usual movement. Returns who was called.

    Two transactions: what is finished stays finished when nobody waits.
    """
    finish(arrival=arrival, by=by, window=window, client_key=client_key, now=now)
    return call_next(window=window, by=by, client_key=client_key and f"{client_key}+", now=now)


def recall(*, arrival, by, window=None, client_key="", now=None):
    """Call once more who was called and did not come yet; counts in `calls`."""
    now = now or timezone.now()
    with locked(arrival) as mine:
        if answered(by, client_key):
            return mine
        _must(mine, [State.CALLED], window)
        mine.calls += 1
        mine.save(update_fields=["calls"])
        write(mine, ArrivalAct.RECALLED, by=by, at=now, window=mine.window, client_key=client_key)
    return mine


def skip(*, arrival, by, window=None, client_key="", now=None):
    """Pass over who was called and did not come; they can be put back in line."""
    now = now or timezone.now()
    with locked(arrival) as mine:
        if mine.state == State.SKIPPED or answered(by, client_key):
            return mine
        _must(mine, [State.CALLED], window)
        mine.state = State.SKIPPED
        mine.save(update_fields=["state"])
        write(mine, ArrivalAct.SKIPPED, by=by, at=now, window=mine.window, client_key=client_key)
    return mine


def back_in_line(*, arrival, by, client_key="", now=None):
    """Who was passed over came after all: they wait again, among the walk-ins as of now."""
    now = now or timezone.now()
    with locked(arrival) as mine:
        if mine.state == State.WAITING or answered(by, client_key):
            return mine
        _must(mine, [State.SKIPPED])
        mine.state, mine.turn_at, mine.calls = State.WAITING, now, 0
        mine.save(update_fields=["state", "turn_at", "calls"])
        write(mine, ArrivalAct.BACK, by=by, at=now, window=mine.window, client_key=client_key)
    return mine


def draw_forward(*, arrival, by, reason, client_key="", now=None):
    """Put somebody who needs care before the walk-ins that wait at the station, with a note why."""
    now = now or timezone.now()
    words = reason.strip()[:120]
    with locked(arrival) as mine:
        if answered(by, client_key):
            return mine
        _must(mine, [State.WAITING])
        if not mine.needs_care:
            raise rules.ArrivalRefusedError(
                "只有登记为“需要照顾”的人可以优先。", code="needs_no_care"
            )
        if not words:
            raise rules.ArrivalRefusedError(
                "请写明为什么优先。", code="reason_missing", field="reason"
            )
        line = Arrival.objects.filter(station=mine.station, day=mine.day).waiting().in_turn(now)
        first = line.filter(place=IN_ORDER).order_by().aggregate(at=Min("turn_at"))["at"]
        mine.turn_at = min(first or now, mine.turn_at, now) - timedelta(microseconds=1)
        mine.save(update_fields=["turn_at"])
        write(
            mine, ArrivalAct.FORWARD, by=by, at=now, window=mine.window, words=words,
            client_key=client_key,
        )  # fmt: skip
    return mine


def begin(*, arrival, by, window=None, client_key="", now=None):
    """The party sits down: from here the matter is being dealt with."""
    now = now or timezone.now()
    with locked(arrival) as mine:
        if answered(by, client_key):
            return mine
        if mine.state == State.SERVING and (window is None or mine.window_id == window.pk):
            return mine
        _must(mine, [State.CALLED], window)
        mine.state, mine.begun_at = State.SERVING, now
        mine.save(update_fields=["state", "begun_at"])
        write(mine, ArrivalAct.BEGUN, by=by, at=now, window=mine.window, client_key=client_key)
    return mine


def hand_over(*, arrival, to_window, by, note="", window=None, client_key="", now=None):
    """Send a party on to another window, with all its history and its place in line.

    `window` is where the asking clerk sits. Raises ArrivalRefusedError.
    """
    now = now or timezone.now()
    with locked(arrival) as mine:
        if answered(by, client_key):
            return mine
        if mine.state == State.WAITING and mine.window_id == to_window.pk:
            return mine
        if refusal := rules.refusal_to_hand_over(mine, to_window):
            raise refusal
        _must(mine, [State.WAITING, State.CALLED, State.SERVING], window)
        if refusal := rules.refusal_to_send_to(to_window, closing_of(to_window, now=now)):
            raise refusal
        before = mine.window
        mine.state, mine.window = State.WAITING, to_window
        mine.called_at = mine.called_by = mine.begun_at = None
        mine.calls = 0
        mine.save(update_fields=["state", "window", "called_at", "called_by", "begun_at", "calls"])
        said = f"{before.number}号窗口→{to_window.number}号窗口" if before else ""
        write(
            mine, ArrivalAct.HANDED_OVER, by=by, at=now, window=to_window,
            words="：".join(filter(None, [said, note.strip()]))[:120], client_key=client_key,
        )  # fmt: skip
    return mine


def _must(arrival, states, window=None):
    if refusal := rules.refusal_to_act(arrival, states=states, window=window):
        raise refusal
