"""Papers of a matter: handed in from a phone or at the desk, read by who may, removed in time.

A file is cleaned before the matter is locked, kept encrypted, and counted once however often it
is sent (by its digest). Removed ones stay as a line of the matter without content.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit, private_files
from services import perms, uploads
from services.actions import matters
from services.enums import OPEN_MATTERS, MatterAct, MatterState
from services.matter_rules import may_act_for_oneself
from services.models import MatterFile
from veterans_portal.errors import DomainError

# When the person may still hand in, and when they may take away what they handed in.
HAND_IN = [MatterState.DRAFT, MatterState.SUBMITTED, MatterState.SUPPLEMENT]
TAKE_AWAY = [MatterState.DRAFT, MatterState.SUPPLEMENT]
# Acceptance stands on the papers: what the desk attached wrongly goes then with a reason only.
ACCEPTED_NOT_DONE = [MatterState.ACCEPTED, MatterState.SUSPENDED]


class MatterFileError(DomainError):
    """A rule of a matter's papers refuses."""

    code = "matter_file_refused"

    def __init__(self, message, *, code=None, field="upload"):
        super().__init__(message, code=code, field=field)


def may_add(matter, user):
    """The person, who entered it for them (while they may), and clerks of the station or above."""
    if user.is_staff_member:
        open_ = [MatterState.DRAFT, *OPEN_MATTERS]
        return matter.state in open_ and perms.may_handle_matters(user, matter.station)
    return matter.state in HAND_IN and may_act_for_oneself(matter, user)


def may_remove(file, user):
    """Each side what it handed in itself: the person until it is handed in, or while papers are
    being mended; the desk until it is done (after acceptance with a reason, `needs_reason`)."""
    matter = file.matter
    if file.by.is_staff_member != user.is_staff_member:
        return False
    if user.is_staff_member:
        return matter.state in [*HAND_IN, *ACCEPTED_NOT_DONE] and may_add(matter, user)
    return matter.state in TAKE_AWAY and may_act_for_oneself(matter, user)


def needs_reason(matter):
    """Whether a paper is taken away only with a reason: it was accepted, its papers were looked at."""
    return matter.state in ACCEPTED_NOT_DONE


def add_file(*, matter, by, upload, paper=None, request=None):
    """Clean and keep an uploaded file; returns its MatterFile.

    `upload` is a Django UploadedFile, or `uploads.Cleaned` that was made before; `paper` the
    RequiredPaper it is. The same content again is the same file: it comes back with `was_there`
    set. Raises UploadRefusedError, or MatterFileError when it may not be added (any more).
    """
    _require(may_add(matter, by), matter)
    _check_paper(matter, paper)
    _check_number(matter)
    photo = paper is not None and paper.is_photo
    if isinstance(upload, uploads.Cleaned):
        cleaned, name = upload, paper.name if paper else ""
    else:
        cleaned, name = uploads.clean(upload, photo=photo), upload.name
    stored_as = private_files.keep(cleaned.data, lasting=True)
    try:
        file = _added(matter, by, cleaned, paper, name, stored_as, request)
    except BaseException:
        private_files.remove(stored_as)
        raise
    if file.was_there:
        private_files.remove(stored_as)
    return file


@transaction.atomic
def _added(matter, by, cleaned, paper, name, stored_as, request):
    matter = matters.locked(matter)
    _require(may_add(matter, by), matter)
    known = matter.files.kept().filter(digest=cleaned.digest).first()
    if known is not None:
        known.was_there = True
        return known
    _check_number(matter)
    file = MatterFile.objects.create(
        matter=matter,
        paper=paper,
        title=uploads.shown_name(name, cleaned.suffix),
        content_type=cleaned.content_type,
        size=cleaned.size,
        digest=cleaned.digest,
        stored_as=stored_as,
        by=by,
    )
    file.was_there = False
    what = paper.name if paper else file.title
    matters.record_event(matter, MatterAct.FILE_ADDED, by=by, public=f"上传了“{what}”。")
    audit.record(
        "services.matter_file_added",
        matter,
        by=by,
        station=matter.station,
        on_behalf_of=matter.applicant_name,
        request=request,
        detail={"paper": what, "digest": cleaned.digest[:16]},
    )
    return file


