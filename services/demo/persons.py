"""Demonstration files: about 3,000 made-up persons over the network, requests, corrections.

ID numbers have the right check digit and belong to nobody on purpose; phones start with 1991.
"""

import json
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone
from stdnum.cn.ric import calc_check_digit

from accounts.enums import UserKind
from accounts.models import User
from services.actions.workdays import due_day
from services.demo.staff import DESKS, PHONES, station_of
from services.enums import (
    DisabilityNature,
    FileSource,
    FileState,
    PlacementWay,
    RequestState,
    Sex,
    Tier,
)
from services.enums import IdentityCategory as Category
from services.models import ChangeRequest, Identity, Person, RegistrationRequest, Station

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文单华过缪浦荣尤"
MALE = "建国 建军 卫东 志强 国平 永明 德才 福生 根生 金海 阿大 水根 荣兴 国良 文斌 立新 志远 海涛 晓东 振华 伟民 锡林 惠中 培元 兆丰 明远 家骏 子豪 宇航 浩然"
FEMALE = "秀英 桂兰 玉珍 凤英 素琴 美华 雪芬 惠芳 丽萍 建英 小妹 静怡 雨欣 梦洁 思远 晓燕 红梅 春华"
ROADS = "幸福路 人民路 建设路 解放路 学前街 太湖路 运河路 青山路 新生路 花园路 惠民路 长江路 梅园路 前进路"
# Districts of today and yesterday: veterans' numbers keep codes that no longer exist.
REGIONS = ("320205", "320206", "320211", "320213", "320214", "320281", "320282", "320219",
           "320222", "320223", "320202", "320203", "320204", "320401")  # fmt: skip
CATEGORIES = [Category.DISCHARGED_SOLDIER] * 62 + [Category.TRANSFERRED_CADRE] * 8 + [
    Category.DEMOBILISED
] * 7 + [Category.RETIRED_CADRE] * 3 + [Category.SERVING_FAMILY] * 10 + [
    Category.DISABLED_SOLDIER
] * 4 + [Category.MARTYR_FAMILY] * 3 + [Category.ILLNESS_DEATH_FAMILY] * 2 + [
    Category.DUTY_DEATH_FAMILY
]  # fmt: skip
FAMILIES = {Category.SERVING_FAMILY, Category.MARTYR_FAMILY, Category.ILLNESS_DEATH_FAMILY,
            Category.DUTY_DEATH_FAMILY}  # fmt: skip
EVIDENCE = {
    Category.DISCHARGED_SOLDIER: "退出现役证",
    Category.TRANSFERRED_CADRE: "转业证",
    Category.DEMOBILISED: "复员证",
    Category.RETIRED_CADRE: "离退休证",
    Category.SERVING_FAMILY: "入伍通知书",
    Category.DISABLED_SOLDIER: "残疾军人证",
    Category.MARTYR_FAMILY: "烈士证明书",
    Category.ILLNESS_DEATH_FAMILY: "病故军人证明书",
    Category.DUTY_DEATH_FAMILY: "因公牺牲军人证明书",
}
WAYS = [PlacementWay.SELF_EMPLOYMENT] * 7 + [PlacementWay.ARRANGED_JOB] * 2
STATES = [FileState.FILED] * 190 + [FileState.DRAFT] * 4 + [FileState.SUBMITTED] * 3 + [
    FileState.MOVED
] * 1 + [FileState.CLOSED] * 2  # fmt: skip
PER_VILLAGE, AT_SHOWN_VILLAGE, AT_TOWN = 2, 60, 4
RECENT_DAYS = 420  # so that each month of the last year has new files


@transaction.atomic
def load(*, seed=2025):
    """Make the files once; a second run finds them and adds nothing."""
    if Person.objects.with_phone(PHONES[0]).exists():
        return
    maker = _Maker(Random(seed))
    shown = {station.pk for desk in DESKS if (station := station_of(desk))}
    stations = Station.objects.active().ordinary().filter(tier__gte=Tier.TOWN)
    for station in stations.select_related("division", "parent__division").order_by("path"):
        villages = AT_SHOWN_VILLAGE if station.pk in shown else PER_VILLAGE
        for _ in range(villages if station.tier == Tier.VILLAGE else AT_TOWN):
            maker.add(station)
    _in_hand(maker)
    maker.save()
    _for_citizens(maker)
    _changes(maker)
    _requests(maker)


