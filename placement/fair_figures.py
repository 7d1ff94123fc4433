"""Figures of one fair: employers, posts, who came, intentions by stage. Reads only."""

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from placement.enums.fairs import INTENT_ROAD, FairEmployerState, IntentStage
from placement.models import EmploymentIntent, FairVacancy
from services.enums import CAME_STATES, HOLDING_STATES
from services.models import Booking

ON_SCREEN = 6
TURN = 12  # seconds


def posts_of(fair):
    """What accepted employers brought, by stand."""
    found = FairVacancy.objects.filter(
        employer__fair=fair, employer__state=FairEmployerState.ACCEPTED
    )
    found = found.select_related("vacancy__division", "employer__partner")
    return found.order_by("employer__stand_number", "pk")


def totals(fair):
    """`employers`, `vacancies`, `posts`, `registered`, `came`, `walked_in` (heads), `reached`."""
    offered = posts_of(fair).order_by().aggregate(
        employers=Count("employer", distinct=True),
        vacancies=Count("pk"),
        posts=Coalesce(Sum("headcount"), 0),
    )  # fmt: skip
    visits = Booking.objects.filter(slot__offering=fair.visits_id).aggregate(
        registered=Coalesce(Sum("heads", filter=Q(state__in=HOLDING_STATES)), 0),
        came=Coalesce(Sum("heads", filter=Q(state__in=CAME_STATES)), 0),
        walked_in=Coalesce(Sum("heads", filter=Q(state__in=CAME_STATES, on_behalf=True)), 0),
    )
    reached = EmploymentIntent.objects.filter(fair=fair, reached_on__isnull=False).count()
    return offered | visits | {"reached": reached}


REACHED_AT = {
    IntentStage.FIRST: "reached_on",
    IntentStage.INTERVIEW: "interview_on",
    IntentStage.HIRED: "hired_on",
    IntentStage.SEATED: "seated_on",
}


def stages(fair):
    """`[(stage, how many came so far)]`: whoever was hired had been reached before."""
    counted = {
        stage: Count("pk", filter=Q(**{f"{name}__isnull": False}))
        for stage, name in REACHED_AT.items()
    }
    sums = EmploymentIntent.objects.filter(fair=fair).aggregate(**counted)
    return [(IntentStage(stage).label, sums[stage]) for stage in INTENT_ROAD if stage in sums]


def by_employer(fair):
    """Per stand: the employer, its vacancies and posts, the intentions reached there."""
    rows = fair.employers.accepted().select_related("partner").annotate(
        vacancies=Count("posts", distinct=True)
    )  # fmt: skip
    posts = dict(posts_of(fair).order_by().values_list("employer").annotate(Sum("headcount")))
    reached = dict(
        EmploymentIntent.objects.filter(fair=fair, reached_on__isnull=False)
        .order_by()
        .values_list("vacancy__partner")
        .annotate(Count("pk"))
    )
    found = list(rows)
    for each in found:
        each.posts_offered = posts.get(each.pk, 0)
        each.reached = reached.get(each.partner_id, 0)
    return found


def board_of(fair):
    """What a fair's page shows: the stands with their posts, and how much has come together."""
    stands = {}
    for post in posts_of(fair):
        entry = stands.setdefault(post.employer_id, {"employer": post.employer, "posts": []})
        entry["posts"].append(post)
    return {"stands": list(stands.values()), "totals": totals(fair)}


def screen_of(fair, *, now):
    """The same for the hall's screen, where not all stands fit at once: they take turns.

    Every `TURN` seconds the next `ON_SCREEN` of them are `stands`; `turn` of `turns` says which.
    """
    board = board_of(fair)
    turns = max(-(-len(board["stands"]) // ON_SCREEN), 1)
    turn = int(now.timestamp() // TURN) % turns
    first = turn * ON_SCREEN
    return board | {
        "stands": board["stands"][first : first + ON_SCREEN],
        "turn": turn + 1,
        "turns": turns,
    }
