"""What is told about files that may be one person's."""

from django.urls import reverse
from django.utils import timezone

from accounts import messages
from accounts.enums import Channel
from accounts.models import User
from services import perms
from services.enums import Role
from services.models import Posting

KIND = "services.duplicate"


def tell_other_side(pair, by):
    """Ask the reviewers of the file that the proposer does not review."""
    for person in (pair.first, pair.second):
        if perms.may_review_file(by, person.station):
            continue
        posted = Posting.objects.in_force(timezone.localdate()).filter(
            station__path=perms.review_path(person.station),
            role__in=[Role.REVIEWER, Role.HEAD],
        )
        for user in User.objects.filter(pk__in=posted.values("user")).order_by("pk"):
            _tell(pair, user, "有两份档案提议合并",
                  f"对方站点认为本站一份档案与他们的一份是同一人：{pair.reason}。请核对后答复。")  # fmt: skip


def tell_proposer(pair):
    """Say that the other side did not agree, and why."""
    _tell(pair, pair.proposed_by, "合并提议没有通过", f"对方站点没有同意合并：{pair.reason}。")


def tell_told_apart(pair):
    """Say to who proposed a merge that the two were found to be different people, and why."""
    _tell(
        pair, pair.proposed_by, "提议合并的是两个人", f"已认定这两份档案不是同一人：{pair.reason}。"
    )


def tell_merged(pair, survivor):
    """Tell the person that there is one file now, and the colleague who proposed it."""
    if survivor.account_id is not None or survivor.phone:
        to = survivor.account
        messages.tell(
            to=to, phone=None if to is not None else survivor.phone, kind=KIND,
            title="您的两份档案已合并成一份",
            body=f"您的档案由{survivor.station.name}保管，原来办的事都在。"
                 f"有疑问请拨打{survivor.station.phone or '12345'}。",
            about=survivor, dedupe=f"merged:{pair.pk}",
        )  # fmt: skip
    if pair.proposed_by_id != pair.merged_by_id:
        _tell(pair, pair.proposed_by, "档案已合并", "对方站点同意了您的提议，档案已合并。")


def _tell(pair, user, title, body):
    messages.tell(
        to=user, kind=KIND, title=title, body=body, about=pair, channels=[Channel.INBOX],
        url=reverse("services:desk_duplicate", args=[pair.pk]),
    )  # fmt: skip