class _Maker:
    """Collects unsaved persons and identities, and writes them in bulk."""

    def __init__(self, random):
        self.random = random
        self.persons, self.identities, self.numbers = [], [], set()
        self.clerk = User.objects.filter(staff_number=DESKS[0].number).first()
        self.now = timezone.now()

    def add(self, station, **facts):
        """One person with identities; `facts` override what chance says."""
        random, category = (
            self.random,
            facts.pop("category", None) or self.random.choice(CATEGORIES),
        )
        sex = Sex.FEMALE if random.random() < (0.6 if category in FAMILIES else 0.06) else Sex.MALE
        sex = facts.pop("sex", sex)
        birth = self._birth()
        state = facts.pop("state", None) or random.choice(STATES)
        person = Person(
            name=self._name(sex),
            sex=sex,
            birth=birth,
            id_number=self._number(birth, sex),
            phone=f"1991{len(self.persons):07d}" if random.random() < 0.85 else None,
            address=self._address(station),
            division=station.division,
            station=station,
            lives_alone=birth.year < 1960 and random.random() < 0.12,
            honour_plaque_on=self._day(date(2019, 3, 1), 900) if random.random() < 0.7 else None,
            source=random.choice([FileSource.ROSTER] * 4 + [FileSource.COUNTER]),
            **self._service(category, birth),
        )
        self._put_in_state(person, state)
        for field, value in facts.items():
            setattr(person, field, value)
        person.set_search_keys()
        self.persons.append(person)
        self._identify(person, category)
        return person

    def save(self):
        """Write what was collected."""
        Person.objects.bulk_create(self.persons, batch_size=1000)
        Identity.objects.bulk_create(self.identities, batch_size=2000)
        self.identities = []

    def _name(self, sex):
        given = self.random.choice((FEMALE if sex == Sex.FEMALE else MALE).split())
        return self.random.choice(SURNAMES) + given

    def _birth(self):
        decade = self.random.choices(range(1930, 2000, 10), [3, 9, 20, 26, 20, 14, 8])[0]
        return self._day(date(decade, 1, 1), 3650 if decade < 1990 else 5800)

    def _number(self, birth, sex):
        while True:
            serial = self.random.randrange(0, 500) * 2 + (1 if sex == Sex.MALE else 0)
            body = f"{self.random.choice(REGIONS)}{birth:%Y%m%d}{serial:03d}"
            number = body + calc_check_digit(body + "0")
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def _address(self, station):
        town = station.division if station.tier == Tier.TOWN else station.parent.division
        village = station.division.short_name if station.tier == Tier.VILLAGE else ""
        road, random = self.random.choice(ROADS.split()), self.random
        return f"{town}{village}{road}{random.randint(1, 299)}号{random.randint(1, 30)}0{random.randint(1, 4)}室"

    def _service(self, category, birth):
        if category in FAMILIES:
            return {}
        enlisted = self._day(date(birth.year + 18, 9, 1), 700)
        years = self.random.choice([2, 2, 2, 3, 4, 5, 8, 12, 16])
        discharged = enlisted + timedelta(days=365 * years + 80)
        if discharged >= timezone.localdate():
            discharged = None
        way = {
            Category.TRANSFERRED_CADRE: PlacementWay.TRANSFER,
            Category.DEMOBILISED: PlacementWay.DEMOBILISED,
            Category.RETIRED_CADRE: PlacementWay.RETIRED,
        }.get(category, self.random.choice(WAYS))
        facts = {"enlisted_on": enlisted, "discharged_on": discharged, "placement_way": way}
        if category == Category.DISABLED_SOLDIER:
            facts["disability_grade"] = self.random.choice([5, 6, 7, 8, 8, 9, 9, 10, 10])
            facts["disability_nature"] = self.random.choice(DisabilityNature.values)
        return facts

    def _put_in_state(self, person, state):
        recent = self.random.random() < 0.35
        back = timedelta(days=self.random.randrange(1, RECENT_DAYS if recent else 2500))
        person.state, person.created_at = state, self.now - back
        if state in (FileState.DRAFT, FileState.SUBMITTED):
            person.created_at = self.now - timedelta(days=self.random.randrange(0, 12))
        if state == FileState.SUBMITTED:
            person.submitted_at, person.submitted_by = person.created_at, None
        if state in (FileState.FILED, FileState.MOVED, FileState.CLOSED):
            person.filed_at = person.created_at + timedelta(hours=self.random.randrange(1, 23))
        if state in (FileState.MOVED, FileState.CLOSED):
            person.closed_at = min(person.filed_at + timedelta(days=100), self.now)
            person.closed_reason = "户籍迁出无锡" if state == FileState.MOVED else "本人去世"

    def _identify(self, person, category):
        held = {category}
        if self.random.random() < 0.08:
            held.add(Category.DISCHARGED_SOLDIER)
        for each in sorted(held):
            identity = Identity(person=person, category=each, valid_from=person.discharged_on)
            verified = person.filed_at and self.random.random() < 0.93
            if verified:
                identity.evidence = EVIDENCE[each]
                identity.evidence_number = f"示{self.random.randrange(10**7):07d}"
                identity.verified_at = person.filed_at
                identity.verified_by = self.clerk
            self.identities.append(identity)

    def _day(self, start, span):
        return start + timedelta(days=self.random.randrange(span))


def _desk(number):
    desk = next(each for each in DESKS if each.number == number)
    return station_of(desk), User.objects.filter(staff_number=number).first()


