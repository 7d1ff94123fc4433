"""What the service network holds about a signed-in person (see accounts.my_data)."""

from django.db.models import Q

from accounts.my_data import Section
from services import my_counter
from services.models import Booking, Card, Matter, Person, RegistrationRequest, Station
from veterans_portal import chinese_dates
from veterans_portal.masking import mask_id_number, mask_phone

BOOKINGS_SHOWN = 20
MATTERS_SHOWN = 50


def subjects(user):
    """The person's file and requests, matters and cards (and with these their papers), proxies, transfers."""
    person = _file(user)
    return [
        *([person] if person else []),
        *RegistrationRequest.objects.filter(user=user),
        *_matters(user),
        *_cards(user),
        *my_counter.subjects(user),
    ]


def sections(user):
    """The registration file, requests, bookings, matters with their papers, cards, and the counter's."""
    person = _file(user)
    return [
        *([_file_section(person)] if person else []),
        *_requests_section(user),
        *_bookings_section(user),
        *_matters_section(user),
        *_cards_section(user),
        *my_counter.sections(user),
    ]


def station_names(paths):
    """Names of the stations with these paths."""
    return dict(Station.objects.filter(path__in=paths).values_list("path", "name"))


def _file(user):
    return (
        Person.objects.filter(account=user)
        .select_related("station")
        .prefetch_related("identities")
        .first()
    )


def _file_section(person):
    identities = person.identities.all()
    return Section(
        "退役军人档案",
        [
            ("姓名", person.name),
            ("性别", person.get_sex_display()),
            ("出生日期", chinese_dates.plain(person.birth)),
            ("身份证号", mask_id_number(person.id_number)),
            ("手机号", mask_phone(person.phone)),
            ("居住地址", person.address),
            ("服务站", person.station.name),
            ("身份", "、".join(str(each) for each in identities)),
            ("入伍时间", _day(person.enlisted_on)),
            ("退役时间", _day(person.discharged_on)),
            ("安置方式", person.get_placement_way_display() or ""),
            ("残疾等级", f"{person.disability_grade}级" if person.disability_grade else ""),
            ("残疾性质", person.get_disability_nature_display() or ""),
            ("光荣牌悬挂日期", _day(person.honour_plaque_on)),
            ("档案状态", person.get_state_display()),
            ("来源", person.get_source_display()),
        ],
    )


def _requests_section(user):
    rows = [
        [
            ("提交时间", chinese_dates.moment(each.created_at)),
            ("服务站", each.station.name),
            ("状态", each.get_state_display()),
            ("说明", each.reason or each.note),
        ]
        for each in RegistrationRequest.objects.filter(user=user).select_related("station")
    ]
    return [Section("登记申请", rows=rows)] if rows else []


def _bookings_section(user):
    found = Booking.objects.visible_to(user).select_related("slot__offering", "station")
    rows = [
        [
            ("预约码", each.code),
            ("项目", str(each.slot.offering)),
            ("地点", each.station.name),
            ("时间", chinese_dates.moment(each.slot.starts_at)),
            ("状态", each.get_state_display()),
        ]
        for each in found.order_by("-created_at")[:BOOKINGS_SHOWN]
    ]
    return [Section("预约", rows=rows)] if rows else []


def _matters(user):
    """Those about the person; what they entered for others is the others' data."""
    about_me = Q(person__account=user) | Q(by=user, person=None)
    found = Matter.objects.filter(about_me).select_related("kind", "station")
    return found.prefetch_related("files", "documents").order_by("-created_at")[:MATTERS_SHOWN]


def _matters_section(user):
    rows = [
        [
            ("办件编号", each.number),
            ("事项", each.kind.name),
            ("办理站点", each.station.name),
            ("状态", each.citizen_words),
            ("上传的材料", "、".join(f.title for f in each.files.all() if f.removed_at is None)),
            ("出具的文书", "、".join(str(paper) for paper in each.documents.all())),
        ]
        for each in _matters(user)
    ]
    return [Section("办件", rows=rows)] if rows else []


def _cards(user):
    return Card.objects.visible_to(user).select_related("station")


def _cards_section(user):
    rows = [
        [
            ("卡种", each.get_kind_display()),
            ("状态", each.get_state_display()),
            ("受理站点", each.station.name),
            ("申请时间", chinese_dates.moment(each.created_at)),
            ("发放日期", _day(each.issued_on)),
        ]
        for each in _cards(user)
    ]
    return [Section("优待证", rows=rows)] if rows else []


def _day(day):
    return chinese_dates.plain(day)
