"""What holders are told about papers the portal issued."""

from accounts import messages
from services.notices import matters
from veterans_portal import chinese_dates

KIND = "services.document"


def tell_holder(document, title_and_body):
    """Tell whoever it was made out to: by the matter, else the file's account, else its phone."""
    if document.matter is not None:
        matters.tell(document.matter, title_and_body, urgent=True)
        return
    person = document.person
    if person.account_id is None and not person.phone:
        return
    title, body = title_and_body
    messages.tell(
        to=person.account, phone=None if person.account_id else person.phone, kind=KIND,
        title=title, body=body, about=document, urgent=True,
    )  # fmt: skip


def revoked(document):
    station = document.station
    return (
        f"{document.get_kind_display()}已作废",
        f"{station.name}{chinese_dates.day(document.issued_at)}出具的{document.get_kind_display()}"
        f"（校验码尾号{document.code[-4:]}）已作废，请不要再使用。原因：{document.revoked_reason}。"
        f"有疑问请拨打{station.phone or '12345'}。",
    )
