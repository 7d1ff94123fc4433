"""Finding whom a rule fits: one query, then small transactions that can be taken up anywhere.

Within a chunk the files are locked in the order of their ids. Whoever declines or merges locks them
too, and so does a second run: what the first one wrote is seen by the second before it writes.
"""

import structlog
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Greatest
from django.utils import timezone

from accounts import audit
from placement.enums.outreach import LeadState, VisitState
from placement.models import OutreachLead, OutreachRefusal, OutreachRun, OutreachTask
from placement.notices import outreach as notices
from services.actions.workdays import due_day
from services.enums import Answer, Occasion, RuleKind
from services.models import Person, RuleVersion
from services.models.person import IN_FORCE
from services.rules import facts_of, parse, persons, verdict, with_facts
from services.rules.days import birthday

CHUNK = 200

log = structlog.get_logger(__name__)


def wanting(version, *, on):
    """Whom the version fits on a day, who did not decline, and was not found for that occasion yet."""
    found = persons(parse(version.conditions, complete=False), on=on, reach=version.reach)
    told = OutreachLead.objects.filter(rule=version.rule_id, person=OuterRef("pk"))
    if version.occasion == Occasion.YEARLY:
        found = found.exclude(Exists(told.filter(occasion=str(on.year))))
    elif version.occasion == Occasion.DISCHARGE:
        day = Cast(OuterRef("discharged_on"), CharField())
        found = found.exclude(Exists(told.filter(occasion=Concat(Value("discharge-"), day))))
    elif version.occasion == Occasion.ONCE:
        found = found.exclude(Exists(told.filter(occasion="once")))
    return found.exclude(Exists(_refusals(version.rule_id).filter(person=OuterRef("pk"))))


def _refusals(rule_id):
    return OutreachRefusal.objects.standing().filter(Q(rule=rule_id) | Q(rule__isnull=True))


def occasion_of(version, facts, on):
    """The key of the occasion for which these facts are found on a day."""
    if version.occasion == Occasion.YEARLY:
        return str(on.year)
    if version.occasion == Occasion.DISCHARGE and facts.discharged_on:
        return f"discharge-{facts.discharged_on}"
    if version.occasion == Occasion.BIRTHDAY:
        near = range(on.year - facts.birth.year - 1, on.year - facts.birth.year + 2)
        age = min(near, key=lambda age: abs((birthday(facts.birth, age) - on).days))
        return f"birthday-{age}"
    return "once"


def match(version, *, day=None, progress=None):
    """Find, tell and send out for one version on one day; returns the OutreachRun.

    May be begun again after it broke off, and run twice at once. `progress(done)` is told how many
    of `wanting` it came past. Memory does not grow with how many there are.
    """
    day = day or timezone.localdate()
    run, _ = OutreachRun.objects.get_or_create(version=version, day=day)
    if run.finished_at is not None:
        return run
    left = wanting(version, on=day).filter(pk__gt=run.reached).order_by("pk")
    past, chunk = 0, []
    for pk in left.values_list("pk", flat=True).iterator(chunk_size=CHUNK * 10):
        chunk.append(pk)
        if len(chunk) == CHUNK:
            past += _take(version, run, chunk, day)
            chunk = []
            if progress:
                progress(past)
    if chunk:
        _take(version, run, chunk, day)
    OutreachRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    run.refresh_from_db()
    return run


@transaction.atomic
def _take(version, run, keys, day):
    """One chunk: look again under lock, write leads, tasks, messages; returns how many were looked at."""
    _hold(keys)
    if RuleVersion.objects.in_force(day).filter(pk=version.pk).exists():
        leads = leads_for(version, keys, day)
        OutreachLead.objects.bulk_create(leads)
        if version.visit:
            due = due_day(version.visit_workdays, after=day)
            OutreachTask.objects.bulk_create(
                OutreachTask(lead=lead, station=lead.person.station, due_on=due) for lead in leads
            )
        for lead in leads:
            _tell(lead, version)
    else:
        leads = []
    OutreachRun.objects.filter(pk=run.pk).update(
        reached=Greatest("reached", keys[-1]), found=F("found") + len(leads)
    )
    return len(keys)


def _hold(keys):
    """Lock the files until the transaction ends, always in the order of their ids."""
    people = Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    list(people.values_list("pk"))


def leads_for(version, keys, day):
    """Unsaved leads of those who still fit, in Python with their reasons, and were not found before."""
    root = parse(version.conditions)
    known = set(
        OutreachLead.objects.filter(rule=version.rule_id, person__in=keys).values_list(
            "person", "occasion"
        )
    )
    declined = set(
        _refusals(version.rule_id).filter(person__in=keys).values_list("person", flat=True)
    )
    people = with_facts(Person.objects.filter(pk__in=keys)).select_related("station", "account")
    leads = []
    for person in people.order_by("pk"):
        facts = facts_of(person)
        found = verdict(root, facts, on=day, reach=version.reach)
        occasion = occasion_of(version, facts, day)
        if found.answer != Answer.YES or person.pk in declined or (person.pk, occasion) in known:
            continue
        reasons = [
            {"words": each.words, "kind": each.kind, "private": each.private}
            for each in found.reasons
        ]
        leads.append(OutreachLead(person=person, rule=version.rule, version=version,
                                  occasion=occasion, reasons=reasons))  # fmt: skip
    return leads


def _tell(lead, version):
    audit.record(
        "placement.outreach_found", lead, station=lead.person.station, on_behalf_of=lead.person,
        detail={"rule": version.rule.code, "number": version.number, "occasion": lead.occasion},
    )  # fmt: skip
    notices.tell_found(lead)


def nightly(*, day=None):
    """Every rule in force once; one that breaks does not stop the others. Then tidy what changed."""
    day = day or timezone.localdate()
    rules = RuleVersion.objects.in_force(day).filter(rule__kind=RuleKind.OUTREACH)
    found = 0
    for version in rules.select_related("rule__station").order_by("pk"):
        try:
            found += match(version, day=day).found
        except Exception:
            log.exception("outreach_broke", rule=version.rule.code, number=version.number)
    follow_files()
    return found


def follow_files():
    """Open tasks go with a file to its new station; those of ended files are called off."""
    moved = OutreachTask.objects.open().exclude(station=F("lead__person__station"))
    for task in moved.select_related("lead__person__station"):
        OutreachTask.objects.filter(pk=task.pk, state=VisitState.OPEN).update(
            station=task.lead.person.station
        )
    over = OutreachTask.objects.filter(state=VisitState.OPEN).exclude(
        lead__person__state__in=IN_FORCE
    )
    for task in over.select_related("lead__person__station"):
        _call_off(task)


@transaction.atomic
def _call_off(task):
    now = timezone.now()
    open_ = OutreachTask.objects.filter(pk=task.pk, state=VisitState.OPEN)
    if open_.update(state=VisitState.CANCELLED, ended_at=now):
        OutreachLead.objects.filter(pk=task.lead_id, state=LeadState.OPEN).update(
            state=LeadState.ENDED, ended_at=now
        )
        audit.record("placement.outreach_cancelled", task, station=task.station,
                     on_behalf_of=task.lead.person, detail={"reason": "档案已结束"})  # fmt: skip
