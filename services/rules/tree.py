"""The tree of a rule: groups (all, any, none of) over conditions, read from data with care.

`{"all": [{"is": "age", "min": 70}, {"any": [{"is": "lives_alone"}, …]}]}`. Every leaf may carry
sentences of its own: `met` and `missing`.
"""

from functools import reduce
from operator import and_, or_

from django.db.models import Q

from services.rules.conditions import KINDS
from services.rules.conditions.person import name_of
from services.rules.outcome import Outcome, RuleError

DEEPEST, MOST = 4, 40
# q that everybody and nobody fulfils: the empty groups of a draft
EVERYBODY, NOBODY = Q(pk__isnull=False), Q(pk__isnull=True)


class Group:
    """Children under one heading; `key` is how it is written."""

    key = ""
    title = ""

    def __init__(self, children):
        self.children = tuple(children)

    def to_data(self):
        """The group as `parse` reads it."""
        return {self.key: [each.to_data() for each in self.children]}

    def leaves(self):
        """All conditions under it, in order."""
        for each in self.children:
            yield from each.leaves()


class All(Group):
    key, title = "all", "下面各项都要符合"

    def outcome(self, facts, on):
        """Holds when all children hold; may come to hold when all that fail may."""
        return _both([each.outcome(facts, on) for each in self.children])

    def query(self, on):
        """The same as Q."""
        return reduce(and_, [each.query(on) for each in self.children], Q()) or EVERYBODY


class Any(Group):
    key, title = "any", "下面符合任意一项即可"

    def outcome(self, facts, on):
        """Holds when a child holds; may come to hold when a child may."""
        return _either([each.outcome(facts, on) for each in self.children])

    def query(self, on):
        """The same as Q."""
        return reduce(or_, [each.query(on) for each in self.children], Q()) or NOBODY


class NoneOf(Group):
    key, title = "not", "下面各项都不符合才行"

    def outcome(self, facts, on):
        """Holds when no child holds."""
        inner = _either([each.outcome(facts, on) for each in self.children])
        return Outcome(not inner.holds, inner.may_change)

    def query(self, on):
        """The same as Q."""
        return reduce(and_, [~each.query(on) for each in self.children], Q()) or EVERYBODY


GROUPS = {each.key: each for each in (All, Any, NoneOf)}


def _both(outcomes):
    failing = [each for each in outcomes if not each.holds]
    if failing:
        return Outcome(False, all(each.may_change for each in failing))
    return Outcome(True, any(each.may_change for each in outcomes))


def _either(outcomes):
    holding = [each for each in outcomes if each.holds]
    if holding:
        return Outcome(True, all(each.may_change for each in holding))
    return Outcome(False, any(each.may_change for each in outcomes))


def parse(data, *, complete=True):
    """Read a rule's data; returns its root group. RuleError says what is wrong and where.

    With `complete` (what is published) every group must hold something; a draft may have empty ones.
    """
    counted = [0]
    root = _node(data, complete, counted, depth=1)
    if not isinstance(root, Group):
        raise RuleError("最外层应是一组条件。")
    return root


def _node(data, complete, counted, *, depth):
    counted[0] += 1
    if counted[0] > MOST:
        raise RuleError(f"一条规则最多{MOST}项条件，请拆成几条规则。")
    if not isinstance(data, dict):
        raise RuleError("条件的写法不对：每一项都应是一组条件或一个条件。")
    if "is" in data:
        return _leaf(data)
    if len(data) != 1 or next(iter(data)) not in GROUPS:
        raise RuleError("条件的写法不对：一组条件只能是“都要”“任意一项”“都不”中的一种。")
    key, children = next(iter(data.items()))
    if not isinstance(children, list):
        raise RuleError("条件的写法不对：一组条件应是一张列表。")
    if depth > DEEPEST:
        raise RuleError(f"条件最多套{DEEPEST}层，请写得简单些。")
    if complete and not children:
        raise RuleError("有一组条件还是空的，请添加条件或删去这一组。")
    return GROUPS[key](_node(each, complete, counted, depth=depth + 1) for each in children)


def _leaf(data):
    kind = KINDS.get(data["is"]) if isinstance(data["is"], str) else None
    if kind is None:
        raise RuleError("有一项条件的种类平台不认识，请重新选择。")
    return kind.read({key: value for key, value in data.items() if key != "is"})


def require_places(root):
    """Refuse a rule that names stations the network does not have."""
    for leaf in root.leaves():
        for path in getattr(leaf, "under", ()):
            if not name_of(path):
                raise RuleError("“地区或站点”里有平台没有的站点，请核对。", field="under")


def at(root, place):
    """The node at a place such as "0.2" ("" is the root); RuleError when there is none."""
    node = root
    for step in filter(None, place.split(".")):
        if not step.isascii() or not step.isdigit() or not isinstance(node, Group):
            raise RuleError("没有找到这项条件，可能已被删去，请刷新页面。")
        if len(step) > 3 or int(step) >= len(node.children):
            raise RuleError("没有找到这项条件，可能已被删去，请刷新页面。")
        node = node.children[int(step)]
    return node


def placed(root, place, node):
    """A tree with `node` instead of what stands at the place; None takes it out."""
    if not place:
        if not isinstance(node, Group):
            raise RuleError("最外层应是一组条件。")
        return node
    at(root, place)
    head, _, rest = place.partition(".")
    children = list(root.children)
    changed = placed(children[int(head)], rest, node) if rest else node
    if changed is None:
        del children[int(head)]
    else:
        children[int(head)] = changed
    return type(root)(children)


def added(root, place, node):
    """A tree with `node` as the last child of the group at the place."""
    group = at(root, place)
    if not isinstance(group, Group):
        raise RuleError("只能往一组条件里添加。")
    return placed(root, place, type(group)([*group.children, node]))
