"""Telling somebody what was found for them: by day, with what it is, who comes, and how to decline."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts import messages
from veterans_portal.daytime import next_daytime

FOUND = "placement.outreach_found"
STALE = timedelta(days=14)


def tell_found(lead):
    """Write the message about a lead (person with station and account loaded); nobody when nobody can
    be reached."""
    person, version = lead.person, lead.version
    if person.account_id is None and not person.phone:
        return
    at = next_daytime(timezone.now())
    messages.tell(
        to=person.account, phone=None if person.account_id else person.phone, kind=FOUND,
        title=version.offer_title, body=_body(lead, person, version), about=lead,
        url=reverse("placement:my_outreach") if person.account_id else "",
        not_before=at, not_after=at + STALE, dedupe=f"outreach:{lead.pk}",
    )  # fmt: skip


def _body(lead, person, version):
    phone = person.station.phone or "12345"
    comes = f"{person.station.name}会与您联系，上门前先打电话。" if version.visit else ""
    return (
        f"{version.offer_words.rstrip('。')}。{comes}咨询{person.station.name}：{phone}。"
        "不需要的，登录后在“为您找到的服务”里说明，或打电话告诉服务站。"
    )
