"""Asking for a rating, and what follows a bad one."""

from django.urls import reverse
from django.utils import timezone

from accounts import messages
from accounts.enums import Channel
from accounts.models import User
from services.enums import Role
from services.models import Posting
from services.notices.links import absolute
from services.notices.matters import spoken_day
from services.notices.reaching import is_over, own_way

INVITE = "services.rating_invited"
MEND = "services.rating_mend"
RESULT = "services.rating_result"


def invite(invitation):
    """Send the link to the person of a matter, or to the phone given at the visit, if there is one."""
    to, phone = _rater(invitation)
    if to is None and not phone:
        return
    what = f"“{invitation.matter.kind.name}”" if invitation.matter_id else "这次来访"
    address = reverse("services:rate", args=[invitation.code])
    where = absolute(address) or "请登录平台，在消息里打开"
    messages.tell(
        to=to, phone=None if to is not None else phone, kind=INVITE, title="请您评价",
        body=f"{invitation.station.name}为您办的{what}办完了，请您评一评，点一下就好：{where}",
        about=invitation.matter or invitation.arrival, url=address if to is not None else "",
        not_after=invitation.expires_at, dedupe=f"rate:{invitation.pk}",
    )  # fmt: skip


def _rater(invitation):
    seen = invitation.matter or invitation.arrival
    if seen.person is not None and is_over(seen.proxy):
        return own_way(seen.person, seen.proxy) or (None, None)
    if invitation.matter_id:
        matter = invitation.matter
        account = matter.person.account if matter.person is not None else None
        if account is None and matter.by.is_citizen:
            account = matter.by
        return account, matter.applicant_phone
    arrival = invitation.arrival
    return (arrival.person.account if arrival.person_id else None), arrival.phone


def tell_menders(rectification, *, dedupe=None):
    """Reviewers and heads of the station that has to act; without any, those of the tier above."""
    for user in _menders(rectification.station):
        messages.tell(
            to=user, kind=MEND, title="有一个差评要回访",
            body=f"请在{spoken_day(rectification.call_by)}前回访，{spoken_day(rectification.close_by)}前整改完。",
            about=rectification, channels=[Channel.INBOX], dedupe=dedupe,
            url=reverse("services:desk_rectification", args=[rectification.pk]),
        )  # fmt: skip


def _menders(station):
    while station is not None:
        posted = Posting.objects.in_force(timezone.localdate()).filter(
            station=station, role__in=[Role.REVIEWER, Role.HEAD]
        )
        found = list(User.objects.filter(pk__in=posted.values("user")).order_by("pk"))
        if found:
            return found
        station = station.parent
    return []


def tell_result(rectification):
    """Tell the person what came of it."""
    invitation = rectification.rating.invitation
    to, phone = _rater(invitation)
    if to is None and not phone:
        return
    messages.tell(
        to=to, phone=None if to is not None else phone, kind=RESULT, title="您的评价有了结果",
        body=f"谢谢您的批评。{rectification.get_outcome_display()}：{rectification.measure}。"
             f"还有意见，请拨打{rectification.station.phone or '12345'}。",
        about=rectification, dedupe=f"rating-result:{rectification.pk}",
    )  # fmt: skip
