"""The front page of the work section: what one can look for and do."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

# Title, one line, url name, icon.
ROOMS = (
    ("招聘会", "看日期和岗位，预约参加", "placement:fairs", "people"),
    ("找工作", "按岗位、地区、月薪查找", "placement:jobs", "briefcase"),
    ("定向招录", "兵教师、兵支书、社区专岗", "placement:recruitments", "flag"),
    ("我的求职", "简历、推荐岗位、进展", "placement:my_work", "person"),
    ("单位合作", "用人单位、银行、培训机构从这里申请", "services:partner_apply", "building"),
)

OF_CITIZENS = {"placement:my_work", "services:partner_apply"}


@login_not_required
@require_safe
def front(request):
    """What the work section has for everybody."""
    works = request.user.is_authenticated and not request.user.is_citizen
    rooms = [
        {"title": title, "line": line, "url": reverse(name), "icon": icon}
        for title, line, name, icon in ROOMS
        if name not in OF_CITIZENS or not works
    ]
    return render(request, "placement/public/front.html", {"rooms": rooms})
