"""The way to a matter by the pages: the form as it is held, filled in, sent."""

import re

from django.urls import reverse

from services.models import Matter

QUESTION = {"topic": "PENSION", "question": "60岁有补助吗？", "reply_by": "ONLINE"}


def new_url(kind, query=""):
    return reverse("services:matter_new", args=[kind.code]) + query


def url(name, matter):
    return reverse(f"services:{name}", args=[matter.number])


def text(response):
    return response.content.decode()


def typed(client, kind, step="next", query="", **changes):
    """The form as the page holds it, filled in."""
    page = text(client.get(new_url(kind, query)))
    key = re.search(r'name="client_key" value="([^"]+)"', page).group(1)
    return {"client_key": key, "step": step} | QUESTION | changes


def sent(client, kind, **changes):
    """A matter sent by way of the pages."""
    client.post(new_url(kind), typed(client, kind, **changes))
    matter = Matter.objects.latest("pk")
    client.post(url("matter_check", matter))
    matter.refresh_from_db()
    return matter
