"""Demonstration rules of "we come to you", whom they found, and a year of visits.

The rules are written and published through their acts, by one and by another; what they found is
written in bulk and told to nobody, so that no message goes out about made-up finds.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placement.actions.outreach import matching
from placement.enums.outreach import ContactWay, LeadState, VisitResult, VisitState
from placement.models import OutreachLead, OutreachRun, OutreachTask
from services.actions import rules
from services.actions.workdays import due_day
from services.demo.staff import CITY, DESKS, JIANGYIN, station_of
from services.enums import Answer, Occasion, PlacementWay, RuleKind
from services.models import Rule, Station
from services.rules import Facts
from services.rules.facts import HeldIdentity

SINCE = date(2025, 1, 2)
CASES_ON = date(2025, 1, 2)
YES, NOT_YET, NO = Answer.YES, Answer.NOT_YET, Answer.NO
TRAINED = [PlacementWay.SELF_EMPLOYMENT, PlacementWay.ARRANGED_JOB]
FAMILIES = ["MARTYR_FAMILY", "DUTY_DEATH_FAMILY", "ILLNESS_DEATH_FAMILY"]
RULES = (
    {
        "code": "adaptive-training", "title": "退役一年内，告知适应性培训", "division": CITY,
        "offer_title": "适应性培训可以报名了",
        "offer_words": "您退役不满一年，可以免费参加适应性培训，讲政策、法律和就业创业。带身份证到服务站报名",
        "offer_url": "work", "occasion": Occasion.DISCHARGE,
        "conditions": [{"is": "since", "date": "discharged_on", "at_most": 12, "unit": "months"},
                       {"is": "way", "any_of": TRAINED}],
        "cases": [
            ("退役半年，自主就业", YES, {"birth": date(2000, 5, 1), "discharged_on": date(2024, 9, 1),
                                  "placement_way": "SELF_EMPLOYMENT"}),
            ("退役两年", NO, {"birth": date(1999, 5, 1), "discharged_on": date(2022, 9, 1),
                           "placement_way": "SELF_EMPLOYMENT"}),
        ],
    },
    {
        "code": "birthday-alone", "title": "高龄独居老兵，整岁生日上门看望", "division": CITY,
        "offer_title": "服务站来看望您", "visit_workdays": 10, "occasion": Occasion.BIRTHDAY,
        "offer_words": "您的生日快到了，服务站的同志想上门看望，也看看您有什么要办的",
        "conditions": [{"is": "birthday", "ages": [70, 75, 80, 85, 90, 95], "before": 60, "after": 60},
                       {"is": "lives_alone"}],
        "cases": [
            ("80岁独居", YES, {"birth": date(1945, 1, 20), "lives_alone": True}),
            ("80岁与家人同住", NOT_YET, {"birth": date(1945, 1, 20)}),
            ("96岁独居", NO, {"birth": date(1928, 6, 1), "lives_alone": True}),
        ],
    },
    {
        "code": "card-for-disabled", "title": "残疾一至六级还没有优待证，上门指导申领", "division": CITY,
        "offer_title": "您可以申领优待证", "offer_url": "services:my_card", "visit_workdays": 15,
        "offer_words": "优待证可以上门帮您申领，照片也能上门拍，不收费",
        "conditions": [{"is": "disability", "min": 1, "max": 6}, {"is": "card", "any_of": ["none"]}],
        "cases": [
            ("五级、没有证", YES, {"birth": date(1960, 1, 1), "disability_grade": 5,
                              "disability_nature": "WAR"}),
            ("五级、已有证", NOT_YET, {"birth": date(1960, 1, 1), "disability_grade": 5,
                                 "disability_nature": "WAR", "cards": ("ISSUED",)}),
            ("八级", NO, {"birth": date(1960, 1, 1), "disability_grade": 8,
                        "disability_nature": "DUTY"}),
        ],
    },
    {
        "code": "plaque-jiangyin", "title": "江阴七十岁以上还没有光荣牌，上门悬挂", "division": JIANGYIN,
        "offer_title": "给您家挂光荣牌", "visit_workdays": 20,
        "offer_words": "您家还没有悬挂光荣牌，服务站上门为您挂上，不用您来跑",
        "conditions": [{"is": "plaque_missing"}, {"is": "age", "min": 70}],
        "cases": [
            ("75岁没有光荣牌", YES, {"birth": date(1949, 10, 1)}),
            ("75岁已挂牌", NO, {"birth": date(1949, 10, 1), "honour_plaque_on": date(2019, 5, 1)}),
        ],
    },
    {
        "code": "families-yearly", "title": "烈属等三属，每年走访一次", "division": CITY,
        "offer_title": "今年的走访", "visit_workdays": 30, "occasion": Occasion.YEARLY,
        "offer_words": "服务站今年来家里看望，听听您的需要",
        "conditions": [{"is": "identity", "any_of": FAMILIES, "verified": True}],
        "cases": [
            ("烈士遗属，已核验", YES, {"birth": date(1955, 1, 1),
                               "identities": (HeldIdentity("MARTYR_FAMILY"),)}),
            ("烈士遗属，没有核验", NOT_YET, {"birth": date(1955, 1, 1),
                                  "identities": (HeldIdentity("MARTYR_FAMILY", verified=False),)}),
            ("退役士兵", NO, {"birth": date(1955, 1, 1),
                          "identities": (HeldIdentity("DISCHARGED_SOLDIER"),)}),
        ],
    },
    {
        "code": "check-up", "title": "退役四十年，告知健康体检", "division": CITY,
        "offer_title": "退役四十年，请您来体检", "offer_url": "services:stations",
        "offer_words": "您退役四十年了，可以到优待定点医院免费体检一次，请向服务站预约",
        "conditions": [{"is": "since", "date": "discharged_on", "at_least": 480, "at_most": 540,
                        "unit": "months"}],
        "cases": [
            ("退役四十一年", YES, {"birth": date(1962, 5, 1), "discharged_on": date(1983, 9, 1)}),
            ("退役三十九年", NOT_YET, {"birth": date(1964, 5, 1), "discharged_on": date(1985, 9, 1)}),
        ],
    },
    {
        "code": "card-for-recent", "title": "退役三年内还没有优待证，告知申领", "division": CITY, "draft": True,
        "offer_title": "您可以申领优待证", "offer_url": "services:my_card",
        "offer_words": "优待证可以网上申领，也可以带身份证到服务站办，首次申领不收费",
        "conditions": [{"is": "since", "date": "discharged_on", "at_most": 36, "unit": "months"},
                       {"any": [{"is": "card", "any_of": ["none"]},
                                {"is": "card", "any_of": ["lost"], "met": "优待证挂失后没有补领"}]}],
        "cases": [
            ("退役两年，没有证", YES, {"birth": date(1998, 5, 1), "discharged_on": date(2023, 3, 1)}),
            ("退役十年", NO, {"birth": date(1990, 5, 1), "discharged_on": date(2014, 3, 1)}),
        ],
    },
)  # fmt: skip
AUTHORS = {CITY: ("CS001", "CS002"), JIANGYIN: ("JY001", "JY002")}
RESULTS = [VisitResult.HELPED] * 6 + [VisitResult.WILL_APPLY] * 3 + [VisitResult.LATER] * 2 + [
    VisitResult.UNREACHED
]  # fmt: skip
CONTACTS = [ContactWay.HOME] * 6 + [ContactWay.PHONE] * 3 + [ContactWay.STATION]
DONE_OF_TEN = 8
BACK = 300  # days over which the visits lie
RECENT = 12
FRESH = 9  # at the stations where one signs in: so that some visits are still open there


@transaction.atomic
def load(*, seed=2025):
    """Make the rules and what they found, once."""
    if Rule.objects.filter(code=RULES[0]["code"]).exists():
        return
    random = Random(seed)
    for each in RULES:
        version = _rule(each)
        if not each.get("draft"):
            _found(version, random)


def _rule(each):
    author, publisher = (User.objects.get(staff_number=n) for n in AUTHORS[each["division"]])
    station = Station.objects.get(division=each["division"], code=each["division"])
    days = each.get("visit_workdays")
    version = rules.begin(
        kind=RuleKind.OUTREACH, code=each["code"], title=each["title"], station=station, by=author,
        offer_title=each["offer_title"], offer_words=f"{each['offer_words']}。",
        offer_url=each.get("offer_url", ""), visit=days is not None, visit_workdays=days,
        occasion=each.get("occasion", Occasion.ONCE), valid_from=SINCE, valid_to=None,
    )  # fmt: skip
    for node in each["conditions"]:
        version = rules.add_node(
            version=version, by=author, edits=version.edits, place="", node=node
        )
    for title, expected, facts in each["cases"]:
        version = rules.add_case(
            version=version, by=author, edits=version.edits, title=title, on=CASES_ON,
            facts=Facts(station_path=station.path, **facts), expected=expected,
        )  # fmt: skip
    if each.get("draft"):
        return rules.ask_to_publish(version=version, by=author, edits=version.edits)
    return rules.publish(version=version, by=publisher)


def _found(version, random):
    """Everybody it fits today, found on days of the past year; most visits are done."""
    today = timezone.localdate()
    keys = list(matching.wanting(version, on=today).values_list("pk", flat=True))
    leads = matching.leads_for(version, keys, today)
    shown = {station.pk for desk in DESKS if (station := station_of(desk))}
    late = set()
    visits = []
    for lead in leads:
        day = today - timedelta(
            days=random.randrange(FRESH if lead.person.station_id in shown else BACK)
        )
        lead.found_at = _at(day)
        if version.visit:
            visits.append(_visit(lead, version, day, today, random))
            if lead.person.station_id in shown - late:
                late.add(lead.person.station_id)
                _leave_over(visits[-1], lead, today)
    OutreachLead.objects.bulk_create(leads)
    OutreachTask.objects.bulk_create(visits)
    OutreachRun.objects.create(
        version=version, day=today, found=len(leads), reached=max(keys, default=0),
        finished_at=timezone.now(),
    )  # fmt: skip


def _visit(lead, version, day, today, random):
    task = OutreachTask(
        lead=lead, station=lead.person.station, due_on=due_day(version.visit_workdays, after=day)
    )
    done_on = day + timedelta(days=random.randrange(1, RECENT))
    old = (today - day).days > version.visit_workdays
    if done_on < today and (random.randrange(10) < DONE_OF_TEN or old):
        task.state, task.done_on, task.ended_at = VisitState.DONE, done_on, _at(done_on)
        task.contact, task.result = random.choice(CONTACTS), random.choice(RESULTS)
        task.done_by = version.author
        lead.state = LeadState.ENDED if task.result == VisitResult.UNREACHED else LeadState.DONE
        lead.ended_at = task.ended_at
    return task


def _leave_over(task, lead, today):
    """One visit of a station where one signs in is late."""
    lead.state, lead.ended_at = LeadState.OPEN, None
    task.state, task.ended_at, task.done_on, task.done_by = VisitState.OPEN, None, None, None
    task.contact, task.result = "", ""
    lead.found_at = _at(today - timedelta(days=40))
    task.due_on = today - timedelta(days=2)


def _at(day):
    return timezone.make_aware(datetime.combine(day, time(10)))
