"""Directed recruitment: the notice, its posts and steps, who applied, and how each step went."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from placement import perms
from placement.enums.fairs import VacancyState
from placement.enums.recruitment import (
    SCORED,
    TESTED,
    ApplicantState,
    RecruitmentState,
    RecruitStep,
)
from placement.models import (
    Applicant,
    ApplicantResult,
    DirectedRecruitment,
    RecruitmentStep,
    Vacancy,
)
from placement.notices import fairs as notices
from services.booking_rules import refusal_by_file
from services.enums import IdentityCategory
from services.perms import may_keep_file
from veterans_portal import locking
from veterans_portal.errors import DomainError

Draft, Published = RecruitmentState.DRAFT, RecruitmentState.PUBLISHED
# Who served: the identities that posts reserved for veterans are open to.
VETERANS = [
    IdentityCategory.TRANSFERRED_CADRE,
    IdentityCategory.DISCHARGED_SOLDIER,
    IdentityCategory.DEMOBILISED,
    IdentityCategory.DISABLED_SOLDIER,
]


class RecruitmentError(DomainError):
    """A rule about directed recruitment refuses."""

    code = "recruitment_refused"


def locked(recruitment):
    """Return the recruitment, locked until the transaction ends."""
    rows = DirectedRecruitment.objects.select_related("station", "division")
    return locking.locked(rows, getattr(recruitment, "pk", recruitment))


@transaction.atomic
def save(*, recruitment, steps, by):
    """Write down a notice with the days of its `steps` ({RecruitStep: (on, until, note)}).

    While it is drafted everything may change; published, only the days of steps ahead may.
    """
    _require(perms.may_keep_jobs(by, recruitment.station))
    is_new = recruitment.pk is None
    if is_new:
        recruitment.created_by = by
    else:
        state = locked(recruitment).state
        if state not in (Draft, Published):
            raise RecruitmentError("这次招录已经结束，不能再改。", code="wrong_state")
        if state == Published:
            recruitment = locked(recruitment)
    if recruitment.state == Draft:
        recruitment.save()
    recruitment.steps.exclude(step__in=steps).delete()
    for step, (on, until, note) in steps.items():
        RecruitmentStep.objects.update_or_create(
            recruitment=recruitment, step=step, defaults={"on": on, "until": until, "note": note}
        )
    _record("created" if is_new else "changed", recruitment, by)
    return recruitment


@transaction.atomic
def add_post(*, recruitment, post, by, now=None):
    """Add a post to a notice that is drafted; `post` is a Vacancy with its own facts set."""
    recruitment = locked(recruitment)
    _require(perms.may_keep_jobs(by, recruitment.station))
    _must_be(recruitment, Draft)
    post.recruitment, post.partner, post.kind = recruitment, None, recruitment.kind
    post.station, post.employer_name = recruitment.station, recruitment.host
    post.veterans_only, post.open_until = True, recruitment.apply_until
    post.created_by, post.submitted_at = by, now or timezone.now()
    post.save()
    _record("post_added", recruitment, by, title=post.title, headcount=post.headcount)
    return post


@transaction.atomic
def remove_post(*, post, by):
    """Take a post out of a notice that is drafted."""
    recruitment = locked(post.recruitment_id)
    _require(perms.may_keep_jobs(by, recruitment.station))
    _must_be(recruitment, Draft)
    _record("post_removed", recruitment, by, title=post.title)
    Vacancy.objects.filter(pk=post.pk).delete()


@transaction.atomic
def publish(*, recruitment, by, now=None):
    """Let everybody read it; its posts are open. Never by the one who drafted it."""
    now = now or timezone.now()
    recruitment = _to_check(recruitment, by, Draft)
    if recruitment.created_by_id == by.pk:
        raise RecruitmentError("您起草的公告请由另一位同事发布。", code="own_draft")
    if not recruitment.posts.exists():
        raise RecruitmentError("还没有岗位，请先添加岗位再发布。", code="no_posts")
    if recruitment.apply_until < timezone.localdate(now):
        raise RecruitmentError("报名截止日期已经过去，请先改日期。", code="past")
    recruitment.state, recruitment.published_by = Published, by
    recruitment.published_at = now
    recruitment.save()
    recruitment.posts.update(
        state=VacancyState.OPEN, decided_by=by, decided_at=now, open_until=recruitment.apply_until
    )
    _record("published", recruitment, by)
    return recruitment


@transaction.atomic
def cancel(*, recruitment, by, reason, now=None):
    """Call it off; whoever is still in it is told why."""
    recruitment = _to_check(recruitment, by, Draft, Published)
    reason = reason.strip()[:100]
    if not reason:
        raise RecruitmentError("请写明取消的原因，报名的人会看到。", field="reason")
    recruitment.reason = reason
    _end(recruitment, RecruitmentState.CANCELLED, now)
    for applicant in recruitment.applicants.with_all().filter(state=ApplicantState.IN):
        notices.tell_applicant(applicant, notices.recruitment_cancelled(applicant))
    _record("cancelled", recruitment, by, reason=reason)
    return recruitment


@transaction.atomic
def end(*, recruitment, by, now=None):
    """Close it when nobody is between two steps any more."""
    recruitment = _to_check(recruitment, by, Published)
    if recruitment.applicants.filter(state=ApplicantState.IN).exists():
        raise RecruitmentError("还有报名人没有结果，请先记完各步结果。", code="unfinished")
    _end(recruitment, RecruitmentState.ENDED, now)
    _record("ended", recruitment, by)
    return recruitment


def _end(recruitment, state, now):
    now = now or timezone.now()
    recruitment.state, recruitment.ended_at = state, now
    recruitment.save()
    recruitment.posts.exclude(state=VacancyState.CLOSED).update(
        state=VacancyState.CLOSED, closed_at=now
    )


@transaction.atomic
def apply(*, post, person, statement, by, now=None):
    """Apply for a reserved post: one per person and notice. By the person, or staff who keep the file.

    Raises RecruitmentError: not the time, no verified identity of a veteran, applied already.
    """
    now = now or timezone.now()
    recruitment = locked(post.recruitment_id)
    if not (person.account_id == by.pk or may_keep_file(by, person.station)):
        raise RecruitmentError("请由本人报名，或请服务站代办。", code="not_yours")
    if refusal := refusal_by_file(person):
        raise refusal
    if not recruitment.takes_applicants(timezone.localdate(now)):
        raise RecruitmentError(
            f"报名时间是{recruitment.apply_from:%Y-%m-%d}至{recruitment.apply_until:%Y-%m-%d}，"
            "现在不能报名。",
            code="closed",
        )
    if not person.identities.valid().filter(category__in=VETERANS).exists():
        raise RecruitmentError(
            "定向岗位面向退役军人，您的档案里还没有核验过的退役军人身份，请先联系服务站核验。",
            code="not_a_veteran",
        )
    number = f"DX{recruitment.apply_from:%Y}{recruitment.pk:04d}-{_next(recruitment):04d}"
    try:
        with transaction.atomic():
            applicant = Applicant.objects.create(
                recruitment=recruitment, post=post, person=person, number=number,
                statement=statement, by=by, applied_at=now,
            )  # fmt: skip
    except IntegrityError as twice:
        raise RecruitmentError(
            "您已经报过这次招录，每人只能报一个岗位。", code="applied_already"
        ) from twice
    _record_applicant("applied", applicant, by, number=number)
    notices.tell_applicant(applicant, notices.applied(applicant))
    return applicant


def _next(recruitment):
    """The next running number; the recruitment's row is locked, so nobody else takes it."""
    last = recruitment.applicants.aggregate(last=Max("number"))["last"]
    return int(last.rpartition("-")[2]) + 1 if last else 1