def _in_hand(maker):
    """At the demonstration villages some files wait for the reviewer, and one came back."""
    for number in ("JYC01", "LXC01"):
        village, clerk = _desk(number)
        for days in (1, 2, 4):
            maker.add(
                village,
                state=FileState.SUBMITTED,
                created_at=maker.now - timedelta(days=days + 1),
                submitted_at=maker.now - timedelta(days=days),
                submitted_by=clerk,
            )
        maker.add(
            village,
            state=FileState.DRAFT,
            submitted_at=maker.now - timedelta(days=3),
            submitted_by=clerk,
            returned_reason="退役时间与退役证不一致，请核对。",
        )


def _for_citizens(maker):
    """The first demonstration citizen has a claimed file, the second one a file to claim."""
    village, _ = _desk("JYC01")
    maker.persons = []
    soldier = {"category": Category.DISCHARGED_SOLDIER, "state": FileState.FILED, "sex": Sex.MALE}
    account = User.objects.with_phone(PHONES[0]).first()
    maker.add(village, name="吴建业", phone=PHONES[0], account=account, **soldier)
    maker.add(village, name="陆长青", phone=PHONES[1], **soldier)
    for person, birth in zip(maker.persons, (date(1962, 8, 1), date(1975, 5, 4)), strict=True):
        person.birth, person.id_number = birth, _known_number(birth)
        person.enlisted_on = date(birth.year + 18, 11, 1)
        person.discharged_on = date(birth.year + 23, 12, 1)
    for identity in maker.identities:
        identity.evidence, identity.verified_by = EVIDENCE[identity.category], maker.clerk
        identity.verified_at = identity.person.filed_at
    maker.save()
    if account is not None:
        account.name = "吴建业"
        account.save(update_fields=["name"])


def _known_number(birth):
    """The ID number of the demonstration citizens, told in the table of sign-ins."""
    body = f"320219{birth:%Y%m%d}001"
    return body + calc_check_digit(body + "0")


def claimable():
    """Name, ID number and phone of the file that the second citizen can claim."""
    return "陆长青", _known_number(date(1975, 5, 4)), PHONES[1]


def _changes(maker):
    """A few corrections wait for the reviewers of Jiangyin's first town and of the city."""
    for number in ("JYC01", "LXC01"):
        station, clerk = _desk(number)
        people = station.persons.filter(state=FileState.FILED, account=None, phone__isnull=False)
        for offset, person in enumerate(people.exclude(name="陆长青").order_by("pk")[:2]):
            ChangeRequest.objects.create(
                person=person,
                by=clerk,
                reason="本人来站说明搬家",
                wanted=json.dumps(
                    {
                        "address": f"{station.parent.division}{station.division.short_name}新村{offset + 3}号"
                    }
                ),
                created_at=maker.now - timedelta(days=offset + 1),
                due_on=due_day(10, after=timezone.localdate() - timedelta(days=offset + 1)),
            )
            person.state = FileState.CHANGE_PENDING
            person.save()


def _requests(maker):
    """Open requests at the demonstration stations: late, due today, later; some on file."""
    made = []
    for number, terms in (("JYC01", (-1, 0, 3, 5)), ("JYZ01", (0, 2)), ("LXC01", (-2, 1, 4)),
                          ("LXZ01", (3,))):  # fmt: skip
        station, _ = _desk(number)
        for term in terms:
            made.append(_request(maker, station, len(made), term))
    on_file = Person.objects.filter(station=_desk("JYC01")[0], state=FileState.FILED, account=None)
    elsewhere = Person.objects.filter(station=_desk("LXC01")[0], state=FileState.FILED)
    for request, person in (
        (made[1], on_file.exclude(name="陆长青").order_by("-pk").first()),
        (made[2], elsewhere.order_by("pk").first()),
    ):
        request.name, request.id_number = person.name, person.id_number
    made[-1].state = RequestState.RETURNED
    made[-1].reason = "请补充填写入伍、退役时间。"
    made[-1].decided_by = _desk("LXZ01")[1]
    made[-1].decided_at = maker.now
    RegistrationRequest.objects.bulk_create(made)


def _request(maker, station, number, term):
    phone = f"1990001{number:04d}"
    user = User.objects.with_phone(phone).first() or User.objects.create(
        kind=UserKind.CITIZEN, phone=phone, phone_verified_at=maker.now
    )
    sex, birth = Sex.MALE, maker._birth()
    sent = timezone.localdate() + timedelta(days=min(term - 7, -1))
    return RegistrationRequest(
        user=user,
        station=station,
        division=station.division,
        name=maker._name(sex),
        id_number=maker._number(birth, sex),
        phone=phone,
        address=maker._address(station),
        categories=[Category.DISCHARGED_SOLDIER],
        enlisted_on=date(birth.year + 18, 11, 1),
        discharged_on=date(birth.year + 21, 11, 1),
        created_at=timezone.make_aware(datetime.combine(sent, time(9, 5 + number))),
        due_on=timezone.localdate() + timedelta(days=term),
    )
