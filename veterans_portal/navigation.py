"""What stands in the navigation, by audience; the only list of it.

Names that are not routed (an app that is not built yet) are left out, so no link is ever dead.
"""

from dataclasses import dataclass
from itertools import chain

from django.urls import NoReverseMatch, reverse

CITIZEN, STAFF, ADMINISTRATOR = "CITIZEN", "STAFF", "ADMINISTRATOR"


@dataclass(frozen=True)
class Item:
    """One link: its words, its url name, its icon, the administrators' role that may see it, and
    where pages of the same subject begin that do not stand under its own address."""

    label: str
    name: str
    icon: str = ""
    admin_role: str = ""
    also: str = ""


PUBLIC = (
    Item("首页", "home", "home"),
    Item("办事指南", "services:guides", "document"),
    Item("服务站", "services:stations", "building"),
    Item("我的站", "services:my_station", "pin"),
    Item("地图", "services:station_map", "map"),
)
CITIZENS = (
    Item("首页", "home", "home"),
    Item("办事指南", "services:guides", "document"),
    Item("服务站", "services:stations", "building"),
    Item("我的", "services:me", "person"),
    Item("预约", "services:my_bookings", "calendar"),
    Item("消息", "accounts:inbox", "mail"),
)
CLERKS = (
    Item("工作台", "services:desk", "desk"),
    Item("月报", "reports:returns", "report"),
    Item("服务站", "services:stations", "building"),
    Item("消息", "accounts:inbox", "mail"),
)
ADMINISTRATORS = (
    Item("首页", "home", "home"),
    Item("人员账号", "accounts:staff", "people", admin_role="SYSTEM"),
    Item("岗位授权", "services:desk_staffing", "people", admin_role="SECURITY"),
    Item("登录锁定", "accounts:locks", "lock", admin_role="SECURITY"),
    Item("审计日志", "accounts:audit", "report", admin_role="AUDIT"),
    Item("消息", "accounts:inbox", "mail"),
)

SIDE = (
    (
        "今天",
        (
            Item("今日工作", "services:desk", "desk"),
            Item("大厅", "services:desk_hall", "people"),
            Item("办件", "services:desk_matters", "document"),
            Item("好差评", "services:desk_ratings", "star", also="/desk/rectifications/"),
            Item("签到", "services:desk_checkin", "check"),
            Item("预约", "services:desk_bookings", "calendar"),
            Item("候补", "services:desk_waiting", "clock"),
        ),
    ),
    (
        "人员",
        (
            Item("查人建档", "services:desk_search", "search"),
            Item("登记申请", "services:desk_requests", "inbox"),
            Item("优待证", "services:desk_cards", "ticket"),
            Item("档案转站", "services:desk_transfers", "arrow-right"),
            Item("代办关系", "services:desk_proxies", "people"),
            Item("疑似重复", "services:desk_duplicates", "copy"),
            Item("名册导入", "services:desk_rosters", "upload"),
        ),
    ),
    (
        "安置",
        (
            Item("安置档案", "placement:cases", "person"),
            Item("计分办法", "placement:schemes", "document"),
            Item("分数公示", "placement:publications", "eye"),
            Item("分数异议", "placement:objections", "alert"),
            Item("岗位需求", "placement:demands", "inbox"),
            Item("安置计划", "placement:plans", "report"),
            Item("选岗会", "placement:desk_selections", "people"),
            Item("介绍信和上岗", "placement:letters", "document"),
        ),
    ),
    (
        "就业",
        (
            Item("我来找您", "placement:desk_outreach", "heart"),
            Item("合作单位", "services:desk_partners", "building"),
            Item("培训课程", "placement:desk_courses", "calendar"),
            Item("应训尽训", "placement:desk_duties", "check"),
            Item("招聘会", "placement:desk_fairs", "people"),
            Item("招聘岗位", "placement:desk_vacancies", "briefcase"),
            Item("定向招录", "placement:desk_recruitments", "flag"),
        ),
    ),
    (
        "创业",
        (
            Item("创业贷款", "placement:desk_loans", "chart"),
            Item("银行回报", "placement:desk_bank_returns", "upload"),
            Item("创业一件事", "placement:desk_bundles", "document"),
            Item("军创企业", "placement:desk_enterprises", "building"),
        ),
    ),
    (
        "本站",
        (
            Item("站点资料", "services:desk_station", "building"),
            Item("服务时段", "services:desk_offerings", "clock"),
            Item("开放时间", "services:desk_own_hours", "calendar"),
            Item("办事指南", "services:desk_guides", "document"),
            Item("站点覆盖", "services:coverage", "map"),
        ),
    ),
    (
        "月报",
        (
            Item("本站月报", "reports:returns", "report"),
            Item("逐级汇总", "reports:rollup", "chart"),
            Item("综合报告", "reports:consolidated", "document"),
        ),
    ),
)


def sections_for(request):
    """The main navigation of the reader's audience, as dictionaries with `current` marked."""
    user = getattr(request, "user", None)
    items = [
        item
        for item in _audience(user)
        if not item.admin_role or item.admin_role == user.admin_role
    ]
    return _resolved(items, request)


def side_navigation_for(request):
    """The work desk's groups: `[{"title", "links", "open"}]`, groups without a live link left out.

    Open are what is for today and where the reader is; the others are folded.
    """
    marked = _resolved(list(chain.from_iterable(items for _, items in SIDE)), request)
    by_name = {entry["name"]: entry for entry in marked}
    groups = [
        (title, [by_name[item.name] for item in items if item.name in by_name])
        for title, items in SIDE
    ]
    return [
        {
            "title": title,
            "links": links,
            "open": title == SIDE[0][0] or any(link["current"] for link in links),
        }
        for title, links in groups
        if links
    ]


def _audience(user):
    if user is None or not user.is_authenticated:
        return PUBLIC
    return {STAFF: CLERKS, ADMINISTRATOR: ADMINISTRATORS}.get(
        getattr(user, "kind", CITIZEN), CITIZENS
    )


def _resolved(items, request):
    """Links with their address; the longest address that starts the page's path is the current one."""
    links = [
        {"label": i.label, "name": i.name, "icon": i.icon, "url": url, "also": i.also}
        for i in items
        if (url := _address(i.name))
    ]
    under = [
        (len(start), link["url"])
        for link in links
        for start in (link["url"], link["also"])
        if start not in ("", "/") and request.path.startswith(start)
    ]
    _, here = max(under, default=(0, request.path))
    for link in links:
        link["current"] = link["url"] == here
    return links


def _address(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
