"""Self-registration: a file is claimed at once, or a clerk of the address's station decides.

A claim needs name, ID number and the account's verified phone to agree with an unclaimed file.
Everything else becomes a request with the same words, so nobody learns from the answer whether a
number is on file (`domain.md` D.4). Locks are taken in one order: request, account, file.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit, messages
from accounts.actions.consents import give_consent
from accounts.models import User
from services import perms
from services.actions.identities import declare_identity
from services.actions.persons import (
    create_file,
    locked,
    submit_file,
    tell_person,
    where_filed,
)
from services.actions.workdays import due_day
from services.enums import FileSource, FileState, RequestState
from services.models import Person, RegistrationRequest
from veterans_portal import id_number as id_numbers
from veterans_portal.errors import DomainError

CLAIMABLE = [FileState.DRAFT, FileState.SUBMITTED, FileState.REVIEWED, FileState.FILED,
             FileState.CHANGE_PENDING]  # fmt: skip
CONTACT_ME = "按登记情况主动联系我，介绍适合的政策和服务"
CONTACT_ME_VERSION = "2026-11"
TAKEN_OVER = ("phone", "address", "division_id", "enlisted_on", "discharged_on")


class RegistrationError(DomainError):
    """A rule of self-registration refuses."""

    code = "registration_refused"


def check_may_register(user):
    """Refuse somebody who is registered or has asked already; says where to look."""
    if Person.objects.filter(account=user).exists():
        raise RegistrationError("您已经建档，不需要再登记。可在“我的档案”查看。", code="registered")
    if RegistrationRequest.objects.open().filter(user=user).exists():
        raise RegistrationError(
            "您已有一份登记申请正在核对，请等候站点联系，不需要再登记。", code="one_open"
        )
    today = RegistrationRequest.objects.filter(
        user=user, created_at__date=timezone.localdate()
    ).count()
    if today >= settings.REGISTRATIONS_PER_DAY:
        raise RegistrationError(
            "您今天提交的登记次数较多，请明天再试，或拨打12345由工作人员帮您登记。", code="too_many"
        )


def standing(*, user, id_number, name, **declared):
    """What stands of an earlier sending with the same content: a Person, a request, or None.

    A second tap meets `registered` or `one_open`, yet its sender has what was asked for.
    """
    number = id_numbers.parse(id_number).text
    person = Person.objects.filter(account=user, name=name).with_id_number(number).first()
    if person is not None:
        return person
    asked = RegistrationRequest.objects.open().filter(user=user).first()
    if asked is None:
        return None
    wanted = declared | {"name": name, "id_number": number}
    same = all(getattr(asked, field) == value for field, value in wanted.items())
    return asked if same else None


@transaction.atomic
def register(*, user, station, name, id_number, address, division, categories, enlisted_on=None,
             discharged_on=None, note="", contact_me=False, request=None):  # fmt: skip
    """Register oneself. Returns the claimed Person, or the RegistrationRequest opened instead.

    `station` is that of the address; `contact_me` is the separate consent to be approached with
    services. Raises RegistrationError, or DomainError when the number cannot be right.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    check_may_register(user)
    if not user.is_citizen or not user.phone or user.phone_verified_at is None:
        raise RegistrationError(
            "请先用手机验证码登录，核实手机号后再登记。", code="phone_unverified"
        )
    number = id_numbers.parse(id_number)
    if contact_me:
        give_consent(
            user=user, purpose=CONTACT_ME, text_version=CONTACT_ME_VERSION, request=request
        )
    person = _claim(user, name, number, request)
    if person is not None:
        return person
    asked = RegistrationRequest.objects.create(
        user=user, station=station, name=name, id_number=number.text, phone=user.phone,
        address=address, division=division, categories=list(categories), enlisted_on=enlisted_on,
        discharged_on=discharged_on, note=note, due_on=due_day(settings.REGISTRATION_WORKDAYS),
    )  # fmt: skip
    audit.record("services.registration_requested", asked, by=user, station=station,
                 request=request)  # fmt: skip
    messages.tell(
        to=user, kind="services.registration_requested", title="登记申请已提交",
        body=f"您的登记申请已送到{station.name}，工作人员会在{asked.due_on:%-m月%-d日}前与您核对。"
             f"电话{station.phone or '12345'}。",
        about=asked,
    )  # fmt: skip
    return asked


def _claim(user, name, number, request):
    found = (
        Person.objects.with_id_number(number.text)
        .with_phone(user.phone)
        .filter(name=name, account__isnull=True, state__in=CLAIMABLE)
        .first()
    )
    if found is None:
        return None
    person = locked(found)
    if person.account_id is not None or (person.name, person.phone) != (name, user.phone):
        return None
    person.account = user
    person.save()
    user.keep_name(name)
    audit.record("services.file_claimed", person, by=user, request=request)
    messages.tell(
        to=user, kind="services.file_claimed", title="已找到您的档案",
        body=f"您的档案在{person.station.name}，已与您的账号关联，可在“我的档案”查看。",
        about=person,
    )  # fmt: skip
    return person


@transaction.atomic
def withdraw(*, asked, by, request=None):
    """Take back one's own open request."""
    asked = _open(asked)
    if asked.user_id != by.pk:
        raise RegistrationError("只有本人才能撤回。", code="not_allowed")
    _decide(asked, RequestState.WITHDRAWN, None)
    audit.record("services.registration_withdrawn", asked, by=by, station=asked.station,
                 request=request)  # fmt: skip
    return asked


