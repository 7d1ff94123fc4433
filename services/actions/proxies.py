"""Acting for others: asked for, checked by the person's station, ended by either side or by time.

An agent never learns from asking whether a file exists: the request waits at the station, which
checks the proof and the person's wish. Both are told of every step; both may end it at any time.
"""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit, messages
from accounts.models import User
from services import perms
from services.actions import waiting
from services.actions.disclosure import note_search, searches_today
from services.enums import ProxyState, Relation
from services.models import Person, Proxy
from services.models.person import ENDED
from services.notices import proxies as notices
from veterans_portal import locking
from veterans_portal.errors import DomainError

OPEN = [ProxyState.ASKED, ProxyState.ACTIVE]
FOR_ONESELF = "两份档案合并，代办人就是本人"
MOVES_LEGALLY = "proxy_state_moves_legally"


class ProxyError(DomainError):
    """A rule of acting for others refuses."""

    code = "proxy_refused"


def locked(proxy):
    """Return the proxy's row, locked until the transaction ends, with what acts and messages read."""
    rows = Proxy.objects.select_related("person__account", "person__station", "agent")
    return locking.locked(rows, getattr(proxy, "pk", proxy))


def people_of(user):
    """The proxies in force by which `user` acts, with their persons, by name."""
    mine = Proxy.objects.in_force().filter(agent=user).exclude(person__state__in=ENDED)
    return list(mine.select_related("person__station").order_by("person__name_pinyin", "pk"))


@transaction.atomic
def ask(*, person, by, relation, proof, ends_on, agent=None, agent_name="", agent_phone="",
        starts_on=None, proof_file="", proof_note=""):  # fmt: skip
    """Ask to act for a person: by the one who would (`agent` is `by`), or recorded at the counter.

    Recorded by staff it takes effect at once: they have seen the proof. Raises ProxyError; returns
    the Proxy.
    """
    starts_on = starts_on or timezone.localdate()
    check_period(starts_on, ends_on)
    if person.state in ENDED:
        raise ProxyError("这份档案已经停办，不能再登记代办。", code="file_ended")
    agent_name = agent_name or (agent.name if agent is not None else "")
    if not agent_name:
        raise ProxyError("请填写代办人的姓名。", code="name_missing", field="agent_name")
    if agent is not None and person.account_id == agent.pk:
        raise ProxyError("不能登记自己代自己办事。", code="oneself")
    if not by.is_staff_member:
        _refuse_often(person, by)
    else:
        _require_station(by, person)
        if agent is not None and agent.pk == by.pk and relation != Relation.VILLAGE_WORKER:
            raise ProxyError("工作人员代办的，关系请选“村（社区）工作人员”。", field="relation")
    proxy = Proxy(
        person=person, agent=agent, agent_name=agent_name,
        agent_phone=agent_phone or (agent.phone if agent else None), relation=relation,
        proof=proof, proof_file=proof_file, proof_note=proof_note, starts_on=starts_on,
        ends_on=ends_on, asked_by=by,
    )  # fmt: skip
    if by.is_staff_member:
        proxy.state, proxy.decided_by, proxy.decided_at = ProxyState.ACTIVE, by, timezone.now()
    try:
        with transaction.atomic():
            proxy.save(force_insert=True)
    except IntegrityError as clash:
        raise ProxyError(
            "这位代办人已有一份代办关系或申请，不用重复提出。", code="one_open"
        ) from clash
    _record("asked" if proxy.state == ProxyState.ASKED else "confirmed", proxy, by)
    if proxy.state == ProxyState.ACTIVE:
        notices.tell_both(proxy, notices.confirmed(proxy))
    else:
        notices.tell_person(proxy, notices.asked(proxy))
    return proxy


def _refuse_often(person, by):
    """Each asking tells the person by SMS, who may refuse, and be asked again: not without end.

    The page answers as if it were received: another answer would tell that there is such a file.
    """
    today = timezone.localdate()
    asked = Proxy.objects.filter(person=person, asked_by=by, asked_at__date=today).count()
    if asked >= settings.PROXY_ASKS_PER_PERSON_AND_DAY:
        raise ProxyError(
            f"您今天已为这位亲友提出过{asked}次，请明天再试，或和亲友一起到服务站当面登记。",
            code="too_many",
        )


def check_period(starts_on, ends_on):
    """Raise ProxyError when nobody could act so long, whoever it is for."""
    longest = starts_on + timedelta(days=settings.PROXY_MOST_DAYS)
    if ends_on < starts_on or ends_on < timezone.localdate():
        raise ProxyError("截止日期不应早于起始日期和今天。", field="ends_on")
    if ends_on > longest:
        raise ProxyError(
            f"代办最长{settings.PROXY_MOST_DAYS // 365}年，到期可以再办。", field="ends_on"
        )


@transaction.atomic
def confirm(*, proxy, by):
    """Find it right: the agent may act from now on. Never by the agent."""
    proxy = _waiting(proxy, by)
    if proxy.person.state in ENDED:
        raise ProxyError("这份档案已经停办，不能再确认代办。", code="file_ended")
    proxy.state, proxy.decided_by, proxy.decided_at = ProxyState.ACTIVE, by, timezone.now()
    proxy.save()
    _record("confirmed", proxy, by)
    notices.tell_both(proxy, notices.confirmed(proxy))
    return proxy