@transaction.atomic
def withdraw(*, applicant, by, now=None):
    """The person gives up, before the result."""
    applicant = _applicant(applicant)
    if applicant.person.account_id != by.pk and not may_keep_file(by, applicant.person.station):
        raise RecruitmentError("请由本人放弃，或请服务站代办。", code="not_yours")
    _must_be_in(applicant)
    applicant.state, applicant.ended_at = ApplicantState.WITHDRAWN, now or timezone.now()
    applicant.reason = "本人放弃"
    applicant.save()
    _record_applicant("withdrew", applicant, by)
    return applicant


def next_step(applicant, steps):
    """The next step an applicant is tested at, among the notice's `steps`; None when all are done."""
    ahead = [step for step in TESTED if step in steps and step > applicant.step]
    return min(ahead, default=None)


@transaction.atomic
def record_result(*, applicant, step, passed, by, score=None, reason="", now=None):
    """Write down how the next step went: in the order of the notice, once. The person is told."""
    now = now or timezone.now()
    applicant = _applicant(applicant)
    recruitment = applicant.recruitment
    _require(perms.may_keep_jobs(by, recruitment.station))
    _must_be(recruitment, Published)
    _must_be_in(applicant)
    steps = set(recruitment.steps.values_list("step", flat=True))
    if step != next_step(applicant, steps):
        raise RecruitmentError("请按公告的步骤依次记录，刷新页面再看。", code="wrong_step")
    if timezone.localdate(now) < recruitment.steps.get(step=step).on:
        raise RecruitmentError("这一步还没有到日子。", code="ahead")
    if score is not None and step not in SCORED:
        raise RecruitmentError("这一步不记成绩。", field="score")
    reason = reason.strip()[:100]
    if not passed and not reason:
        raise RecruitmentError("没有通过的，请写明原因，本人会看到。", field="reason")
    done = ApplicantResult.objects.create(
        applicant=applicant, step=step, passed=passed, score=score, note=reason, by=by, at=now
    )
    if passed:
        applicant.step = step
    else:
        applicant.state, applicant.ended_at, applicant.reason = ApplicantState.OUT, now, reason
    applicant.save()
    _record_applicant("step_recorded", applicant, by, step=int(step), passed=passed)
    notices.tell_applicant(applicant, notices.result(applicant, done))
    return applicant


