"""A bank's own system by its key: its referrals, its answers once, nobody else's."""

import json

import pytest
from django.urls import reverse

from placement.actions import loans
from services.actions import partners
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.placement_loans import LoanReferralFactory, today
from tests.placement.loan_scene import pushed, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def s():
    return scene()


def key_of(s):
    _, text = partners.make_key(partner=s.bank, label="行内系统", by=s.member)
    return {"authorization": f"Key {text}"}


def send(client, headers, number, **body):
    answer = {"client_key": "api-key-01", "kind": "CONTACTED", "on": f"{today()}"} | body
    return client.post(
        reverse("work_api:loan_answers", args=[number]), json.dumps(answer),
        content_type="application/json", headers=headers,
    )  # fmt: skip


def test_api__reads_its_own__and_answers_once(client, s):
    mine = pushed(s)
    LoanReferralFactory(pushed=True, bank=PartnerFactory(bank=True))
    headers = key_of(s)
    listed = client.get(reverse("work_api:loans"), headers=headers).json()
    assert [each["number"] for each in listed["results"]] == [mine.number]
    assert listed["results"][0]["phone"] == s.person.phone
    money = {"kind": "GRANTED", "amount": "300000.00", "rate": "2.6", "term_months": 36}
    first = send(client, headers, mine.number, **money)
    again = send(client, headers, mine.number, **money)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["amount"] == again.json()["amount"] == "300000.00"
    twice = send(client, headers, mine.number, **money, client_key="api-key-02")
    assert (twice.status_code, twice.json()["code"]) == (409, "granted_already")


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "GRANTED"}, {"kind": "X"}, {"client_key": "x"}, {"on": "昨天"},
        {"kind": "GRANTED", "amount": "9" * 28, "rate": "2", "term_months": 3},
        {"kind": "GRANTED", "amount": "NaN", "rate": "2", "term_months": 3},
        {"note": "🎖️" * 300}, {"note": "a\x00b"},
    ],
)  # fmt: skip
def test_api__what_is_wrong__is_400_and_writes_nothing(client, s, body):
    mine = pushed(s)
    assert send(client, key_of(s), mine.number, **body).status_code == 400
    assert not mine.answers.exists()


def test_api__without_a_key_or_of_another_bank__is_closed(client, s):
    mine = pushed(s)
    assert client.get(reverse("work_api:loans")).status_code == 401
    other = PartnerFactory(bank=True)
    member = PartnerMemberFactory(partner=other)
    _, text = partners.make_key(partner=other, label="别行", by=member.user)
    headers = {"authorization": f"Key {text}"}
    assert send(client, headers, mine.number).status_code == 404
    employer = PartnerMemberFactory()
    _, text = partners.make_key(partner=employer.partner, label="单位", by=employer.user)
    headers = {"authorization": f"Key {text}"}
    assert client.get(reverse("work_api:loans"), headers=headers).status_code == 403


def test_api__after_the_consent_went__tells_no_person(client, s):
    mine = pushed(s)
    loans.withdraw(referral=mine, by=s.person.account)
    got = client.get(reverse("work_api:loan", args=[mine.number]), headers=key_of(s)).json()
    assert (got["state"], got["name"], got["phone"]) == ("WITHDRAWN", None, None)
