"""A rule in words for its editor and its readers: nested lines, each with its place in the tree."""

from services.rules.tree import GROUPS, Group


def outline(node, place="", *, depth=1):
    """The node as a dictionary for `services/includes/rule_tree.html`."""
    if not isinstance(node, Group):
        return {
            "place": place,
            "group": False,
            "words": node.describe(),
            "kind": node.title,
            "met": node.met,
            "missing": node.missing,
        }
    children = [
        outline(each, f"{place}.{number}" if place else str(number), depth=depth + 1)
        for number, each in enumerate(node.children)
    ]
    return {
        "place": place,
        "group": True,
        "key": node.key,
        "title": node.title,
        "others": [(key, each.title) for key, each in GROUPS.items() if key != node.key],
        "children": children,
        "depth": depth,
    }
