"""Evidence out of the original file: where it stands there, with a scan if there is one."""

from django.db import transaction
from django.utils import timezone

from accounts import private_files
from placement.actions.cases.trail import (
    CaseError,
    expect,
    locked,
    record,
    record_event,
    require_handler,
    required,
)
from placement.enums import CaseAct, CaseState
from placement.models import CaseEvidence
from services import uploads

CHECKING = [CaseState.FILE_CHECK]


def add_evidence(*, case, by, kind, title, place, upload=None):
    """Note a sheet of the original file; returns its CaseEvidence.

    `upload` (a scan) is cleaned before the file is locked. Raises CaseError, UploadRefusedError.
    """
    require_handler(case, by)
    cleaned = uploads.clean(upload) if upload else None
    stored_as = private_files.keep(cleaned.data, lasting=True) if cleaned else ""
    try:
        return _added(case, by, kind, title, place, cleaned, stored_as)
    except BaseException:
        if stored_as:
            private_files.remove(stored_as)
        raise


@transaction.atomic
def _added(case, by, kind, title, place, cleaned, stored_as):
    case = locked(case)
    require_handler(case, by)
    expect(case, CHECKING, "登记档案依据")
    if cleaned and case.evidence.kept().filter(digest=cleaned.digest).exists():
        raise CaseError("这份扫描件已经传过了。", field="upload", code="there_already")
    evidence = CaseEvidence.objects.create(
        case=case,
        kind=kind,
        title=required(title, "title", "请填写名称。", longest=60),
        place=required(place, "place", "请写明在档案里的位置，例如：第1卷第12页。", longest=60),
        content_type=cleaned.content_type if cleaned else "",
        size=cleaned.size if cleaned else None,
        digest=cleaned.digest if cleaned else "",
        stored_as=stored_as,
        by=by,
    )
    record_event(case, CaseAct.EVIDENCE_ADDED, by=by, staff=str(evidence))
    record("evidence_added", case, by=by, evidence=evidence.pk, digest=evidence.digest[:16])
    return evidence


@transaction.atomic
def remove_evidence(*, evidence, by):
    """Take evidence away that no line of points stands on; its line stays. Twice is once."""
    case = locked(evidence.case_id)
    require_handler(case, by)
    evidence = case.evidence.get(pk=evidence.pk)
    if evidence.removed_at is not None:
        return evidence
    expect(case, CHECKING, "移除档案依据")
    if evidence.lines.exists():
        raise CaseError("有计分项目用着这份依据，请先删去那一项。", code="in_use")
    evidence.removed_at, evidence.removed_by = timezone.now(), by
    evidence.save(update_fields=["removed_at", "removed_by"])
    record_event(case, CaseAct.EVIDENCE_REMOVED, by=by, staff=str(evidence))
    record("evidence_removed", case, by=by, evidence=evidence.pk)
    if evidence.stored_as:
        transaction.on_commit(lambda: private_files.remove(evidence.stored_as))
    return evidence


def read_evidence(*, evidence, by, request=None):
    """Return the scan (bytes); a member of the staff who reads it is written down."""
    if evidence.removed_at is not None or not evidence.stored_as:
        raise CaseError("这份扫描件已经移除。", code="gone")
    try:
        data = private_files.fetch(evidence.stored_as)
    except FileNotFoundError as gone:
        raise CaseError("这份扫描件在平台里找不到了，请告诉系统管理员。", code="gone") from gone
    if by.is_staff_member:
        record("evidence_read", evidence.case, by=by, request=request, evidence=evidence.pk)
    return data