@transaction.atomic
def remove_file(*, file, by, reason="", request=None):
    """Take a paper away: its content goes with the commit, its line stays. Twice is once.

    `reason` is read by the person; after acceptance there must be one. Raises MatterFileError.
    """
    matter = matters.locked(file.matter)
    file = matter.files.select_related("paper", "by").get(pk=file.pk)
    if file.removed_at is not None:
        return file
    file.matter = matter
    if not may_remove(file, by):
        raise MatterFileError(_why_not(file, by), code="not_allowed")
    reason = reason.strip()[:100]
    if needs_reason(matter) and not reason:
        raise MatterFileError(
            "这件事已经受理，请写明为什么移除这份材料，对方会看到。", code="reason_missing"
        )
    file.removed_at, file.removed_by = timezone.now(), by
    file.save(update_fields=["removed_at", "removed_by"])
    what = file.paper.name if file.paper else file.title
    why = f"原因：{reason}。" if reason else ""
    matters.record_event(matter, MatterAct.FILE_REMOVED, by=by, public=f"移除了“{what}”。{why}")
    audit.record(
        "services.matter_file_removed",
        matter,
        by=by,
        station=matter.station,
        on_behalf_of=matter.applicant_name,
        request=request,
        detail={"paper": what, "digest": file.digest[:16], "reason": reason},
    )
    stored_as = file.stored_as
    transaction.on_commit(lambda: private_files.remove(stored_as))
    return file


def read_file(*, file, by, request=None):
    """Return the content (bytes) of a kept file; a member of the staff who reads it is written down.

    Raises MatterFileError when it is gone.
    """
    if file.removed_at is not None:
        raise MatterFileError("这份材料已经移除。", code="gone")
    try:
        data = private_files.fetch(file.stored_as)
    except FileNotFoundError as gone:
        raise MatterFileError(
            "这份材料在平台里找不到了，请告诉系统管理员，并请本人重新上传。", code="gone"
        ) from gone
    if by.is_staff_member:
        audit.record(
            "services.matter_file_read",
            file.matter,
            by=by,
            station=file.matter.station,
            on_behalf_of=file.matter.applicant_name,
            request=request,
            detail={"paper": file.paper.name if file.paper else file.title},
        )
    return data


def missing_papers(matter):
    """Required papers of the matter's kind of which no file is kept yet."""
    there = matter.files.kept().filter(paper__isnull=False).values("paper")
    return list(matter.kind.papers.filter(is_required=True).exclude(pk__in=there))


def _why_not(file, by):
    if not by.is_staff_member:
        return "材料已经交上来，不能再移除。传错了请告诉工作人员，或补传正确的一份。"
    if not file.by.is_staff_member:
        return "这份材料是本人交来的，不能替本人移除。要换一份，请用“一次性告知补正”请本人重交。"
    return f"这件事{file.matter.get_state_display()}，材料随办件存档，不能再移除。"


def _require(allowed, matter):
    if not allowed:
        raise MatterFileError(
            f"这件事{matter.get_state_display()}，现在不能再传材料。要补充请拨打"
            f"{matter.station.phone or '12345'}。",
            code="not_allowed",
        )


def _check_paper(matter, paper):
    if paper is not None and paper.kind_id != matter.kind_id:
        raise MatterFileError("请从清单里选择这是哪一份材料。", code="wrong_paper", field="paper")


def _check_number(matter):
    most = settings.MATTER_FILES_MAX
    if matter.files.kept().count() >= most:
        raise MatterFileError(
            f"已经传了{most}份，不能再多。请先移除不需要的，或把几张照片合成一份 PDF。",
            code="too_many",
        )
