"""Which link of the navigation is the current one."""

import pytest

from veterans_portal.navigation import side_navigation_for


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/desk/rectifications/7/", "好差评"),
        ("/desk/ratings/screens/", "好差评"),
        ("/desk/matters/new/", "办件"),
        ("/desk/", "今日工作"),
    ],
)
def test_side_navigation__page__marks_one_link(rf, path, label):
    groups = side_navigation_for(rf.get(path))
    current = [link["label"] for group in groups for link in group["links"] if link["current"]]
    assert current == [label]
