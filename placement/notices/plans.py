"""What employers are told of the year's demand."""

from django.urls import reverse

from accounts import messages
from services.models import PartnerMember
from veterans_portal import chinese_dates

KIND = "placement.demand"


def tell_partners(partners, title_and_body, *, year, dedupe=None):
    """Tell everybody who acts for one of `partners` today; of those without members the contact."""
    title, body = title_and_body
    partners = {each.pk: each for each in partners}
    members = PartnerMember.objects.in_force().filter(partner__in=partners).select_related("user")
    reached = set()
    for member in members:
        reached.add(member.partner_id)
        messages.tell(
            to=member.user, kind=KIND, title=title, body=body, about=partners[member.partner_id],
            url=reverse("placement:room_demand", args=[member.partner_id, year]),
            dedupe=f"{dedupe}:{member.partner_id}:{member.user_id}" if dedupe else None,
        )  # fmt: skip
    for pk, partner in partners.items():
        if pk not in reached:
            messages.tell(
                phone=partner.contact_phone, kind=KIND, title=title, body=body, about=partner,
                dedupe=f"{dedupe}:{pk}:contact" if dedupe else None,
            )  # fmt: skip


def _until(call):
    return chinese_dates.date_with_year(call.closes_on)


def called(call):
    return (
        f"请填报{call.year}年度安置岗位需求",
        f"{call.station.name}正在征集{call.year}年度安排工作的岗位。"
        f"请在{_until(call)}前登录平台，在“合作单位”里填报编制、缺编和岗位。",
    )


def moved(call):
    return (
        f"{call.year}年度岗位需求填报截止日期有变",
        f"现在请在{_until(call)}前填报。",
    )


def closing(call):
    return (
        f"{call.year}年度岗位需求还没有填报",
        f"请在{_until(call)}前登录平台，在“合作单位”里填报。",
    )


def returned(demand):
    return (
        "岗位需求请修改",
        f"{demand.year}年度岗位需求退回修改，原因：{demand.reason}。改好后请再次提交。",
    )


def accepted(demand):
    return (
        "岗位需求已采纳",
        f"{demand.year}年度岗位需求已采纳，会列入安置计划。",
    )
