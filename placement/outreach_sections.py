"""What "we come to you" adds: to the work desk people to see or phone, to one's own page what was found."""

from django.db.models import Count, Window
from django.urls import reverse

from placement.enums.outreach import LeadState
from placement.models import OutreachLead, OutreachTask
from services import perms
from services.enums import RuleKind, RuleState
from services.models import RuleVersion
from services.own_panels import Panel
from services.worklist import SHOWN, Item, Section, first_of, reach


def people_to_see(user, *, below):
    """Open visits by their term; none when nothing waits."""
    rows = OutreachTask.objects.visible_to(user).open()
    rows = reach(rows, user, below=below)
    rows = rows.with_all().order_by("due_on", "pk")
    rows = first_of(rows, due="due_on")
    if not rows:
        return None
    items = [
        Item(
            title=each.lead.person.name,
            job="上门联系",
            url=each.get_absolute_url(),
            due=each.due_on,
            note=each.station.name if below else each.lead.version.offer_title,
        )
        for each in rows
    ]
    first = rows[0]
    url = reverse("placement:desk_outreach") + ("?reach=below" if below else "")
    return Section("我来找您", url, items, first.in_all, first.late, first.today, unit="人")


def rules_to_publish(user, *, below):
    """Rules that a colleague has finished, for reviewers and heads of the city and districts."""
    rows = RuleVersion.objects.visible_to(user).waiting().filter(rule__kind=RuleKind.OUTREACH)
    rows = rows.exclude(author=user).select_related("rule__station", "author")
    mine = [
        each for each in rows.order_by("asked_at", "pk")
        if perms.may_publish_rules(user, each.rule.station)
    ]  # fmt: skip
    if not mine:
        return None
    items = [
        Item(
            title=each.rule.title,
            job="预览并发布",
            url=reverse("placement:desk_outreach_preview", args=[each.pk]),
            at=each.asked_at,
            note=f"{each.author.name}起草",
        )
        for each in mine[:SHOWN]
    ]
    url = f"{reverse('placement:desk_outreach_rules')}?state={RuleState.DRAFT}"
    return Section("等待发布的规则", url, items, len(mine), unit="条")


def found_for_you(user, person):
    """The newest that was found for the reader and how many in all; none when nothing is open."""
    if person is None:
        return None
    rows = OutreachLead.objects.filter(person=person, state=LeadState.OPEN)
    rows = list(rows.select_related("version").annotate(in_all=Window(Count("pk")))[:1])
    if not rows:
        return None
    newest = rows[0]
    more = f"等{newest.in_all}项" if newest.in_all > 1 else ""
    return Panel(
        "为您找到的服务",
        f"{newest.version.offer_title}{more}",
        reverse("placement:my_outreach"),
        "查看",
    )
