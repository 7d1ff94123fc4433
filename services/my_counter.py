"""What the counter holds about a signed-in person: who acts for whom, visits, waiting, ratings, partners.

For `services.my_data`. Each section is left out while it is empty.
"""

from django.db.models import Q

from accounts.my_data import Section
from services.enums import ProxyState
from services.models import Arrival, PartnerMember, Proxy, Rating, Transfer, WaitingEntry
from veterans_portal import chinese_dates

SHOWN = 50


def subjects(user):
    """Who may act for the person, and the moves of their file."""
    return [
        *Proxy.objects.filter(person__account=user)[:SHOWN],
        *Transfer.objects.filter(person__account=user)[:SHOWN],
    ]


def sections(user):
    """Proxies in both directions, transfers, the waiting list, visits, ratings of one's own, partners."""
    found = [
        Section("代办关系", rows=_proxies(user)),
        Section("档案转站", rows=_transfers(user)),
        Section("候补", rows=_waiting(user)),
        Section("到访", rows=_visits(user)),
        Section("我的评价", rows=_ratings(user)),
        Section("合作单位", rows=_partners(user)),
    ]
    return [each for each in found if each.rows]


def _proxies(user):
    """What one asked for and nobody answered is left out: it would tell that there is such a file."""
    mine = Q(person__account=user) | (Q(agent=user) & ~Q(state=ProxyState.ASKED))
    found = (
        Proxy.objects.filter(mine).select_related("person", "agent").order_by("-asked_at", "-pk")
    )
    return [
        [
            ("本人", each.person.name),
            ("代办人", each.agent_name),
            ("关系", each.get_relation_display()),
            ("证明", each.get_proof_display()),
            ("期限", f"{_day(each.starts_on)}至{_day(each.ends_on)}"),
            ("状态", each.get_state_display()),
        ]
        for each in found[:SHOWN]
    ]


def _partners(user):
    """The organisations one acts or acted for, by the name given there."""
    found = PartnerMember.objects.filter(user=user).select_related("partner")
    return [
        [
            ("单位", each.partner.name),
            ("登记的姓名", each.name),
            ("期限", f"{_day(each.since)}起" + (f"至{_day(each.until)}" if each.until else "")),
        ]
        for each in found[:SHOWN]
    ]


def _transfers(user):
    found = Transfer.objects.filter(person__account=user).select_related("station", "to_station")
    return [
        [
            ("提出时间", chinese_dates.moment(each.asked_at)),
            ("转出站点", each.station.name),
            ("转入站点", each.to_station.name),
            ("原因", each.reason),
            ("状态", each.get_state_display()),
            ("答复", each.answer),
        ]
        for each in found.order_by("-asked_at")[:SHOWN]
    ]


def _waiting(user):
    found = WaitingEntry.objects.filter(_own(user)).select_related("offering", "station")
    return [
        [
            ("项目", each.offering.title),
            ("地点", each.station.name),
            ("日期", _day(each.day)),
            ("人数", str(each.heads)),
            ("排队时间", chinese_dates.moment(each.joined_at)),
            ("状态", each.get_state_display()),
        ]
        for each in found.order_by("-joined_at", "-pk")[:SHOWN]
    ]


def _visits(user):
    own = Q(person__account=user) | Q(person=None, booking__by=user, booking__person=None)
    found = Arrival.objects.filter(own).select_related("station", "item")
    return [
        [
            ("日期", _day(each.day)),
            ("号", each.ticket),
            ("地点", each.station.name),
            ("事项", each.item.name if each.item else ""),
            ("来的人", each.came_for or each.name),
            ("状态", each.get_state_display()),
        ]
        for each in found.order_by("-arrived_at", "-pk")[:SHOWN]
    ]


def _ratings(user):
    """Of matters and visits that the person saw to themselves: who rated for another is not told."""
    matter = Q(invitation__matter__proxy=None, invitation__matter__on_behalf=False) & (
        Q(invitation__matter__person__account=user)
        | Q(invitation__matter__by=user, invitation__matter__person=None)
    )
    visit = Q(
        invitation__arrival__person__account=user, invitation__arrival__proxy=None,
        invitation__arrival__came_for="",
    )  # fmt: skip
    found = Rating.objects.filter(matter | visit).select_related("station")
    return [
        [
            ("评价时间", chinese_dates.moment(each.rated_at)),
            ("站点", each.station.name),
            ("评价", each.get_grade_display()),
            ("想说的话", each.words),
        ]
        for each in found.order_by("-rated_at")[:SHOWN]
    ]


def _own(user):
    return Q(person__account=user) | Q(by=user, person=None)


def _day(day):
    return chinese_dates.plain(day)