@transaction.atomic
def refuse(*, proxy, by, reason):
    """Not confirm it, with a reason that the agent reads."""
    proxy = _waiting(proxy, by)
    if not reason.strip():
        raise ProxyError("请写明原因，对方会看到。", field="reason")
    proxy.state, proxy.decided_by, proxy.decided_at = ProxyState.REFUSED, by, timezone.now()
    proxy.reason = reason.strip()[:200]
    proxy.save()
    _record("refused", proxy, by, reason=proxy.reason)
    notices.tell_agent(proxy, notices.refused(proxy))
    return proxy


@transaction.atomic
def end(*, proxy, by, reason=""):
    """End it, by the person, the agent, or the person's station; a second tap finds it ended."""
    proxy = locked(proxy)
    theirs = by.pk in (proxy.agent_id, proxy.person.account_id)
    if not theirs:
        _require_station(by, proxy.person)
    if proxy.state not in OPEN:
        return proxy
    return _end(proxy, by, reason)


def _end(proxy, by, reason, *, quietly=False):
    proxy.state, proxy.ended_by, proxy.ended_at = ProxyState.ENDED, by, timezone.now()
    proxy.reason = reason.strip()[:200]
    proxy.save()
    _record("ended", proxy, by, reason=proxy.reason)
    messages.withdraw(proxy)
    waiting.settle_unattended(proxy=proxy, now=proxy.ended_at)
    if not quietly:
        notices.tell_both(proxy, notices.ended(proxy))
    return proxy


@transaction.atomic
def end_with_file(*, person, by, reason, quietly=False):
    """End all that stand open for a file that is closed; returns how many."""
    open_ = Proxy.objects.filter(person=person, state__in=OPEN).order_by("pk")
    keys = list(open_.values_list("pk", flat=True))
    for pk in keys:
        _end(locked(pk), by, reason, quietly=quietly)
    return len(keys)


def end_for_oneself(*, person, by):
    """End what a merge of files turned into a proxy for oneself, telling nobody.

    Returns `[[id, state before]]` for `restore`, when the merge is taken back.
    """
    if person.account_id is None:
        return []
    own = Proxy.objects.filter(person=person, agent=person.account_id, state__in=OPEN)
    ended = [list(row) for row in own.order_by("pk").values_list("pk", "state")]
    for pk, _ in ended:
        _end(locked(pk), by, FOR_ONESELF, quietly=True)
    return ended


def restore(ended, *, by):
    """Put back what `end_for_oneself` ended; returns how many another open one stands against."""
    clashes = 0
    for pk, state in ended:
        proxy = locked(pk)
        proxy.state, proxy.ended_at, proxy.ended_by, proxy.reason = state, None, None, ""
        try:
            # The only way back from an end: it was none, the two files were not one person's.
            with pgtrigger.ignore(f"services.Proxy:{MOVES_LEGALLY}"), transaction.atomic():
                proxy.save()
        except IntegrityError:
            clashes += 1
        else:
            _record("restored", proxy, by)
    return clashes


def warn_of_ends(*, today=None):
    """Tell both, PROXY_WARNING_DAYS before, that it ends; once. Returns how many."""
    today = today or timezone.localdate()
    last = today + timedelta(days=settings.PROXY_WARNING_DAYS)
    soon = Proxy.objects.in_force(today).filter(ends_on__lte=last)
    rows = list(soon.select_related("person__account", "person__station", "agent"))
    for proxy in rows:
        notices.tell_both(proxy, notices.ends_soon(proxy), dedupe=f"proxy-ends:{proxy.pk}")
    return len(rows)


@transaction.atomic
def note_asking(*, by):
    """Count that `by` asks online, found or not. Raises ProxyError after PROXY_ASKS_PER_DAY."""
    locking.locked(User.objects, by.pk)
    if searches_today(kind="proxy", by=by) >= settings.PROXY_ASKS_PER_DAY:
        raise ProxyError(
            "您今天提出的次数较多，请明天再试，或和亲友一起到服务站当面登记。", code="too_many"
        )
    note_search(kind="proxy", found=0, by=by)


def find_person(*, name, id_number):
    """The file with this ID number if the name agrees, or None: for asking online, never told."""
    found = Person.objects.with_id_number(id_number).exclude(state__in=ENDED).first()
    return found if found is not None and found.name == name else None


def _waiting(proxy, by):
    proxy = locked(proxy)
    if proxy.agent_id == by.pk:
        raise ProxyError("代办人本人不能核对，请同事办理。", code="same_person")
    _require_station(by, proxy.person)
    if proxy.state != ProxyState.ASKED:
        raise ProxyError(
            f"这份代办关系{proxy.get_state_display()}，请刷新页面查看。", code="wrong_state"
        )
    return proxy


def _require_station(by, person):
    if not by.is_staff_member or not perms.may_keep_file(by, person.station):
        raise ProxyError("您不是这个站点的经办人，不能办理。", code="not_allowed")


def _record(deed, proxy, by, **detail):
    audit.record(
        f"services.proxy_{deed}", proxy, by=by, station=proxy.person.station,
        on_behalf_of=proxy.person, detail={"relation": proxy.relation} | detail,
    )  # fmt: skip
