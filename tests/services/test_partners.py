"""Partners: applied for, checked by another, their room for members only, keys that stop in time."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from accounts import private_files
from accounts.models import AuditEntry, Message
from services import partner_room
from services.actions import partners
from services.actions.partners import PartnerError
from services.api.keys import PartnerKeyAuthentication
from services.enums import PartnerRole, PartnerState, Role
from services.models import Partner, PartnerKey
from tests.factories.accounts import UserFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.partners import PartnerFactory, PartnerMemberFactory, credit_code
from tests.services.paper_makers import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return StationFactory(district=True)


@pytest.fixture
def clerk(centre):
    return PostingFactory(station=centre, role=Role.CLERK).user


@pytest.fixture
def head(centre):
    return PostingFactory(station=centre, role=Role.HEAD).user


@pytest.fixture
def member(centre):
    return PartnerMemberFactory(partner=PartnerFactory(bank=True, station=centre))


def waiting(centre, **facts):
    return PartnerFactory(applied=True, station=centre, **facts)


def typed(centre, **more):
    return {
        "name": "无锡运河制造有限公司",
        "credit_code": credit_code(9_000_077),
        "nature": "PRIVATE_ENTERPRISE",
        "roles": ["EMPLOYER"],
        "station": centre.pk,
        "address": "运河路8号",
        "contact_name": "周联系",
        "contact_phone": "13800001234",
        "introduction": "",
        "upload": SimpleUploadedFile("执照.jpg", picture()),
    } | more


def apply_online(client, centre, **more):
    return client.post(reverse("services:partner_apply"), typed(centre, **more))


def test_apply__online_with_a_licence__waits_for_the_centre(client, centre):
    user = UserFactory()
    client.force_login(user)
    assert apply_online(client, centre).status_code == 302
    partner = Partner.objects.get()
    assert partner.state == PartnerState.APPLIED
    assert partner.division == centre.division
    assert private_files.fetch(partner.licence_file)
    assert AuditEntry.objects.filter(act="services.partner_applied").exists()


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("credit_code", "91320200MA0000001X", "逐位核对"),
        ("credit_code", "1" * 28, "28位"),
        ("contact_phone", "12345", "11位"),
        ("name", "", "请填写单位名称"),
        ("station", "999999", "从列出的地区里选择"),
        ("roles", ["KING"], "从列出的里选择"),
    ],
)
def test_apply__with_wrong_input__says_how_to_mend_it_and_keeps_what_was_typed(
    client, centre, field, text, words
):
    client.force_login(UserFactory())
    answer = apply_online(client, centre, **{field: text})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert "运河路8号" in page
    assert not Partner.objects.exists()


def test_apply__for_a_registered_code__says_whom_to_ask_and_keeps_no_file(client, centre):
    PartnerFactory(credit_code=credit_code(9_000_077))
    client.force_login(UserFactory())
    answer = apply_online(client, centre)
    assert "已经登记过" in answer.content.decode()
    assert Partner.objects.count() == 1


def test_apply__for_one_more_while_three_wait__is_refused(client, centre):
    user = UserFactory()
    for _ in range(3):
        waiting(centre, applied_by=user)
    client.force_login(user)
    assert "等待核对" in apply_online(client, centre).content.decode()
    assert Partner.objects.count() == 3


def test_approve__opens_the_room__to_the_one_who_applied(client, centre, head):
    partner = waiting(centre)
    partners.approve(partner=partner, by=head)
    assert partners.is_keeper(partner.applied_by, Partner.objects.get())
    assert "已开通" in Message.objects.filter(user=partner.applied_by).first().title
    client.force_login(partner.applied_by)
    assert client.get(reverse("services:partner_room", args=[partner.pk])).status_code == 200


def test_approve__by_a_clerk_or_the_one_who_entered_it__is_refused(centre, clerk, head):
    with pytest.raises(PartnerError, match="审核人或负责人"):
        partners.approve(partner=waiting(centre), by=clerk)
    with pytest.raises(PartnerError, match="另一位同事"):
        partners.approve(partner=waiting(centre, applied_by=head), by=head)


def test_refuse__with_a_reason__may_be_mended_and_sent_again(client, centre, head):
    partner = waiting(centre)
    partners.refuse(partner=partner, by=head, reason="执照不清楚")
    client.force_login(partner.applied_by)
    url = reverse("services:partner_mend", args=[partner.pk])
    assert "执照不清楚" in client.get(url).content.decode()
    assert client.post(url, typed(centre, credit_code=partner.credit_code)).status_code == 302
    partner.refresh_from_db()
    assert (partner.state, partner.reason) == (PartnerState.APPLIED, "")


def test_apply__mended_in_two_tabs__the_one_that_comes_after_the_check_changes_nothing(
    centre, head
):
    asked = waiting(centre)
    partners.refuse(partner=asked, by=head, reason="执照不清楚")
    first, second = Partner.objects.get(pk=asked.pk), Partner.objects.get(pk=asked.pk)
    partners.apply(partner=first, by=asked.applied_by)
    second.name = "另一家公司"
    with pytest.raises(PartnerError) as refused:
        partners.apply(partner=second, by=asked.applied_by)
    assert refused.value.code == "decided"
    partners.approve(partner=asked, by=head)
    with pytest.raises(PartnerError):
        partners.apply(partner=second, by=asked.applied_by)
    asked.refresh_from_db()
    assert (asked.state, asked.name) == (PartnerState.APPROVED, first.name)


def test_refuse__without_a_reason__is_refused(centre, head):
    with pytest.raises(PartnerError, match="原因"):
        partners.refuse(partner=waiting(centre), by=head, reason=" ")


def test_decide__twice__is_done_once(centre, head):
    partner = waiting(centre)
    partners.approve(partner=partner, by=head)
    with pytest.raises(PartnerError, match="合作中"):
        partners.approve(partner=partner, by=head)


def test_end__closes_the_room_and_stops_the_keys(client, member, head):
    key, _ = partners.make_key(partner=member.partner, label="系统", by=member.user)
    partners.end(partner=member.partner, by=head, reason="协议到期")
    client.force_login(member.user)
    room = reverse("services:partner_room", args=[member.partner.pk])
    assert client.get(room).status_code == 404
    assert not PartnerKey.objects.in_force().filter(pk=key.pk).exists()


def test_member__added_by_a_keeper__sees_the_room_until_taken_off(client, member):
    colleague = UserFactory()
    added = partners.add_member(
        partner=member.partner, phone=colleague.phone, name="同事", by=member.user
    )
    client.force_login(colleague)
    room = reverse("services:partner_room", args=[member.partner.pk])
    assert client.get(room).status_code == 200
    with pytest.raises(PartnerError, match="管理成员"):
        partners.end_member(member=member, by=colleague)
    partners.end_member(member=added, by=member.user)
    assert client.get(room).status_code == 404


def test_member__without_an_account_or_twice__is_refused(member):
    with pytest.raises(PartnerError, match="还没有平台账号"):
        partners.add_member(partner=member.partner, phone="13900000000", name="某", by=member.user)
    with pytest.raises(PartnerError, match="已经在名单"):
        partners.add_member(
            partner=member.partner, phone=member.user.phone, name="某", by=member.user
        )


def test_member__added__is_told_by_whom_and_how_to_object(member):
    colleague = UserFactory()
    partners.add_member(
        partner=member.partner, phone=colleague.phone, name="钱同事", by=member.user
    )
    told = Message.objects.filter(user=colleague, kind="services.partner")
    assert member.partner.name in told.first().body


def test_members__numbers_tried_one_after_another__end_for_today(client, member, settings):
    settings.PARTNER_MEMBER_TRIES_PER_DAY = 2
    client.force_login(member.user)
    url = reverse("services:partner_members", args=[member.partner_id])
    for last in range(2):
        client.post(url, {"name": "钱同事", "phone": f"1380000999{last}"})
    colleague = UserFactory()
    page = client.post(url, {"name": "钱同事", "phone": colleague.phone}).content.decode()
    assert "请明天再试" in page
    assert not colleague.partner_memberships.exists()


def test_last_keeper__wants_to_leave__must_name_another_first(member):
    with pytest.raises(PartnerError, match="至少要留一位"):
        partners.end_member(member=member, by=member.user)


def test_room__for_a_role_it_has_not__is_not_there(client, centre):
    member = PartnerMemberFactory(partner=PartnerFactory(station=centre))
    client.force_login(member.user)
    keys = reverse("services:partner_keys", args=[member.partner.pk])
    assert client.get(keys).status_code == 404


def test_rooms__with_one_room__leads_straight_into_it(client, member):
    client.force_login(member.user)
    answer = client.get(reverse("services:partner_rooms"))
    assert answer.url == reverse("services:partner_room", args=[member.partner.pk])


def test_tile__registered_by_an_app__stands_in_the_room(client, member, monkeypatch):
    monkeypatch.setattr(partner_room, "_tiles", [])
    partner_room.register(
        lambda partner, user: partner_room.Tile("贷款推荐", f"{partner.name}的", "/x/")
    )
    client.force_login(member.user)
    page = client.get(member.partner.get_absolute_url()).content.decode()
    assert "贷款推荐" in page


def asked_with(text):
    return APIRequestFactory().get("/", headers={"authorization": text})


def test_key__made_by_a_keeper__speaks_for_them_and_is_kept_as_a_digest(member):
    key, text = partners.make_key(partner=member.partner, label="系统", by=member.user)
    user, found = PartnerKeyAuthentication().authenticate(asked_with(f"Key {text}"))
    assert (user, found) == (member.user, key)
    assert text not in str(PartnerKey.objects.values().get())
    assert PartnerKey.objects.get().last_used_at is not None


@pytest.mark.parametrize("what", ["revoked", "expired", "left", "ended", "wrong"])
def test_key__no_longer_good__opens_nothing(member, head, what):
    key, text = partners.make_key(partner=member.partner, label="系统", by=member.user)
    if what == "revoked":
        partners.revoke_key(key=key, by=member.user)
    elif what == "expired":
        PartnerKey.objects.update(
            created_at=timezone.now() - timedelta(days=9),
            expires_at=timezone.now() - timedelta(days=1),
        )
    elif what == "left":
        member.until = timezone.localdate()
        member.save()
    elif what == "ended":
        partners.end(partner=member.partner, by=head, reason="协议到期")
    else:
        text = text[:-1] + ("a" if text[-1] != "a" else "b")
    with pytest.raises(AuthenticationFailed, match="密钥无效"):
        PartnerKeyAuthentication().authenticate(asked_with(f"Key {text}"))


def test_key_page__makes_one__shows_it_once(client, member):
    client.force_login(member.user)
    url = reverse("services:partner_keys", args=[member.partner.pk])
    made = client.post(url, {"label": "=cmd|系统"}).context["made"]
    assert len(made) > 40
    assert made not in client.get(url).content.decode()


def test_desk__enters_a_partner__for_its_own_centre_only(client, centre, clerk):
    client.force_login(clerk)
    url = reverse("services:desk_partner_new")
    facts = typed(centre)
    facts.pop("upload")
    elsewhere = StationFactory(district=True, division__code="320282000000")
    refused = client.post(url, facts | {"station": elsewhere.pk})
    assert "从列出的地区里选择" in refused.content.decode()
    assert client.post(url, facts).status_code == 302
    assert Partner.objects.get().applied_by == clerk


@pytest.mark.parametrize("typed_words", ["运河", "wuxiyunhe", "wxyh", "WXYH"])
def test_desk_list__searched__finds_by_name_pinyin_and_initials(client, centre, clerk, typed_words):
    PartnerFactory(station=centre, name="无锡运河制造有限公司")
    PartnerFactory(station=centre, name="江阴远帆物流有限公司")
    client.force_login(clerk)
    page = client.get(reverse("services:desk_partners"), {"q": typed_words}).content.decode()
    assert "运河制造" in page
    assert "远帆" not in page


def test_desk_list__with_many__asks_no_more(client, centre, clerk, django_assert_max_num_queries):
    PartnerFactory.create_batch(20, station=centre)
    client.force_login(clerk)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("services:desk_partners")).status_code == 200


def test_worklist__shows_applications__to_those_who_check_them(client, centre, clerk, head):
    partner = waiting(centre)
    for user, there in ((head, True), (clerk, False)):
        client.force_login(user)
        page = client.get(reverse("services:desk")).content.decode()
        assert (partner.name in page) is there


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"credit_code": "9132020"}, "partner_credit_code_has_eighteen_signs"),
        ({"roles": []}, "partner_does_something"),
        ({"decided_by": None}, "partner_decided_has_who_and_when"),
        ({"state": PartnerState.ENDED, "reason": ""}, "partner_refused_or_ended_says_why"),
    ],
)
def test_partner__against_a_rule__is_refused_by_the_database(facts, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        PartnerFactory(**facts)


def test_partner__moved_back_to_its_application__is_refused_by_the_database(centre):
    partner = PartnerFactory(station=centre, roles=[PartnerRole.TRAINER])
    with pytest.raises(Exception, match="APPLIED"), transaction.atomic():
        Partner.objects.filter(pk=partner.pk).update(state=PartnerState.APPLIED)


def test_licence__read_at_the_desk__is_shown_locked_down_and_written_down(client, centre, clerk):
    client.force_login(UserFactory())
    apply_online(client, centre)
    client.force_login(clerk)
    answer = client.get(reverse("services:desk_partner_licence", args=[Partner.objects.get().pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert AuditEntry.objects.filter(act="services.partner_licence_read").exists()
