"""The way of a preferential card (`domain.md` B.4): its steps in order, who notes each, the words.

镇街受理 → 县级审核 → 市级审核 → 省级备案 → 制卡 → 县级签收 → 镇街发放. Decisions from the province on
are others'; the portal notes what came of them.
"""

from services.enums import CARD_TRANSITIONS, CardKind, CardState, IdentityCategory, Role

WAY = [
    CardState.SUBMITTED,
    CardState.TOWN_ACCEPTED,
    CardState.COUNTY_OK,
    CardState.CITY_OK,
    CardState.PROVINCE_OK,
    CardState.PRODUCING,
    CardState.AT_COUNTY,
    CardState.AT_TOWN,
    CardState.ISSUED,
]
REVIEWS = (Role.REVIEWER, Role.HEAD)
WORKS = (Role.CLERK, Role.REVIEWER, Role.HEAD)
CITY, DISTRICT, TOWN = 1, 2, 3  # segments of a station's path
# Who notes that a card has come to a state: posted at this tier or above it, in one of these roles.
NOTED_BY = {
    CardState.TOWN_ACCEPTED: (TOWN, WORKS),
    CardState.COUNTY_OK: (DISTRICT, REVIEWS),
    CardState.CITY_OK: (CITY, REVIEWS),
    CardState.PROVINCE_OK: (DISTRICT, WORKS),
    CardState.PRODUCING: (DISTRICT, WORKS),
    CardState.AT_COUNTY: (DISTRICT, WORKS),
    CardState.AT_TOWN: (TOWN, WORKS),
    CardState.ISSUED: (TOWN, WORKS),
}
# What staff note by hand; acceptance is the matter's, losses and replacements are acts of their own.
BY_HAND = [*WAY[2:], CardState.REJECTED]
# Of a refusal: whoever would have let it pass.
NEXT_REVIEW = {
    CardState.SUBMITTED: CardState.TOWN_ACCEPTED,
    CardState.TOWN_ACCEPTED: CardState.COUNTY_OK,
    CardState.COUNTY_OK: CardState.CITY_OK,
    CardState.CITY_OK: CardState.PROVINCE_OK,
    CardState.PROVINCE_OK: CardState.PROVINCE_OK,
}
ELIGIBLE = {
    CardKind.VETERAN: {
        IdentityCategory.TRANSFERRED_CADRE,
        IdentityCategory.DISCHARGED_SOLDIER,
        IdentityCategory.RETIRED_CADRE,
        IdentityCategory.DEMOBILISED,
        IdentityCategory.RED_ARMY,
        IdentityCategory.DISABLED_SOLDIER,
    },
    CardKind.BEREAVED: {
        IdentityCategory.MARTYR_FAMILY,
        IdentityCategory.DUTY_DEATH_FAMILY,
        IdentityCategory.ILLNESS_DEATH_FAMILY,
    },
}
HOME_VISIT_AGE = 80
LOSS_DAYS = (5, 15)
TONES = {
    CardState.NEED_FIX: "warning",
    CardState.AT_TOWN: "warning",
    CardState.ISSUED: "done",
    CardState.REJECTED: "error",
    CardState.TEMP_LOST: "warning",
    CardState.LOST: "error",
    CardState.REPLACED: "quiet",
    CardState.CANCELLED: "quiet",
}
# What the person is told at each step: title and sentence; `place` and `phone` are filled in.
TOLD = {
    CardState.SUBMITTED: ("优待证申请收到了", "您的优待证申请已交到{place}，工作人员会核对材料。"),
    CardState.NEED_FIX: ("优待证申请要补材料", "请按告知的清单补齐材料，补好后继续办理。"),
    CardState.TOWN_ACCEPTED: (
        "优待证申请已受理",
        "{place}已受理您的优待证申请，接着由县（市、区）、市、省逐级审核。",
    ),
    CardState.COUNTY_OK: ("优待证申请通过县级审核", "县（市、区）已通过，接着由市里审核。"),
    CardState.CITY_OK: ("优待证申请通过市级审核", "市里已通过，接着报省里备案。"),
    CardState.PROVINCE_OK: ("优待证申请已在省里备案", "省里已备案，接着由合作银行制卡。"),
    CardState.PRODUCING: ("优待证正在制作", "卡正在制作，做好后会送到县（市、区）。"),
    CardState.AT_COUNTY: ("优待证已到县（市、区）", "卡已送到县（市、区）服务中心，很快转到服务站。"),
    CardState.AT_TOWN: (
        "优待证到了，请来领取",
        "请带身份证到{place}领取优待证；来不了的可以拨打{phone}商量上门。",
    ),
    CardState.ISSUED: ("优待证已发放", "优待证已发到您手里。请到发卡银行激活后使用，妥善保管。"),
    CardState.REJECTED: ("优待证申请没有通过", "原因：{note}。有疑问请拨打{phone}。"),
    CardState.TEMP_LOST: (
        "优待证已临时挂失",
        "临时挂失到{until}，到期自动解除；找到卡可以提前解除。卡里的银行账户请另打发卡银行电话挂失。",
    ),
    CardState.LOST: (
        "优待证已正式挂失",
        "旧卡不能再用，请接着申请补领。卡里的银行账户请另打发卡银行电话挂失。",
    ),
    CardState.REPLACED: ("旧优待证已作废", "已受理补领（换领），旧卡不能再用，领新卡时请交回旧卡。"),
    CardState.CANCELLED: ("优待证申请已取消", "您的优待证申请已取消。需要时可以重新申请。"),
}  # fmt: skip


def path_of_tier(path, tier):
    """The path of the station of `tier` (CITY, DISTRICT, TOWN) at or above `path`.

    A station that stands higher than the tier answers for itself.
    """
    return "".join(f"{part}/" for part in path.strip("/").split("/")[:tier])


def may_note(scope, station_path, state, to):
    """Whether staff with this Scope may note that a card of a station has come from `state` to `to`."""
    if (state, to) not in CARD_TRANSITIONS:
        return False
    tier, roles = NOTED_BY.get(NEXT_REVIEW.get(state) if to == CardState.REJECTED else to, (0, ()))
    return bool(roles) and scope.covers(path_of_tier(station_path, tier), *roles)


def next_by_hand(scope, station_path, state):
    """The states that staff with this Scope may note next, in the order of the way."""
    return [to for to in BY_HAND if may_note(scope, station_path, state, to)]


def kinds_for(categories):
    """Card kinds that identities (IdentityCategory values) give a right to; of several one is chosen."""
    held = set(categories)
    return [kind for kind, wanted in ELIGIBLE.items() if held & wanted]


def step_line(state, steps):
    """`[{"label", "state", "at"}]` of the way for the page: done, current or ahead.

    `steps` are the card's CardStep rows; a card off the way (lost, replaced) has gone all of it,
    one that was refused stopped where it was.
    """
    reached = {step.state: step.at for step in steps}
    if state in WAY:
        here = WAY.index(state)
    else:
        here = max((WAY.index(each) for each in reached if each in WAY), default=0)
    off = state not in WAY
    return [
        {
            "label": CardState(each).label,
            "at": reached.get(each),
            "state": "done"
            if at < here or (at == here and (off or each == CardState.ISSUED))
            else "current" if at == here else "ahead",
        }
        for at, each in enumerate(WAY)
    ]  # fmt: skip
