"""What placement holds about a signed-in person."""

from accounts.my_data import Section
from placement.models import PlacementCase, ScoreSheet
from veterans_portal import chinese_dates


def _cases(user):
    return PlacementCase.objects.visible_to(user).select_related("station").order_by("-created_at")


def subjects(user):
    """Their placement files."""
    return list(_cases(user))


def sections(user):
    """Placement files with their points."""
    points = {
        sheet.case_id: sheet
        for sheet in ScoreSheet.objects.visible_to(user).current().select_related("scheme")
    }
    rows = [
        [
            ("安置编号", each.number),
            ("接收单位", each.station.name),
            ("安置方式", each.get_way_display()),
            ("符合条件", each.ground_words),
            ("状态", each.citizen_words),
            ("批准退役日期", chinese_dates.plain(each.discharged_on)),
            ("报到日期", chinese_dates.plain(each.reported_on)),
            ("总分", str(points[each.pk].total) if each.pk in points else ""),
            ("愿意去的单位", each.wish_nature_words),
            ("岗位意愿", each.wish_words),
        ]
        for each in _cases(user)
    ]
    return [Section("安置档案", rows=rows)] if rows else []
