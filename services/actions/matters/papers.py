"""The papers that acts on a matter issue: what is printed on each (`domain.md` D.8)."""

from collections import Counter

from services.actions import documents
from services.enums import DocumentKind
from services.models import MatterFile
from veterans_portal import chinese_dates


def issue(matter, kind, *, by):
    """Issue the paper of a kind on a matter as it is now; returns the Document."""
    content = {"name": matter.applicant_name, "rows": _rows(matter), "note": _note(matter)}
    return documents.issue(matter=matter, kind=kind, by=by, content=content | _words(matter, kind))


def _rows(matter):
    return [
        ("办件编号", matter.number),
        ("办理事项", matter.kind.name),
        ("申请人", matter.applicant_name),
        ("办理站点", matter.station.name),
    ]


def _note(matter):
    return f"有疑问请联系{matter.station.name}，电话{matter.station.phone or '12345'}。"


def _words(matter, kind):
    if kind == DocumentKind.RECEIPT:
        text = f"您提交的“{matter.kind.name}”已收到，{_day(matter.check_by)}前完成预审。"
        return {
            "paragraphs": [text],
            "items_title": "收到的材料：",
            "items": _received(matter),
        }
    if kind == DocumentKind.SUPPLEMENT:
        text = f"您的申请材料需要补正，请在{_day(matter.supplement_by)}前一次补齐以下内容。"
        return {"paragraphs": [text], "items": _lines(matter.supplement_list)}
    if kind == DocumentKind.ACCEPTANCE:
        text = (
            f"您的申请已于{_day(matter.accepted_at)}受理，承诺在{_day(matter.due_on)}前办结"
            f"（法定期限为{_day(matter.statutory_due_on)}）。补正和依法挂起的时间不计算在内。"
        )
        return {"paragraphs": [text]}
    if kind == DocumentKind.REFUSAL:
        return {"paragraphs": ["您的申请不予受理，原因如下。"],
                "items": _lines(matter.ended_reason)}  # fmt: skip
    text = f"您的申请已于{_day(matter.done_at)}办结，结果：{matter.get_outcome_display()}。"
    return {"paragraphs": [text], "items": _lines(matter.result)}


def _received(matter):
    """The papers by their names in the guide, each once with how many files it has; others by file."""
    files = MatterFile.objects.kept().filter(matter=matter).select_related("paper")
    counted = Counter(each.paper.name if each.paper else each.title for each in files)
    names = [name if count == 1 else f"{name}（{count}份）" for name, count in counted.items()]
    return names or ["没有提交材料"]


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def _day(when):
    return chinese_dates.plain(when)