@transaction.atomic
def confirm(*, asked, by, take_over=(), request=None):
    """A clerk found the declaration right: link the file on record, or create one.

    `take_over` names facts of TAKEN_OVER that the file takes from the declaration. A file that
    is created is handed in for review under the clerk's name. Raises RegistrationError when the
    number is on file elsewhere, or the file or the account is linked to somebody else.
    """
    asked = _open(asked)
    _require_clerk(asked, by)
    user = User.objects.select_for_update(no_key=True).get(pk=asked.user_id)
    if Person.objects.filter(account=user).exists():
        raise RegistrationError("这个账号已关联另一份档案，一人一个账号。请退回并说明原因。")
    known = Person.objects.with_id_number(asked.id_number).select_related("station").first()
    try:
        with transaction.atomic():
            person = (
                _link(locked(known), asked, user, by, take_over, request)
                if known
                else _create(asked, user, by, request)
            )
    except IntegrityError as clash:
        raise RegistrationError("这份档案或账号刚被同事关联过，请刷新页面查看。") from clash
    user.keep_name(person.name)
    asked.person = person
    _decide(asked, RequestState.CONFIRMED, by)
    audit.record("services.registration_confirmed", asked, by=by, station=asked.station,
                 on_behalf_of=asked.name, request=request,
                 detail={"file": "linked" if known else "created"})  # fmt: skip
    tell_person(
        person, kind="services.registration_confirmed", title="登记申请已确认",
        body=f"{asked.station.name}已确认您的登记。档案状态：{person.get_state_display()}。"
             "可在“我的档案”查看。",
        about=asked,
    )  # fmt: skip
    return person


def _link(person, asked, user, by, take_over, request):
    if not perms.may_keep_file(by, person.station):
        raise RegistrationError(where_filed(person, to=by), code="filed_elsewhere")
    if person.account_id is not None:
        raise RegistrationError(
            "这份档案已关联另一个账号。请先核实本人身份，由上一级审核人解除原来的关联。",
            code="file_claimed",
        )
    if person.state not in CLAIMABLE:
        raise RegistrationError(f"这份档案{person.get_state_display()}，不能关联账号。")
    person.account = user
    for field in set(take_over) & set(TAKEN_OVER):
        if getattr(asked, field):
            setattr(person, field, getattr(asked, field))
    person.save()
    audit.record("services.account_linked", person, by=by, on_behalf_of=person, request=request,
                 detail={"taken_over": sorted(take_over)})  # fmt: skip
    declared = set(person.identities.values_list("category", flat=True))
    for category in asked.categories:
        if category not in declared:
            declare_identity(person=person, category=category, by=by, request=request)
    return person


def _create(asked, user, by, request):
    person = create_file(
        by=by, station=asked.station, name=asked.name, id_number=asked.id_number,
        categories=asked.categories, request=request, source=FileSource.SELF, account=user,
        **{field: getattr(asked, field) for field in TAKEN_OVER},
    )  # fmt: skip
    return submit_file(person=person, by=by, request=request)


@transaction.atomic
def return_request(*, asked, by, reason, request=None):
    """Send a request back with a reason the citizen can act on."""
    asked = _open(asked)
    _require_clerk(asked, by)
    asked.reason = reason
    _decide(asked, RequestState.RETURNED, by)
    audit.record("services.registration_returned", asked, by=by, station=asked.station,
                 on_behalf_of=asked.name, request=request, detail={"reason": reason})  # fmt: skip
    messages.tell(
        to=asked.user, kind="services.registration_returned", title="登记申请被退回",
        body=f"您的登记申请被退回：{reason} 改好后可以再次提交，"
             f"有疑问请拨打{asked.station.name}{asked.station.phone or '12345'}。",
        about=asked, urgent=True,
    )  # fmt: skip
    return asked


@transaction.atomic
def pass_on(*, asked, by, to_station, request=None):
    """Hand an open request to the station it belongs to; the term keeps running."""
    asked = _open(asked)
    _require_clerk(asked, by)
    if to_station == asked.station or not to_station.is_active():
        raise RegistrationError("请选择另一个在用的站点。", field="station")
    before, asked.station = asked.station, to_station
    asked.save()
    audit.record("services.registration_passed_on", asked, by=by, station=before,
                 on_behalf_of=asked.name, request=request,
                 detail={"to": to_station.code})  # fmt: skip
    messages.tell(
        to=asked.user, kind="services.registration_passed_on", title="登记申请已转交",
        body=f"您的登记申请已转到{to_station.name}，电话{to_station.phone or '12345'}。",
        about=asked,
    )  # fmt: skip
    return asked


def _open(asked):
    rows = RegistrationRequest.objects.select_for_update(of=("self",), no_key=True)
    asked = rows.select_related("station", "user", "decided_by").get(pk=asked.pk)
    if asked.state != RequestState.OPEN:
        who = f"由{asked.decided_by}" if asked.decided_by else ""
        raise RegistrationError(
            f"这份申请{asked.get_state_display()}（{who}{timezone.localtime(asked.decided_at):%-m月%-d日%H:%M}），"
            "不用再处理。",
            code="decided",
        )
    return asked


def _require_clerk(asked, by):
    if not perms.may_keep_file(by, asked.station):
        raise RegistrationError("您不是这个站点的经办人，不能处理这份申请。", code="not_allowed")


def _decide(asked, state, by):
    asked.state, asked.decided_by, asked.decided_at = state, by, timezone.now()
    asked.save()
