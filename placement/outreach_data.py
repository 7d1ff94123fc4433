"""What "we come to you" holds about a signed-in person."""

from accounts.my_data import Section
from placement.models import OutreachLead, OutreachRefusal, OutreachTask
from veterans_portal import chinese_dates

SHOWN = 50


def subjects(user):
    """What was found, the visits it led to, and refusals."""
    leads = OutreachLead.objects.filter(person__account=user)
    tasks = OutreachTask.objects.filter(lead__person__account=user)
    return [*leads[:SHOWN], *tasks[:SHOWN], *OutreachRefusal.objects.filter(person__account=user)]


def sections(user):
    """What was found and why; what the person does not want."""
    leads = OutreachLead.objects.filter(person__account=user)
    found = [
        [
            ("服务", lead.version.offer_title),
            ("为什么", "；".join(lead.reasons_for(health=True))),
            ("发现日期", chinese_dates.plain(lead.found_at)),
            ("状态", lead.get_state_display()),
        ]
        for lead in leads.select_related("version")[:SHOWN]
    ]
    refused = [
        [
            ("不需要", each.rule.title if each.rule else "所有主动服务"),
            ("说明日期", chinese_dates.plain(each.at)),
            ("恢复日期", chinese_dates.plain(each.ended_at)),
        ]
        for each in OutreachRefusal.objects.filter(person__account=user).select_related("rule")
    ]
    return [
        *([Section("为您找到的服务", rows=found)] if found else []),
        *([Section("不需要的主动服务", rows=refused)] if refused else []),
    ]
