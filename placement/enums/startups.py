"""Words of start-ups: enterprises in the directory, and the bundle of items (A119, A125)."""

from django.db import models


class EnterpriseState(models.TextChoices):
    SUBMITTED = "SUBMITTED", "待审核"
    PUBLISHED = "PUBLISHED", "展示中"
    RENEWING = "RENEWING", "续展待审核"
    REFUSED = "REFUSED", "未通过"
    REMOVED = "REMOVED", "已撤下"


_E = EnterpriseState
ENTERPRISE_LISTED = [_E.PUBLISHED, _E.RENEWING]
ENTERPRISE_TO_CHECK = [_E.SUBMITTED, _E.RENEWING]
ENTERPRISE_TRANSITIONS = [
    (_E.SUBMITTED, _E.PUBLISHED),
    (_E.SUBMITTED, _E.REFUSED),
    (_E.SUBMITTED, _E.REMOVED),
    (_E.PUBLISHED, _E.RENEWING),
    (_E.RENEWING, _E.PUBLISHED),
    (_E.RENEWING, _E.REFUSED),
    *((state, _E.SUBMITTED) for state in (_E.PUBLISHED, _E.RENEWING, _E.REFUSED, _E.REMOVED)),
    *((state, _E.REMOVED) for state in (_E.PUBLISHED, _E.RENEWING, _E.REFUSED)),
]
ENTERPRISE_TONES = {
    _E.SUBMITTED: "warning",
    _E.PUBLISHED: "done",
    _E.RENEWING: "warning",
    _E.REFUSED: "error",
    _E.REMOVED: "quiet",
}


class BundleState(models.TextChoices):
    OPEN = "OPEN", "办理中"
    DONE = "DONE", "全部办完"
    WITHDRAWN = "WITHDRAWN", "本人撤回"


BUNDLE_TRANSITIONS = [
    (BundleState.OPEN, BundleState.DONE),
    (BundleState.OPEN, BundleState.WITHDRAWN),
]
BUNDLE_TONES = {
    BundleState.OPEN: "note",
    BundleState.DONE: "done",
    BundleState.WITHDRAWN: "quiet",
}


class ItemState(models.TextChoices):
    WAITING = "WAITING", "待转部门"
    HANDED = "HANDED", "部门办理中"
    DONE = "DONE", "已办好"
    REFUSED = "REFUSED", "不予办理"
    WITHDRAWN = "WITHDRAWN", "已撤回"


ITEM_OPEN = [ItemState.WAITING, ItemState.HANDED]
ITEM_TRANSITIONS = [
    (ItemState.WAITING, ItemState.HANDED),
    *((state, end) for state in ITEM_OPEN for end in (ItemState.DONE, ItemState.REFUSED)),
    *((state, ItemState.WITHDRAWN) for state in ITEM_OPEN),
]
ITEM_TONES = {
    ItemState.WAITING: "warning",
    ItemState.HANDED: "note",
    ItemState.DONE: "done",
    ItemState.REFUSED: "error",
    ItemState.WITHDRAWN: "quiet",
}
