"""Demonstration partners: the five banks of A121, employers of each class, training providers.

Names of companies and people are made up; the banks are those the bureau names. Each has one member.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from accounts.enums import UserKind
from accounts.models import User
from services.demo.staff import CITY, JIANGYIN, LIANGXI
from services.enums import PartnerNature as Nature
from services.enums import PartnerRole as Role
from services.enums import PartnerState
from services.models import Partner, PartnerMember, Station

YIXING, BINHU, XINWU = "320282000000", "320211000000", "320214000000"
SINCE = date(2024, 3, 1)
FIRST_PHONE = 19900000101


@dataclass(frozen=True)
class Sample:
    """A partner: name, nature, roles, the division whose centre keeps it, and its member."""

    name: str
    nature: Nature
    roles: tuple
    division: str
    member: str


def _banks():
    names = ("工商银行", "农业银行", "中国银行", "建设银行", "交通银行")
    people = ("钱汇文", "沈融", "顾信之", "陆正", "曹惠民")
    return [
        Sample(f"{name}无锡分行", Nature.STATE_ENTERPRISE, (Role.BANK,), CITY, member)
        for name, member in zip(names, people, strict=True)
    ]


EMPLOYER, TRAINER = (Role.EMPLOYER,), (Role.TRAINER,)
SAMPLES = [
    *_banks(),
    Sample("无锡市运河档案管理处", Nature.PARTY_GOVERNMENT, EMPLOYER, CITY, "缪文静"),
    Sample("江阴市滨江综合行政执法队", Nature.PARTY_GOVERNMENT, EMPLOYER, JIANGYIN, "包晓明"),
    Sample("宜兴市龙背山街道便民服务中心", Nature.PARTY_GOVERNMENT, EMPLOYER, YIXING, "蒋立群"),
    Sample("无锡市工友服务协会", Nature.MASS_ORGANISATION, EMPLOYER, CITY, "邓小芸"),
    Sample("江阴市青年志愿服务协会", Nature.MASS_ORGANISATION, EMPLOYER, JIANGYIN, "许嘉"),
    Sample("无锡市太湖新城实验学校", Nature.INSTITUTION, EMPLOYER, BINHU, "华美玲"),
    Sample("江阴市澄江中心医院后勤中心", Nature.INSTITUTION, EMPLOYER, JIANGYIN, "薛平"),
    Sample("宜兴市紫砂文化馆", Nature.INSTITUTION, EMPLOYER, YIXING, "吴陶然"),
    Sample("梁溪区图书服务中心", Nature.INSTITUTION, EMPLOYER, LIANGXI, "过书雅"),
    Sample("无锡市城运公共交通有限公司", Nature.STATE_ENTERPRISE, EMPLOYER, CITY, "浦志行"),
    Sample("无锡市太湖供水有限公司", Nature.STATE_ENTERPRISE, EMPLOYER, CITY, "尤清源"),
    Sample("江阴市临港建设有限公司", Nature.STATE_ENTERPRISE, EMPLOYER, JIANGYIN, "曹建港"),
    Sample("宜兴市环科产业发展有限公司", Nature.STATE_ENTERPRISE, EMPLOYER, YIXING, "周环宇"),
    Sample("新吴区市政养护有限公司", Nature.STATE_ENTERPRISE, EMPLOYER, XINWU, "荣修远"),
    Sample("无锡惠泽精密机械有限公司", Nature.PRIVATE_ENTERPRISE, EMPLOYER, XINWU, "徐精业"),
    Sample("江阴远帆物流有限公司", Nature.PRIVATE_ENTERPRISE, EMPLOYER, JIANGYIN, "陆远帆"),
    Sample("无锡云湖软件有限公司", Nature.PRIVATE_ENTERPRISE, EMPLOYER, BINHU, "秦云湖"),
    Sample("梁溪好邻居物业服务有限公司", Nature.PRIVATE_ENTERPRISE, EMPLOYER, LIANGXI, "季和睦"),
    Sample("宜兴紫砂工艺职业培训学校", Nature.SOCIAL_ORGANISATION, TRAINER, YIXING, "史承陶"),
    Sample("无锡智飞无人机培训中心", Nature.PRIVATE_ENTERPRISE, TRAINER, XINWU, "闵飞"),
    Sample("无锡锡科职业技术学校", Nature.INSTITUTION, TRAINER, BINHU, "祝启明"),
]


def phone_of(index):
    """The demonstration phone of the member of the sample at `index`."""
    return str(FIRST_PHONE + index)


def credit_code(index):
    """A made-up credit code with a right check sign."""
    body = f"91320299MA{index:07d}"
    return body + uscc.calc_check_digit(body)


@transaction.atomic
def load():
    """Make the partners and their members that are not there yet; needs network and staff."""
    checker = User.objects.filter(staff_number="CS003").first()
    known = set(Partner.objects.values_list("credit_code", flat=True))
    centres = {each.division_id: each for each in Station.objects.filter(tier__lte=2)}
    for index, sample in enumerate(SAMPLES):
        station = centres.get(sample.division)
        if checker is None or station is None or credit_code(index) in known:
            continue
        _make(index, sample, station, checker)


def _make(index, sample, station, checker):
    phone = phone_of(index)
    user = User.objects.with_phone(phone).first()
    if user is None:
        user = User(kind=UserKind.CITIZEN, name=sample.member, phone=phone,
                    phone_verified_at=timezone.now())  # fmt: skip
        user.set_unusable_password()
        user.save()
    partner = Partner.objects.create(
        name=sample.name, credit_code=credit_code(index), nature=sample.nature,
        roles=list(sample.roles), station=station, division=station.division,
        address=f"{station.division.name}人民路{index + 10}号", contact_name=sample.member,
        contact_phone=phone, state=PartnerState.APPROVED, applied_by=user, decided_by=checker,
        decided_at=timezone.now(),
    )  # fmt: skip
    PartnerMember.objects.create(
        partner=partner, user=user, name=sample.member, is_keeper=True, since=SINCE,
        added_by=checker,
    )  # fmt: skip
