"""What the counter adds to the work desk: who may act for whom, grades to call back, cards to move on."""

from itertools import pairwise

from django.db.models import Q
from django.urls import reverse

from services import perms
from services.card_rules import NOTED_BY, WAY
from services.enums import ProxyState, Role
from services.models import Card, Proxy, Rectification
from services.worklist import Item, Section, first_of, reach


def proxies_to_check(user, *, below):
    """Requests to act for somebody, oldest first; none when nothing waits."""
    rows = Proxy.objects.visible_to(user).filter(state=ProxyState.ASKED)
    rows = reach(rows, user, below=below, path="person__station__path")
    rows = rows.select_related("person__station").order_by("asked_at", "pk")
    rows = first_of(rows)
    if not rows:
        return None
    items = [
        Item(
            title=each.person.name,
            job="代办核对",
            url=reverse("services:desk_proxy", args=[each.pk]),
            at=each.asked_at,
            note=each.person.station.name if below else f"{each.agent_name}代办",
        )
        for each in rows
    ]
    return Section("等待核对的代办", reverse("services:desk_proxies"), items, rows[0].in_all)


def grades_to_mend(user, *, below):
    """Bad grades by the day to call back, for reviewers and heads; none when nothing waits."""
    scope = perms.scope_of(user)
    if not {role for _, role in scope.postings} & {Role.REVIEWER, Role.HEAD}:
        return None
    rows = Rectification.objects.visible_to(user).open()
    rows = reach(rows, user, below=below)
    rows = rows.select_related("station", "rating").order_by("call_by", "pk")
    rows = first_of(rows, due="call_by")
    if not rows:
        return None
    items = [
        Item(
            title=each.rating.get_grade_display(),
            job="差评回访",
            url=reverse("services:desk_rectification", args=[each.pk]),
            due=each.call_by,
            note=each.station.name,
        )
        for each in rows
    ]
    first = rows[0]
    return Section(
        "要回访的差评",
        reverse("services:desk_ratings"),
        items,
        first.in_all,
        first.late,
        first.today,
    )


def cards_to_move_on(user, *, below):
    """Cards whose next step is the reader's to note, longest on their way first; none when there
    are none. Acceptance is the matter's; without `below` the steps of exactly the reader's tier."""
    mine = _steps_of(perms.scope_of(user), below)
    if not mine:
        return None
    rows = Card.objects.filter(mine).select_related("person", "station")
    rows = first_of(rows.order_by("created_at", "pk"))
    if not rows:
        return None
    items = [
        Item(
            title=each.person.name,
            job=f"等登记“{NEXT[each.state].label}”",
            url=reverse("services:desk_card", args=[each.pk]),
            at=each.created_at,
            note=each.station.name if below else "",
        )
        for each in rows
    ]
    address = reverse("services:desk_cards")
    return Section("优待证进度", address, items, rows[0].in_all, unit="张")


NEXT = dict(pairwise(WAY[1:]))


def _steps_of(scope, below):
    """Where cards stand, and in which state, that a Scope may move on (`card_rules.may_note`)."""
    mine = Q()
    for path, role in scope.postings:
        for state, to in NEXT.items():
            tier, roles = NOTED_BY[to]
            depth = path.count("/")
            if role not in roles or depth > tier:
                continue
            under = {"station__path__startswith": path}
            reach = under if below or depth == tier else {"station__path": path}
            mine |= Q(state=state, **reach)
    return mine