@transaction.atomic
def publish_list(*, recruitment, first, last, by):
    """Put those who passed every step on the public page from `first` to `last`; it goes by itself."""
    recruitment = _to_check(recruitment, by, Published)
    if last < first or last < timezone.localdate():
        raise RecruitmentError("公示结束应晚于开始，且不早于今天。", field="last")
    passed = [each.pk for each in proposed(recruitment)]
    if not passed:
        raise RecruitmentError("还没有人通过全部步骤，不能公示。", code="nobody")
    recruitment.applicants.filter(pk__in=passed).update(step=RecruitStep.PUBLICITY)
    recruitment.listed_from, recruitment.listed_until = first, last
    recruitment.listed_by = by
    recruitment.save()
    _record("listed", recruitment, by, people=len(passed))
    return recruitment


def proposed(recruitment):
    """Applicants who passed every step of the notice and are still in it."""
    steps = set(recruitment.steps.values_list("step", flat=True))
    here = recruitment.applicants.with_all().filter(state=ApplicantState.IN)
    return [each for each in here if next_step(each, steps) is None]


@transaction.atomic
def hire(*, applicant, by, now=None):
    """Note that the post is theirs, after the list stood in public to its end; never over headcount."""
    now = now or timezone.now()
    applicant = _applicant(applicant)
    recruitment = applicant.recruitment
    if not perms.may_check_jobs(by, recruitment.station):
        raise RecruitmentError("请由组织站点的审核人或负责人办理。", code="not_yours")
    _must_be(recruitment, Published)
    _must_be_in(applicant)
    if applicant.step != RecruitStep.PUBLICITY:
        raise RecruitmentError("公示以后才能聘用。", code="not_listed")
    if timezone.localdate(now) <= recruitment.listed_until:
        raise RecruitmentError("公示还没有结束，请等结束后再办。", code="listed_still")
    taken = applicant.post.applicants.filter(state=ApplicantState.HIRED).count()
    if taken >= applicant.post.headcount:
        raise RecruitmentError("这个岗位已经聘满。", code="full")
    applicant.step, applicant.state = RecruitStep.HIRED, ApplicantState.HIRED
    applicant.ended_at = now
    applicant.save()
    _record_applicant("hired", applicant, by)
    notices.tell_applicant(applicant, notices.hired(applicant))
    return applicant


def _applicant(applicant):
    """The applicant fresh, with the recruitment locked: its acts wait for one another."""
    recruitment = locked(applicant.recruitment_id)
    fresh = Applicant.objects.with_all().select_related("person__station").get(pk=applicant.pk)
    fresh.recruitment = recruitment
    return fresh


def _to_check(recruitment, by, *states):
    recruitment = locked(recruitment)
    if not perms.may_check_jobs(by, recruitment.station):
        raise RecruitmentError("请由组织站点的审核人或负责人办理。", code="not_yours")
    _must_be(recruitment, *states)
    return recruitment


def _must_be(recruitment, *states):
    if recruitment.state not in states:
        raise RecruitmentError(
            f"这次招录现在是“{recruitment.get_state_display()}”，请刷新页面再看。",
            code="wrong_state",
        )


def _must_be_in(applicant):
    if applicant.state != ApplicantState.IN:
        raise RecruitmentError(
            f"这个报名现在是“{applicant.get_state_display()}”。", code="wrong_state"
        )


def _require(allowed):
    if not allowed:
        raise RecruitmentError("请由组织站点的经办人或负责人办理。", code="not_yours")


def _record(act, recruitment, by, **detail):
    audit.record(
        f"placement.recruitment_{act}", recruitment, by=by, station=recruitment.station,
        detail=detail or None,
    )  # fmt: skip


def _record_applicant(act, applicant, by, **detail):
    audit.record(
        f"placement.applicant_{act}", applicant, by=by, station=applicant.recruitment.station,
        on_behalf_of=applicant.person.name if by.pk != applicant.person.account_id else "",
        detail=detail or None,
    )  # fmt: skip
