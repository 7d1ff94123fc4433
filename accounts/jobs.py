"""Long work in the background: one row per piece, so that it can be watched, lost and found again.

A kind of work is a function `work(job)` under `@job("kind")` in some app's tasks. It reads
`job.params`, calls `progress` now and then, and returns the result as a dictionary. It may be begun
again after its worker died, so it must be able to start in the middle.
"""

from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from accounts import dispatch, private_files
from accounts.audit import record
from accounts.enums import Channel, JobState
from accounts.messages import tell
from accounts.models import Job
from veterans_portal.errors import DomainError

STALE = timedelta(seconds=60)
UNSENT = timedelta(seconds=20)
ATTEMPTS = 4
BEAT_SECONDS = 1
MOST_OPEN = 3  # for one owner: more would only wait behind each other
BROKEN = (
    "处理中断了，已保存的内容没有丢失。请点“再试一次”；仍不行请联系系统管理员，并告知编号{code}。"
)
TOO_MANY = f"您已有{MOST_OPEN}项工作在处理，请等其中一项完成后再来。急用请联系系统管理员。"
NO_LONGER = "您已没有办理这项工作的权限，不能继续。如仍由您负责，请联系安全管理员。"
LOST_TOO_OFTEN = "处理多次中断，已停止自动重试。请稍后点“再试一次”；仍不行请联系系统管理员。"

log = structlog.get_logger(__name__)
_kinds = {}
_rights = {}


class TakenOverError(Exception):
    """Another worker holds the job now; this one stops without a word."""


def job(kind, *, allowed=None):
    """Register a function as the work of a kind: `@job("services.roster_check")`.

    `allowed(row)` says whether the owner still has the right to it; it is asked before the work
    begins, is begun again, and before its file is handed over.
    """

    def register(work):
        _kinds[kind] = work
        if allowed is not None:
            _rights[kind] = allowed
        return work

    return register


def start(kind, *, title, owner, params=None, once=False):
    """Write a job of `owner` and send it to a worker after the commit; returns the Job.

    `params` holds ids only, never personal data; `page` in it is the address that shows the work
    when it is not the job's own page. With `once` the owner's unfinished job with the same
    params is returned instead of a second one. Raises DomainError when MOST_OPEN of the owner's
    jobs are unfinished.
    """
    params = params or {}
    with transaction.atomic():
        unfinished = _unfinished_of(owner)
        same = unfinished.filter(kind=kind, params=params).first() if once else None
        if same is not None:
            return same
        _require_room(unfinished)
        row = Job.objects.create(kind=kind, title=title[:120], owner=owner, params=params)
        _send_on_commit(row.pk)
    return row


def still_allowed(row):
    """Whether the owner still has the right to the work and to what it made."""
    _discover(row.kind)
    allowed = _rights.get(row.kind)
    return allowed is None or allowed(row)


def hand_over(row, *, by, file="file", name="file_name"):
    """Return a file the job made as (bytes, file name) and write down who took it.

    `file` and `name` are keys of the result. Raises DomainError when the right is gone and
    FileNotFoundError when the file is.
    """
    if not still_allowed(row):
        raise DomainError(NO_LONGER, code="job_not_allowed")
    data = private_files.fetch(row.result[file])
    record("accounts.file_downloaded", row, by=by, detail={"kind": row.kind})
    return data, row.result[name]


def progress(row, done, total=None, note=None):
    """Say how far the work is, at most once a second; also the sign that its worker lives.

    Raises TakenOverError when the job is no longer this worker's.
    """
    now = timezone.now()
    row.done = done
    row.total = row.total if total is None else total
    row.note = row.note if note is None else note[:200]
    finished = row.total and done >= row.total
    if not finished and (now - row.heartbeat_at).total_seconds() < BEAT_SECONDS and note is None:
        return
    row.heartbeat_at = now
    mine = Job.objects.filter(pk=row.pk, state=JobState.RUNNING, attempts=row.attempts)
    values = {"done": done, "total": max(row.total, done), "note": row.note, "heartbeat_at": now}
    if not mine.update(**values):
        raise TakenOverError


def finish(row, result=None):
    """The work is done; `result` may name a private file (`file`, `file_name`) or a page (`url`)."""
    return _end(row, JobState.DONE, result=result or {}, done=F("total"), error="")


