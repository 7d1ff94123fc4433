"""Demonstration fairs: the first half of 2025 as the bureau reported it (A114-A117, A304), and now.

Ten fairs with 2714 posts and 125 intentions, the reserved posts of 江阴 and 宜兴; beside them a fair
that comes, one that is planned, and vacancies that are open. People are drawn from the demonstration
files; companies are the demonstration partners.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placement.demo import fair_posts, recruitment
from placement.enums.fairs import EndedAs, FairEmployerState, FairState, IntentStage
from placement.models import EmploymentIntent, FairEmployer, FairVacancy, JobFair
from services.actions.bookings.taking import CODE_ALPHABET, CODE_LENGTH
from services.demo.partners import BINHU, XINWU, YIXING
from services.demo.staff import CITY, JIANGYIN, LIANGXI
from services.enums import BookingState, FileState, OncePer, PartnerRole
from services.models import Booking, Offering, Partner, Person, Slot, Station

XISHAN, HUISHAN = "320205000000", "320206000000"
YOUNGEST, OLDEST = 2004, 1972  # years of birth of those who come


@dataclass(frozen=True)
class Plan:
    """A fair that was held: whose, when, called what, where; its posts and intentions."""

    division: str
    on: date
    title: str
    venue: str
    posts: int
    intents: int


HELD = (
    Plan(CITY, date(2025, 1, 11), "2025年新春退役军人专场招聘会", "市人力资源市场一楼", 286, 12),
    Plan(JIANGYIN, date(2025, 2, 15), "2025年春风行动退役军人专场", "江阴市人力资源市场", 312, 15),
    Plan(YIXING, date(2025, 2, 22), "2025年春季退役军人招聘会", "宜兴市文化中心广场", 268, 13),
    Plan(LIANGXI, date(2025, 3, 8), "2025年春季退役军人招聘会", "梁溪区体育馆", 254, 11),
    Plan(BINHU, date(2025, 3, 22), "2025年春季退役军人招聘会", "滨湖区人才市场", 241, 12),
    Plan(XINWU, date(2025, 4, 12), "2025年制造业退役军人专场", "新吴区会展中心二号厅", 275, 14),
    Plan(CITY, date(2025, 4, 26), "2025年退役军人春季大型招聘会", "市体育中心东厅", 336, 16),
    Plan(XISHAN, date(2025, 5, 17), "2025年退役军人专场招聘会", "锡山区人力资源市场", 238, 10),
    Plan(HUISHAN, date(2025, 5, 24), "2025年退役军人专场招聘会", "惠山区体育馆", 247, 11),
    Plan(JIANGYIN, date(2025, 6, 14), "2025年夏季退役军人专场", "江阴市人力资源市场", 257, 11),
)
EMPLOYERS_EACH = 8
# How far intentions came since, of twenty.
CAME_TO = (
    [IntentStage.FIRST] * 9 + [IntentStage.INTERVIEW] * 4 + [IntentStage.HIRED] * 3
    + [IntentStage.SEATED] * 3 + [IntentStage.ENDED]
)  # fmt: skip


@transaction.atomic
def load(*, seed=2025, today=None):
    """Make them once; needs network, staff, persons and partners."""
    today = today or timezone.localdate()
    scene = _Scene(
        Random(f"fairs {seed}")
    )  # codes of its own: other demonstrations draw by seed too
    if JobFair.objects.exists() or not scene.is_ready:
        return
    for plan in HELD:
        scene.held(plan)
    scene.coming(today)
    recruitment.load(scene, today)


def moment(day, hour, minute=0):
    """A local time of a day."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


