"""Bringing a roster in: upload, check, let the good rows in, forget the rest in time."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts import jobs, private_files
from accounts.audit import record
from services import perms
from services.enums import ImportState, Tier
from services.models import Person, RosterImport, RosterRow, Station
from services.rosters import marking, reading, storing
from services.rosters.checking import Context, check
from veterans_portal import crypto
from veterans_portal.errors import DomainError

CHECK, IMPORT = "services.roster_check", "services.roster_import"
CHECK_BATCH, IMPORT_BATCH = 2000, 4000
UNCERTAIN = "名册没有核对完：文件已过保存期。请重新上传。"


class RosterError(DomainError):
    """A rule of the roster import refuses."""

    code = "roster_refused"


def upload(*, station, file_name, data, by, request=None):
    """Keep an uploaded roster encrypted and start its check; returns the RosterImport.

    `data` is the workbook as bytes. Raises FileRefused when it is none, RosterError for outsiders.
    """
    _require(by, station)
    reading.refuse_what_is_no_workbook(data)
    kept = private_files.keep(data)
    with transaction.atomic():
        roster = RosterImport.objects.create(
            station=station, by=by, file_name=file_name[-150:], digest=crypto.seal(data)
        )
        record("services.roster_uploaded", roster, by=by, station=station, request=request,
               detail={"file_name": roster.file_name})  # fmt: skip
        _start(CHECK, roster, f"核对名册：{roster.file_name}", by, file=kept)
    return roster


def let_in(*, roster, by, request=None):
    """Start the import of the good rows; the bad ones wait to be mended and uploaded again."""
    _require(by, roster.station)
    with transaction.atomic():
        mine = RosterImport.objects.filter(pk=roster.pk, state=ImportState.CHECKED, rows_good__gt=0)
        if not mine.update(state=ImportState.IMPORTING):
            raise RosterError("这份名册没有等着导入的人：可能已经导入，或者还没有核对完。")
        record("services.roster_confirmed", roster, by=by, station=roster.station,
               request=request, detail={"count": roster.rows_good})  # fmt: skip
        _start(IMPORT, roster, f"导入名册：{roster.file_name}", by)


def hand_over_marked(*, roster, by):
    """Return the sheet with the reasons as bytes and write down who took it.

    Raises FileNotFoundError when it is kept no longer.
    """
    data = private_files.fetch(roster.marked_file)
    record("services.roster_marked_downloaded", roster, by=by, station=roster.station)
    return data


@jobs.job(CHECK)
def check_roster(job):
    """Check every row of the file and write it down; then the sheet with the reasons.

    Begun again after a dead worker it starts from the first row: nothing of it counts before.
    """
    roster = RosterImport.objects.select_related("station").get(pk=job.params["roster"])
    if roster.state != ImportState.CHECKING:
        return _result(roster)
    roster.rows.all().delete()
    try:
        data = private_files.fetch(job.params["file"])
        jobs.progress(job, 0, reading.count_rows(data), "正在核对每一行")
        _check_all(roster, data, job)
    except FileNotFoundError as error:
        _give_up(roster)
        raise RosterError(UNCERTAIN) from error
    except reading.FileRefused:
        _give_up(roster)
        private_files.remove(job.params["file"])
        raise
    del data
    _close_check(roster, job)
    private_files.remove(job.params["file"])
    return _result(roster)


@jobs.job(IMPORT)
def import_roster(job):
    """Bring the good rows in, batch by batch; a batch is in as a whole or not at all.

    Begun again it goes on with what is not in yet.
    """
    roster = RosterImport.objects.select_related("station").get(pk=job.params["roster"])
    if roster.state != ImportState.IMPORTING:
        return _result(roster)
    by = job.owner
    filed = perms.files_roster_at_once(by, roster.station)
    done = roster.rows_added
    jobs.progress(job, done, roster.rows_good, "正在导入")
    last = 0
    good = roster.rows.good().order_by("number")
    while rows := list(good.filter(number__gt=last)[:IMPORT_BATCH]):
        storing.add_persons(roster, rows, by=by, filed=filed)
        last = rows[-1].number
        done += len(rows)
        jobs.progress(job, done)
    _close_import(roster, by, filed)
    return _result(roster)


def forget_old(days):
    """Remove the rows of rosters older than `days`; returns how many rows."""
    limit = timezone.now() - timedelta(days=days)
    return RosterRow.objects.filter(roster__created_at__lt=limit).delete()[0]


def _start(kind, roster, title, by, **params):
    params |= {"roster": roster.pk, "page": roster.get_absolute_url()}
    roster.job = jobs.start(kind, title=title, owner=by, params=params)
    RosterImport.objects.filter(pk=roster.pk).update(job=roster.job)


def _require(by, station):
    if not perms.may_import_roster(by, station):
        raise RosterError("您不在这个站点或它的上级站点任职，不能导入它的名册。")


def _context(station):
    stations = list(Station.objects.under(station).active().values_list("pk", "code", "name"))
    by_name = {}
    for pk, _, name in stations:
        by_name.setdefault(name, set()).add(pk)
    # Only where nothing lies below is it clear whom a row without a station belongs to.
    own = station.pk if station.tier in (Tier.VILLAGE, None) else None
    return Context({code: pk for pk, code, _ in stations}, by_name, own, timezone.localdate())


def _check_all(roster, data, job):
    context = _context(roster.station)
    seen, batch, done = {}, [], 0
    for number, cells in reading.rows(data):
        row = check(number, cells, context)
        _tell_apart(row, seen)
        batch.append(row)
        if len(batch) == CHECK_BATCH:
            _keep(roster, batch)
            done += len(batch)
            batch = []
            jobs.progress(job, done)
    _keep(roster, batch)


def _tell_apart(row, seen):
    """Give the row its blind index; a number that came before in the file is a mistake."""
    number = row.values.get("id_number")
    if number is None:
        return
    row.id_index = crypto.blind_index("id", number.text)
    digest = bytes.fromhex(row.id_index)[:16]
    first = seen.setdefault(digest, row.number)
    if first != row.number:
        row.errors["id_number"] = f"与第{first}行的身份证号相同，请只保留一行。"


def _keep(roster, rows):
    if not rows:
        return
    known = set(
        Person.objects.filter(id_index__in=[row.id_index for row in rows if row.id_index])
        .values_list("id_index", flat=True)
        .order_by()
    )
    for row in rows:
        row.known = row.id_index in known
    storing.keep_checked(roster, rows)


def _close_check(roster, job):
    counts = roster.rows.aggregate(
        total=Count("pk"),
        good=Count("pk", filter=Q(errors={}, known=False)),
        known=Count("pk", filter=Q(errors={}, known=True)),
    )
    roster.rows_total, roster.rows_good = counts["total"], counts["good"]
    roster.rows_known = counts["known"]
    roster.rows_bad = counts["total"] - counts["good"] - counts["known"]
    if roster.rows_bad:
        jobs.progress(job, 0, roster.rows_total, "正在生成修改表")
        marked = marking.workbook(roster, progress=lambda done: jobs.progress(job, done))
        roster.marked_file = private_files.keep(marked)
    roster.state = ImportState.CHECKED
    roster.save()


def _close_import(roster, by, filed):
    with transaction.atomic():
        mine = RosterImport.objects.filter(pk=roster.pk)
        mine.update(state=ImportState.IMPORTED, imported_at=timezone.now())
        roster.refresh_from_db()
        record("services.roster_imported", roster, by=by, station=roster.station, detail={
            "added": roster.rows_added, "known": roster.rows_known, "bad": roster.rows_bad,
            "filed": filed,
        })  # fmt: skip


def _give_up(roster):
    RosterImport.objects.filter(pk=roster.pk).update(state=ImportState.FAILED)


def _result(roster):
    return {"url": roster.get_absolute_url()}
