"""Demonstration start-ups: enterprises in the directory and one bundle under way. All made up."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from accounts.models import User
from placement.actions.recruitment import VETERANS
from placement.enums.fairs import JobField
from placement.enums.startups import EnterpriseState, ItemState
from placement.models import BundleItem, BundleKind, StartupBundle, VeteranEnterprise
from services.actions.workdays import due_day
from services.demo.staff import PHONES
from services.models import Division, Identity, Person

ENTERPRISES = (
    ("无锡同袍冷链物流有限公司", JobField.LOGISTICS, "社区生鲜冷链配送", "每天为一百多个社区送菜，优先招用战友。"),
    ("江阴砺锋精密零件有限公司", JobField.MANUFACTURE, "数控车加工、非标零件", "从三台车床做起，现在有四十名员工。"),
    ("宜兴归田紫砂工作室", JobField.OTHER, "手工紫砂壶、制壶体验", "退役后拜师学艺，带出十二名学员。"),
    ("无锡翼行植保服务部", JobField.OTHER, "无人机植保、航拍测绘", "为周边农户防治病虫害。"),
    ("锡城哨兵安防工程有限公司", JobField.SECURITY, "安防监控、消防维保", "为学校和小区做安全维护。"),
    ("无锡老班长餐饮管理有限公司", JobField.CATERING, "团餐、快餐", "为工地和企业送放心餐。"),
    ("惠山春耕家庭农场", JobField.OTHER, "水蜜桃、有机蔬菜", "带着村里十几户一起种桃。"),
    ("无锡号角教育咨询有限公司", JobField.EDUCATION, "国防教育、研学活动", "走进校园讲国防课。"),
)  # fmt: skip
KINDS = (
    ("企业登记", "市场监督管理局", 1, "拟用名称、住所证明"),
    ("刻制公章", "公安局", 1, ""),
    ("税务登记和优惠备案", "税务局", 2, "退役证件由平台核验"),
    ("一次性创业补贴", "人力资源和社会保障局", 10, "营业执照"),
    ("创业担保贷款咨询", "人力资源和社会保障局", 5, ""),
    ("创业孵化场地", "退役军人事务局", 7, ""),
)
FIRST_CODE = 500_001


@transaction.atomic
def load(*, today=None):
    """Make them once; needs persons."""
    today = today or timezone.localdate()
    checker = User.objects.filter(staff_number="CS003").first()
    if checker is None or VeteranEnterprise.objects.exists():
        return
    veterans = Identity.objects.valid().filter(category__in=VETERANS).values("person")
    people = list(
        Person.objects.filed()
        .filter(pk__in=veterans)
        .select_related("station")
        .order_by("-pk")[:20]
    )
    division = Division.objects.filter(code="320200000000").first()
    if not people or division is None:
        return
    for number, sample in enumerate(ENTERPRISES):
        _enterprise(number, sample, people[number % len(people)], division, checker, today)
    kinds = [
        BundleKind.objects.get_or_create(
            title=title,
            defaults={"department": department, "workdays": days, "needs": needs,
                      "position": position},
        )[0]
        for position, (title, department, days, needs) in enumerate(KINDS, start=1)
    ]  # fmt: skip
    own = Person.objects.with_phone(PHONES[0]).select_related("station", "account").first()
    _bundle(own or people[0], kinds, checker, today)


def _enterprise(number, sample, person, division, checker, today):
    name, field, products, introduction = sample
    body = f"91320292MA{FIRST_CODE + number:07d}"
    waits = number == len(ENTERPRISES) - 1
    shown = {} if waits else {
        "published_on": date(2025, 3, 1) + timedelta(days=40 * number),
        "valid_until": today + timedelta(days=20 if number == 0 else 300),
        "decided_by": checker,
        "decided_at": timezone.now(),
        "featured": number < 3,
    }  # fmt: skip
    VeteranEnterprise.objects.create(
        name=name, credit_code=body + uscc.calc_check_digit(body), person=person,
        station=person.station, division=division, field=field, products=products,
        introduction=introduction, address=f"运河路{number + 1}号", phone=f"1990000040{number}",
        submitted_by=User.objects.filter(staff_number="CS001").first() or person.account,
        state=EnterpriseState.SUBMITTED if waits else EnterpriseState.PUBLISHED, **shown,
    )  # fmt: skip


def _bundle(person, kinds, checker, today):
    """Asked for four working days ago: one item is done, one is at its department."""
    day = today - timedelta(days=4)
    at = timezone.make_aware(datetime.combine(day, time(10)))
    bundle = StartupBundle.objects.create(
        number=f"CY{day:%Y%m}900001", person=person, station=person.station,
        business_name="老兵生鲜店", business="生鲜配送", address="人民路8号",
        by=person.account or checker, client_key="demo-bundle-0001", submitted_at=at,
    )  # fmt: skip
    for number, kind in enumerate(kinds[:4]):
        facts = {"state": ItemState.WAITING}
        if number == 0:
            facts = {"state": ItemState.DONE, "result": "营业执照已领", "noted_by": checker,
                     "noted_at": timezone.now()}  # fmt: skip
        elif number == 1:
            facts = {"state": ItemState.HANDED, "noted_by": checker, "noted_at": timezone.now()}
        BundleItem.objects.create(
            bundle=bundle, kind=kind, title=kind.title, department=kind.department,
            due_on=due_day(kind.workdays, after=day), **facts,
        )  # fmt: skip