def fail(row, reason):
    """The work ends without a result; `reason` is a sentence that says how to mend it."""
    return _end(row, JobState.FAILED, error=reason[:300])


def retry(row, *, by):
    """Begin a failed job again.

    Raises DomainError when there is nothing to begin, the right is gone, or too much is begun.
    """
    if not still_allowed(row):
        raise DomainError(NO_LONGER, code="job_not_allowed")
    with transaction.atomic():
        _require_room(_unfinished_of(row.owner))
        again = Job.objects.filter(pk=row.pk, state=JobState.FAILED).update(
            state=JobState.QUEUED,
            error="",
            finished_at=None,
            heartbeat_at=None,
            created_at=timezone.now(),
        )
        if not again:
            raise DomainError("这项工作正在进行或已经完成，不用再试。", code="job_not_failed")
        record("accounts.job_retried", row, by=by, detail={"kind": row.kind})
        _send_on_commit(row.pk)


def run(job_id):
    """Do a job if it waits or its worker died; called by Celery, harmless when called twice."""
    with _alone(job_id) as mine:
        row = _claim(job_id) if mine else None
        if row is not None:
            _work(row)


def sweep():
    """Send again what never reached a worker and what lost its worker; give up after some tries."""
    now = timezone.now()
    silent = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - STALE)
    for row in silent.filter(attempts__gte=ATTEMPTS):
        with _alone(row.pk) as mine:
            if mine:
                fail(row, LOST_TOO_OFTEN)
    unsent = Q(state=JobState.QUEUED, created_at__lt=now - UNSENT)
    lost = Q(state=JobState.RUNNING, heartbeat_at__lt=now - STALE)
    for job_id in Job.objects.filter(unsent | lost).values_list("pk", flat=True):
        _send(job_id)


def _unfinished_of(owner):
    """The owner's unfinished jobs; until the transaction ends nobody else opens one for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"jobs:{owner.pk}"]
        )
    return Job.objects.filter(owner=owner, state__in=[JobState.QUEUED, JobState.RUNNING])


def _require_room(unfinished):
    if unfinished.count() >= MOST_OPEN:
        raise DomainError(TOO_MANY, code="too_many_jobs")


def _send_on_commit(job_id):
    transaction.on_commit(lambda: _send(job_id))


def _send(job_id):
    from accounts.tasks.jobs import run_job

    dispatch.send(run_job, str(job_id))


@contextmanager
def _alone(job_id):
    """Hold the job's lock in the database while the block runs; says whether it was free.

    It goes with the connection, so a dead worker holds nothing and a slow one keeps its job.
    """
    key = UUID(str(job_id)).int % 2**63
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _claim(job_id):
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING)
    claimed = Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING, started_at=now, heartbeat_at=now, attempts=F("attempts") + 1
    )
    return Job.objects.select_related("owner").get(pk=job_id) if claimed else None


def _work(row):
    try:
        if not still_allowed(row):
            raise DomainError(NO_LONGER, code="job_not_allowed")
        result = _kinds[row.kind](row)
    except TakenOverError:
        log.warning("job_taken_over", job=str(row.pk))
    except DomainError as error:
        fail(row, error.message)
    except Exception:
        log.exception("job_broke", job=str(row.pk), kind=row.kind)
        fail(row, BROKEN.format(code=str(row.pk)[:8]))
    else:
        finish(row, result)


def _discover(kind):
    if kind not in _kinds:
        autodiscover_modules("tasks")


def _end(row, state, **values):
    """Close the job and tell its owner; False when it is no longer this worker's."""
    mine = Job.objects.filter(pk=row.pk, state=JobState.RUNNING, attempts=row.attempts)
    with transaction.atomic():
        ended = mine.update(state=state, finished_at=timezone.now(), **values)
        if ended:
            tell(
                to=row.owner,
                kind="accounts.job_over",
                title=f"{row.title[:90]}：{state.label}",
                body=values["error"] or "结果可以查看了。",
                url=row.params.get("page") or row.get_absolute_url(),
                dedupe=f"job:{row.pk}:{row.attempts}",
                channels=[Channel.INBOX],
            )
    return bool(ended)
