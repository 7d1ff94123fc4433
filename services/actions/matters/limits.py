"""How many unfinished matters a citizen may have at once by self-service; the counter has no limit."""

from django.conf import settings
from django.db.models import Q

from accounts.enums import UserKind
from accounts.models import User
from services.enums import UNDECIDED, MatterState
from services.matter_rules import MatterError
from services.models import Matter, Person
from veterans_portal import locking


def unfinished(*, by, person):
    """What citizens entered for this file (without one: for `by`) and is not decided; own drafts too."""
    whose = Q(by=by, person=None) if person is None else Q(person=person)
    mine = Matter.objects.filter(whose, state__in=UNDECIDED, by__kind=UserKind.CITIZEN)
    return mine.exclude(~Q(by=by), state=MatterState.DRAFT).order_by("-pk")


def in_the_way(*, kind, by, person):
    """Unfinished ones that `by` may see and finish or take back, those of the same kind first."""
    seen = Matter.objects.visible_to(by).filter(
        pk__in=unfinished(by=by, person=person).values("pk")
    )
    rows = list(seen.select_related("kind").order_by("-pk"))
    same = [each for each in rows if each.kind_id == kind.pk]
    return same if len(same) >= settings.MATTERS_OPEN_PER_KIND else rows


def refuse_too_many(*, kind, by, person):
    """Raise MatterError `too_many` at MATTERS_OPEN_PER_KIND of a kind, or MATTERS_OPEN_IN_ALL.

    What is counted by stays locked (the file, else the account), so that two at once do not both
    slip through, nor a person and their agent.
    """
    counted_by = (Person.objects, person.pk) if person is not None else (User.objects, by.pk)
    locking.locked(*counted_by)
    standing = unfinished(by=by, person=person)
    of_kind, in_all = standing.filter(kind=kind).count(), standing.count()
    if of_kind >= settings.MATTERS_OPEN_PER_KIND:
        what = f"已有{of_kind}件“{kind.name}”还没办完"
    elif in_all >= settings.MATTERS_OPEN_IN_ALL:
        what = f"已有{in_all}件事还没办完"
    else:
        return
    numbers = "、".join(each.number for each in in_the_way(kind=kind, by=by, person=person)[:3])
    which = f"（编号{numbers}）" if numbers else ""
    raise MatterError(
        f"{what}{which}。请先接着办，或撤回不用的，再提新的；着急请拨打{kind.phone}，或到服务站当面办。",
        code="too_many",
    )
