"""Steps that several tests take at the door."""

import re

from django.db import connection
from django.urls import reverse

from accounts.messages import SIGN_IN_CODE
from accounts.models import Message
from tests.factories.accounts import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def last_code():
    """The digits of the newest code message."""
    body = Message.objects.filter(kind=SIGN_IN_CODE).order_by("-created_at").first().body
    return re.search(r"验证码(\d{6})", body)[1]


def ask_for_code(client, phone, page="account_login", **extra):
    return client.post(reverse(page), {"way": "code", "phone": phone} | extra)


def enter_code(client, digits, **headers):
    return client.post(reverse("account_confirm_login_code"), {"one_time_code": digits}, **headers)


def by_phone(client, phone, password=PASSWORD, **headers):
    data = {"way": "password", "phone": phone, "password": password}
    return client.post(reverse("account_login"), data, **headers)


def by_number(client, number, password=PASSWORD, **extra):
    data = {"way": "staff", "staff_number": number, "password": password}
    return client.post(reverse("account_login"), data | extra)


def words(response, *typed):
    """The page without what differs by itself: the token and what was typed."""
    html = TOKEN.sub("", response.content.decode())
    for text in typed:
        html = html.replace(text, "…")
    return html


def whole_table(name):
    """All rows of a table as the database holds them, as text."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t')
        return "\n".join(row[0] for row in cursor.fetchall())
