"""What partners are told of their application and of the work with them."""

from accounts import messages

KIND = "services.partner"


def tell(partner, title_and_body):
    """Tell whoever applied, if it was a citizen's account, else the contact's phone."""
    title, body = title_and_body
    who = partner.applied_by
    to = who if who.is_citizen else None
    messages.tell(
        to=to,
        phone=None if to is not None else partner.contact_phone,
        kind=KIND,
        title=title,
        body=body,
        about=partner,
    )


def tell_member(member, title_and_body):
    """Tell whoever was put onto a partner's list: it was done without them."""
    title, body = title_and_body
    messages.tell(to=member.user, kind=KIND, title=title, body=body, about=member.partner)


def added(partner):
    return (
        "您成为了合作单位的成员",
        f"{partner.name}把您加为单位成员，您可以在“合作单位”里为它办理。"
        f"不是您同意的，请告诉我们。{_call(partner)}",
    )


def _call(partner):
    return f"有疑问请拨打{partner.station.phone or '12345'}。"


def approved(partner):
    return (
        "单位合作已开通",
        f"{partner.name}的合作申请已通过。请用手机号登录，在“合作单位”里办理。{_call(partner)}",
    )


def refused(partner):
    return (
        "单位合作申请没有通过",
        f"{partner.name}的合作申请没有通过，原因：{partner.reason}。"
        f"改好以后可以再次提交。{_call(partner)}",
    )


def ended(partner):
    return (
        "单位合作已终止",
        f"与{partner.name}的合作已终止，原因：{partner.reason}。{_call(partner)}",
    )