class _Scene:
    """Who acts, who employs and who comes; makes fairs of them."""

    def __init__(self, random):
        self.random = random
        staff = User.objects.filter(staff_number__in=["CS001", "CS002"]).order_by("staff_number")
        self.staff = list(staff)
        self.centres = {
            each.division.code: each
            for each in Station.objects.active().filter(tier__lte=2).select_related("division")
        }
        self.partners = list(
            Partner.objects.acting_as(PartnerRole.EMPLOYER)
            .select_related("station", "division", "applied_by")
            .order_by("pk")
        )
        people = Person.objects.filter(state=FileState.FILED, birth__year__range=(OLDEST, YOUNGEST))
        self.people = list(people.select_related("account", "station").order_by("pk")[:600])

    @property
    def is_ready(self):
        return len(self.staff) == 2 and len(self.partners) >= EMPLOYERS_EACH and self.people

    def held(self, plan):
        """A fair with all that came of it."""
        station = self.centres[plan.division]
        after = moment(plan.on, 17)
        fair = self._fair(
            station, plan.title, plan.venue, plan.on, state=FairState.HELD,
            opened_by=self.staff[1], opened_at=after - timedelta(days=25),
            held_by=self.staff[0], held_at=after, created_at=after - timedelta(days=30),
        )  # fmt: skip
        employers = self._employers(fair, EMPLOYERS_EACH, plan.posts, closed_at=after)
        self._visitors(fair, employers, plan.intents)

    def _fair(self, station, title, venue, on, **facts):
        is_open = facts.get("state") == FairState.OPEN
        common = {
            "station": station, "is_event": True, "workdays_only": False, "horizon_days": 180,
            "lead_minutes": 0, "is_open": is_open, "venue": venue,
        }  # fmt: skip
        visits = Offering.objects.create(
            title=title, capacity=400, party_max=3, once_per=OncePer.SEASON, season="本场",
            bring="身份证、求职简历", **common,
        )  # fmt: skip
        stands = Offering.objects.create(
            title=f"{title}展位", capacity=30, party_max=1, needs_review=True, is_listed=False,
            waiting_list=False, once_per=OncePer.SLOT, bring="招聘简章、单位证明", **common,
        )  # fmt: skip
        Slot.objects.create(
            offering=visits, starts_at=moment(on, 9), ends_at=moment(on, 11, 30), capacity=400
        )
        Slot.objects.create(
            offering=visits, starts_at=moment(on, 13, 30), ends_at=moment(on, 16), capacity=400
        )
        Slot.objects.create(
            offering=stands, starts_at=moment(on, 9), ends_at=moment(on, 16), capacity=30
        )
        return JobFair.objects.create(
            title=title, station=station, venue=venue, held_on=on, visits=visits, stands=stands,
            apply_by=on - timedelta(days=5), co_hosts="人力资源和社会保障部门",
            created_by=self.staff[0], **facts,
        )  # fmt: skip

    def _employers(self, fair, count, posts, *, closed_at=None, waiting=0):
        """Accepted employers whose posts sum up to `posts`; the last `waiting` wait for a check."""
        slot = fair.stands.slots.get()
        chosen = self.random.sample(self.partners, count)
        shares = self._shares(posts, count, least=6)
        made = []
        for number, (partner, share) in enumerate(zip(chosen, shares, strict=True), start=1):
            waits = number > count - waiting
            at = moment(fair.apply_by, 10) - timedelta(days=3, minutes=number)
            booking = self._booking(
                slot, partner.applied_by, f"demo-stand-{fair.pk}-{number}", partner.name[:50],
                BookingState.PENDING if waits else BookingState.CONFIRMED, at,
            )  # fmt: skip
            decided = {"decided_by": self.staff[1], "decided_at": at + timedelta(days=1)}
            employer = FairEmployer.objects.create(
                fair=fair, partner=partner, booking=booking, applied_by=partner.applied_by,
                applied_at=at, state=FairEmployerState.APPLIED if waits else FairEmployerState.ACCEPTED,
                stand_number=None if waits else number, **({} if waits else decided),
            )  # fmt: skip
            vacancies = fair_posts.vacancies(
                self.random, partner, self._shares(share, 3), by=self.staff[1], at=at,
                closed_at=closed_at, waits=waits,
            )  # fmt: skip
            FairVacancy.objects.bulk_create(
                FairVacancy(employer=employer, vacancy=each, headcount=each.headcount)
                for each in vacancies
            )
            made.append((employer, vacancies))
        Slot.objects.filter(pk=slot.pk).update(taken=count)
        return made

    def _shares(self, total, parts, *, least=1):
        """`total` in `parts` whole pieces of different size, `least` or more each."""
        rest = total - parts * (least - 1)
        cuts = sorted(self.random.sample(range(1, rest), parts - 1))
        return [b - a + least - 1 for a, b in zip([0, *cuts], [*cuts, rest], strict=True)]

    def _booking(self, slot, by, key, name, state, at, *, person=None, **facts):
        code = "".join(self.random.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        return Booking.objects.create(
            code=code, slot=slot, station=slot.offering.station, person=person, contact_name=name,
            contact_phone=person.phone if person else by.phone, state=state, by=by,
            once_key=f"{slot.offering_id}:demo:{key}", client_key=key, created_at=at, **facts,
        )  # fmt: skip

    def _visitors(self, fair, employers, intents):
        """Twice as many visitors as intentions; every second one comes to terms at a stand."""
        slots = list(fair.visits.slots.select_related("offering__station").order_by("starts_at"))
        visitors = self.random.sample(self.people, intents * 2)
        taken = {slot.pk: 0 for slot in slots}
        for number, person in enumerate(visitors):
            slot = slots[number % len(slots)]
            came = slot.starts_at + timedelta(minutes=5 + number)
            booking = self._booking(
                slot, self.staff[0], f"demo-visit-{fair.pk}-{number}", person.name,
                BookingState.SERVED, came - timedelta(days=3), person=person,
                on_behalf=number % 3 == 0, checked_in_at=came, served_at=came + timedelta(hours=1),
            )  # fmt: skip
            taken[slot.pk] += 1
            if number % 2 == 0:
                self._intent(fair, employers, booking, came + timedelta(minutes=40))
        for pk, count in taken.items():
            Slot.objects.filter(pk=pk).update(taken=count)

    def _intent(self, fair, employers, booking, at):
        employer, vacancies = self.random.choice(employers)
        stage = self.random.choice(CAME_TO)
        on = timezone.localdate(at)
        days = {"reached_on": on}
        if stage in (IntentStage.INTERVIEW, IntentStage.HIRED, IntentStage.SEATED):
            days["interview_on"] = on + timedelta(days=7)
        if stage in (IntentStage.HIRED, IntentStage.SEATED):
            days["hired_on"] = on + timedelta(days=14)
        if stage == IntentStage.SEATED:
            days["seated_on"] = on + timedelta(days=30)
        if stage == IntentStage.ENDED:
            days |= {"ended_on": on + timedelta(days=10), "ended_as": EndedAs.EMPLOYER,
                     "reason": "岗位已招满"}  # fmt: skip
        EmploymentIntent.objects.create(
            vacancy=self.random.choice(vacancies), station=fair.station, fair=fair,
            booking=booking, person=booking.person, name=booking.contact_name,
            phone=booking.contact_phone, stage=stage, by=employer.partner.applied_by, made_at=at,
            **days,
        )  # fmt: skip

    def coming(self, today):
        """A fair people can register for, one that is drafted, and vacancies beside them."""
        first, second = today + timedelta(days=12), today + timedelta(days=40)
        fair = self._fair(
            self.centres[CITY], f"{first.year}年冬季退役军人专场招聘会" if first.month in (11, 12, 1, 2)
            else f"{first.year}年{first.month}月退役军人专场招聘会", "市体育中心东厅", first,
            state=FairState.OPEN, opened_by=self.staff[1],
            opened_at=timezone.now() - timedelta(days=5),
        )  # fmt: skip
        self._employers(fair, 10, 320, waiting=3)
        self._fair(
            self.centres[JIANGYIN], f"{second.year}年{second.month}月江阴退役军人专场",
            "江阴市人力资源市场", second,
        )  # fmt: skip
        for number, partner in enumerate(self.partners):
            at = timezone.now() - timedelta(days=number % 20 + 1)
            fair_posts.vacancies(
                self.random, partner, [2, 5], by=self.staff[1], at=at, waits=number % 9 == 4
            )
