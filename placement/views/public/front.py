"""The front page of the work section: what one can look for and do."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

# Title, one line, url name, icon.
ROOMS = (
    ("安置岗位", "由政府安排工作的，看岗位和人数", "placement:posts", "briefcase"),
    ("分数公示", "安排工作的分数和名次，公示期内查看", "placement:score_notices", "document"),
    ("选岗会", "看现场，核对记录和结果", "placement:selections", "people"),
    ("我的安置", "报到、分数、意愿、办到哪一步", "placement:my_placement", "person"),
    ("招聘会", "看日期和岗位，预约参加", "placement:fairs", "people"),
    ("找工作", "按岗位、地区、月薪查找", "placement:jobs", "briefcase"),
    ("定向招录", "兵教师、兵支书、社区专岗", "placement:recruitments", "flag"),
    ("技能培训", "看课程，报名学技术", "placement:courses", "calendar"),
    ("我的培训", "该参加的、报了名的、证书", "placement:my_training", "ticket"),
    ("我的求职", "简历、推荐岗位、进展", "placement:my_work", "person"),
    ("我的创业", "一件事一次办，登记企业", "placement:my_startups", "flag"),
    ("军创企业", "退役军人办的企业和产品", "placement:enterprises", "building"),
    ("创业贷款", "选一家银行，站点核验后告诉它", "placement:my_loans", "chart"),
    ("单位合作", "用人单位、银行、培训机构从这里申请", "services:partner_apply", "building"),
)

OF_CITIZENS = {
    "placement:my_loans",
    "placement:my_placement",
    "placement:my_startups",
    "placement:my_training",
    "placement:my_work",
    "services:partner_apply",
}


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
