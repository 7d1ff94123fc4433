"""What one may do with a thing at the desk: each deed a form, the first of them the next step."""

from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from services.forms.fields import add_refusal
from services.forms.reasons import ReasonForm
from veterans_portal.errors import DomainError

WHY = partial(ReasonForm, length=300, rows=3, hint="对方会看到，请写明白、写客气。")
TO_THE_TOP = ("wrong_state", "not_allowed", "own_work")


@dataclass(frozen=True)
class Deed:
    """A deed: its words, what it does with `(target, by, cleaned data)`, and its form if any.

    `form` is called with (data, files) and keywords of `given(target)`; `lead` says in a sentence
    what will happen.
    """

    title: str
    do: object
    form: object = None
    given: object = None
    lead: str = ""
    done: str = "已记下。"

    def bound(self, name, target, data=None, files=None):
        """The form, or None when a tap is enough."""
        if self.form is None:
            return None
        more = self.given(target) if self.given else {}
        return self.form(data, files, auto_id=f"{name}_%s", **more)


@dataclass
class Step:
    """A deed as the page shows it."""

    name: str
    deed: Deed
    url: str
    form: object = None
    open: bool = field(default=False)


def steps(names, deeds, target, address, refused=None):
    """Steps of the named deeds; `refused` is (name, form) of one that was, opened where it stands.

    `address` is (url name, arguments before the deed's name).
    """
    found = []
    for name in names:
        deed = deeds[name]
        form = refused[1] if refused and refused[0] == name else deed.bound(name, target)
        url = reverse(address[0], args=[*address[1], name])
        found.append(Step(name, deed, url, form, bool(form is not None and form.errors)))
    return found


def take(request, name, deeds, target, *, page, back):
    """Do one deed; what was typed stays when it is refused: `page(refused)` draws it again."""
    if name not in deeds:
        raise Http404
    deed = deeds[name]
    form = deed.bound(name, target, request.POST, request.FILES)
    if form is not None and not form.is_valid():
        return page((name, form))
    try:
        deed.do(target, request.user, form)
    except DomainError as refused:
        if form is None or refused.code in TO_THE_TOP:
            messages.error(request, refused.message)
            return redirect(back)
        add_refusal(form, refused)
        return page((name, form))
    messages.success(request, f"{deed.title}：{deed.done}")
    return redirect(back)
