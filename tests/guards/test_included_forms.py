"""A form in an included template has its token: `only` takes it away, and the test client does not ask."""

import re

from django.conf import settings

INCLUDE = re.compile(r'{%\s*include "([^"]+)"([^%]*)\bonly\s*%}')


def test_include_only__of_a_template_with_a_form__hands_the_token_on():
    root = settings.BASE_DIR / "templates"
    with_form = {
        str(path.relative_to(root)) for path in root.rglob("*.html")
        if "{% csrf_token %}" in path.read_text()
    }  # fmt: skip
    without = [
        f"{path.relative_to(root)}: {name}"
        for path in root.rglob("*.html")
        for name, given in INCLUDE.findall(path.read_text())
        if name in with_form and "csrf_token=csrf_token" not in given
    ]
    assert not without, without
