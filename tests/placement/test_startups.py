"""Enterprises: checked before they are shown, and for a time; the bundle: done when all items are."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from placement.actions import bundles, enterprises
from placement.actions.bundles import BundleError
from placement.actions.enterprises import EnterpriseError
from placement.enums.startups import BundleState, EnterpriseState, ItemState
from placement.models import BundleItem, BundleKind, StartupBundle, VeteranEnterprise
from placement.startup_indicators import EMP_16
from reports import counting
from services.actions.workdays import due_day
from tests.factories.accounts import UserFactory
from tests.factories.network import DivisionFactory, PostingFactory
from tests.factories.partners import credit_code
from tests.factories.placement_startups import (
    BundleItemFactory,
    BundleKindFactory,
    StartupBundleFactory,
    VeteranEnterpriseFactory,
    today,
)
from tests.placement.loan_scene import scene
from veterans_portal.indicators import Span

pytestmark = pytest.mark.django_db
HOSTILE = ["<b>x</b>", "=cmd|'/c calc'!A1", "店\x00", "🎖️店", "9" * 28, "9999-12-31"]


@pytest.fixture
def s():
    return scene()


def url(name, *args):
    return reverse(f"placement:{name}", args=args)


def says(answer, *words):
    text = answer.content.decode()
    assert answer.status_code == 200
    for word in words:
        assert word in text, word
    return text


def waiting(s, **more):
    return VeteranEnterpriseFactory(submitted=True, person=s.person, **more)


def published(s, **more):
    return enterprises.publish(
        enterprise=waiting(s, **more), by=s.colleague, valid_until=today(365)
    )


def asked(s, *, count=3, key="bundle-key-x"):
    kinds = [BundleKindFactory(workdays=n + 2) for n in range(count)]
    bundle = StartupBundle(person=s.person, business_name="老兵早餐店", business="早餐",
                           address="运河路3号", client_key=key)  # fmt: skip
    return bundles.submit(bundle=bundle, kinds=kinds, by=s.person.account)


# --- enterprises --------------------------------------------------------------------------------


def test_enterprise__is_seen_by_nobody_before_its_check__and_by_all_after(client, s):
    shown = waiting(s)
    assert client.get(url("enterprise", shown.pk)).status_code == 404
    enterprises.publish(enterprise=shown, by=s.colleague, valid_until=today(365))
    says(client.get(url("enterprise", shown.pk)), shown.name, shown.phone)
    says(client.get(url("enterprises"), {"q": "wuxi"}), shown.name)
    assert Message.objects.filter(user=s.person.account, title="企业已在军创名录展示").exists()


def test_enterprise__after_its_last_day__is_gone_by_itself(client, s):
    shown = published(s)
    VeteranEnterprise.objects.filter(pk=shown.pk).update(
        published_on=today(-400), valid_until=today(-1)
    )
    assert client.get(url("enterprise", shown.pk)).status_code == 404
    client.force_login(s.person.account)
    says(client.get(url("my_startups")), "已到期")


def test_enterprise__changed__waits_again_and_is_hidden(client, s):
    shown = published(s)
    shown.products = "净菜加工"
    enterprises.submit(enterprise=shown, by=s.person.account)
    assert client.get(url("enterprise", shown.pk)).status_code == 404


def test_enterprise__is_not_checked_by_who_handed_it_in__nor_by_strangers(s):
    shown = waiting(s, submitted_by=s.colleague)
    for by in (s.colleague, s.clerk, s.checker):
        with pytest.raises(EnterpriseError):
            enterprises.publish(enterprise=shown, by=by, valid_until=today(30))


@pytest.mark.parametrize("days", [0, -1, 2000])
def test_enterprise__shown_until_a_day_out_of_range__is_refused(s, days):
    with pytest.raises(EnterpriseError):
        enterprises.publish(enterprise=waiting(s), by=s.colleague, valid_until=today(days))


def test_renewal__early_is_refused__near_the_end_stays_visible(client, s):
    shown = published(s)
    with pytest.raises(EnterpriseError, match="60天"):
        enterprises.renew(enterprise=shown, by=s.person.account)
    later = timezone.now() + timedelta(days=330)
    shown = enterprises.renew(enterprise=shown, by=s.person.account, now=later)
    assert client.get(url("enterprise", shown.pk)).status_code == 200
    shown = enterprises.publish(enterprise=shown, by=s.colleague, valid_until=today(700), now=later)
    assert shown.published_on == timezone.localdate()


def test_enterprise__taken_down__says_why__and_comes_back_anew(s):
    shown = enterprises.feature(enterprise=published(s), by=s.colleague, on=True)
    with pytest.raises(EnterpriseError):
        enterprises.remove(enterprise=shown, by=s.colleague, reason="")
    shown = enterprises.remove(enterprise=shown, by=s.colleague, reason="已注销")
    assert (shown.featured, shown.ended_on) == (False, timezone.localdate())
    shown = enterprises.submit(enterprise=shown, by=s.person.account)
    assert shown.published_on is None


def test_credit_code__of_another__is_refused(s):
    first = waiting(s)
    with pytest.raises(EnterpriseError, match="已经登记过"):
        enterprises.submit(
            enterprise=VeteranEnterpriseFactory.build(submitted=True,
                person=s.person, credit_code=first.credit_code, division=s.station.division,
            ),
            by=s.person.account,
        )  # fmt: skip


def test_emp_16__recounted_at_the_end_of_the_month(s):
    last = today().replace(day=1) - timedelta(days=1)
    kept = VeteranEnterpriseFactory(person=s.person, published_on=last)
    VeteranEnterpriseFactory(person=s.person, published_on=today())
    VeteranEnterpriseFactory(
        person=s.person, published_on=last - timedelta(9), valid_until=last - timedelta(1)
    )
    gone = published(s)
    VeteranEnterprise.objects.filter(pk=gone.pk).update(published_on=last)
    enterprises.remove(enterprise=gone, by=s.colleague, reason="注销")
    there = [
        each for each in VeteranEnterprise.objects.all()
        if each.published_on <= last <= each.valid_until
        and (each.ended_on is None or each.ended_on > last)
    ]  # fmt: skip
    assert kept in there
    assert counting.total(Span.month(last), s.station, EMP_16).value == len(there) == 2


def enterprise_typed(s, **more):
    district = DivisionFactory(code="320281000000")
    return {
        "name": "无锡老兵冷链有限公司", "credit_code": credit_code(7_000_001),
        "division": district.pk, "field": "LOGISTICS", "introduction": "为社区配送生鲜。",
        "products": "冷链配送", "address": "运河路2号", "phone": "13800138000", "agreed": "on",
    } | more  # fmt: skip


@pytest.mark.parametrize("field", ["name", "credit_code", "introduction", "phone", "division"])
@pytest.mark.parametrize("text", HOSTILE)
def test_enterprise_form__with_anything_typed__never_breaks(client, s, field, text):
    client.force_login(s.person.account)
    answer = client.post(url("my_enterprise_new"), enterprise_typed(s, **{field: text}))
    assert answer.status_code in (200, 302)
    assert b"<b>x</b>" not in answer.content


def test_enterprise_pages__handed_in_by_its_founder__checked_at_the_desk(client, s):
    client.force_login(s.person.account)
    says(client.post(url("my_enterprise_new"), enterprise_typed(s, agreed="")), "请先同意公开")
    shown = waiting(s)
    says(client.get(url("my_startups")), shown.name, "待审核")
    says(client.get(url("my_enterprise", shown.pk)), "改好后重新审核")
    client.force_login(s.colleague)
    says(client.get(reverse("services:desk")), "要审核的军创企业")
    says(client.get(url("desk_enterprises"), {"state": "SUBMITTED"}), shown.name)
    says(client.get(url("desk_enterprise", shown.pk)), "通过并公开")
    act = "desk_enterprise_act"
    says(client.post(url(act, shown.pk, "refuse"), {"reason": ""}), "请填写原因")
    client.post(url(act, shown.pk, "publish"), {"valid_until": f"{today(300)}"})
    client.post(url(act, shown.pk, "feature"))
    says(client.get(url("enterprises")), "风采展示", shown.name)
    client.post(url(act, shown.pk, "remove"), {"reason": "注销"})
    shown.refresh_from_db()
    assert shown.state == EnterpriseState.REMOVED
    client.force_login(PostingFactory().user)
    assert client.get(url("desk_enterprise", shown.pk)).status_code == 404


# --- the bundle ---------------------------------------------------------------------------------


def test_bundle__one_form_one_number__each_item_on_its_clock(s):
    bundle = asked(s)
    assert bundle.number.startswith("CY")
    assert [each.due_on for each in bundle.items.order_by("kind__workdays")] == [
        due_day(2), due_day(3), due_day(4),
    ]  # fmt: skip
    assert asked(s).pk == bundle.pk


def test_bundle__a_second_open_one__is_refused(s):
    asked(s)
    with pytest.raises(BundleError, match="已经有一份"):
        asked(s, key="bundle-key-y")


def test_bundle__is_done_when_all_items_are__not_before(s):
    bundle = asked(s, count=2)
    first, second = bundle.items.all()
    bundles.note(item=first, state=ItemState.HANDED, by=s.clerk)
    bundles.note(item=first, state=ItemState.DONE, by=s.clerk, result="执照已领")
    bundle.refresh_from_db()
    assert bundle.state == BundleState.OPEN
    with pytest.raises(BundleError, match="结果"):
        bundles.note(item=second, state=ItemState.REFUSED, by=s.clerk)
    bundles.note(item=second, state=ItemState.REFUSED, by=s.clerk, result="不在补贴范围")
    bundle.refresh_from_db()
    assert bundle.state == BundleState.DONE
    assert Message.objects.filter(user=s.person.account, title="创业一件事全部办完").exists()
    with pytest.raises(BundleError):
        bundles.note(item=first, state=ItemState.HANDED, by=s.clerk)


def test_bundle__noted_by_a_stranger__is_refused(s):
    item = asked(s).items.first()
    for by in (s.keeper, s.person.account):
        with pytest.raises(BundleError):
            bundles.note(item=item, state=ItemState.HANDED, by=by)


def test_bundle__withdrawn__keeps_what_was_done(s):
    bundle = asked(s, count=2)
    first, _ = bundle.items.all()
    bundles.note(item=first, state=ItemState.DONE, by=s.clerk, result="执照已领")
    with pytest.raises(BundleError):
        bundles.withdraw(bundle=bundle, by=UserFactory())
    bundles.withdraw(bundle=bundle, by=s.person.account)
    assert sorted(bundle.items.values_list("state", flat=True)) == ["DONE", "WITHDRAWN"]


def test_kind__changed_later__leaves_what_was_asked_for(s):
    item = asked(s, count=1).items.get()
    with pytest.raises(BundleError):
        bundles.save_kind(kind=item.kind, by=s.colleague)
    BundleKind.objects.update(title="新名称", department="别的部门")
    item.refresh_from_db()
    assert (item.title, item.department) != ("新名称", "别的部门")


def test_bundle_pages__person_and_station(client, s):
    kind = BundleKindFactory(title="企业登记")
    client.force_login(s.person.account)
    text = says(client.get(url("my_bundle_new")), s.person.name, "企业登记")
    assert s.person.id_number not in text
    typed = {"client_key": "page-bundle", "business_name": "老兵早餐店", "business": "早餐",
             "address": "运河路3号"}  # fmt: skip
    says(client.post(url("my_bundle_new"), typed), "请至少选一项", "老兵早餐店")
    answer = client.post(url("my_bundle_new"), typed | {"kinds": [kind.pk]})
    bundle = StartupBundle.objects.get()
    assert answer.url == url("my_bundle", bundle.pk)
    says(client.get(answer.url), "企业登记", "待转部门")
    client.force_login(s.clerk)
    says(client.get(reverse("services:desk")), "创业一件事")
    says(client.get(url("desk_bundles"), {"state": "OPEN"}), bundle.number)
    item = bundle.items.get()
    says(client.get(url("desk_bundle", bundle.pk)), "企业登记")
    says(client.post(url("desk_bundle_item", bundle.pk, item.pk), {"state": "DONE"}), "请写明结果")
    client.post(url("desk_bundle_item", bundle.pk, item.pk), {"state": "DONE", "result": "已领照"})
    says(client.get(url("desk_bundle", bundle.pk)), "全部办完", "已领照")
    client.force_login(UserFactory())
    assert client.get(url("my_bundle", bundle.pk)).status_code == 404


@pytest.mark.parametrize("field", ["business_name", "business", "address", "kinds", "client_key"])
@pytest.mark.parametrize("text", HOSTILE)
def test_bundle_form__with_anything_typed__never_breaks(client, s, field, text):
    typed = {"client_key": "page-bundle", "business_name": "老兵早餐店", "business": "早餐",
             "address": "运河路3号", "kinds": [BundleKindFactory().pk]}  # fmt: skip
    client.force_login(s.person.account)
    answer = client.post(url("my_bundle_new"), typed | {field: text})
    assert answer.status_code in (200, 302)
    assert b"<b>x</b>" not in answer.content


def test_kinds_page__the_citys_head_keeps_it__others_read(client, s):
    city = s.station
    while city.parent is not None:
        city = city.parent
    kind = BundleKindFactory(title="企业登记")
    typed = {"title": "刻章", "department": "公安局", "workdays": "2", "position": "2", "needs": "",
             "is_offered": "on"}  # fmt: skip
    client.force_login(s.clerk)
    says(client.get(url("desk_bundle_kinds")), "企业登记")
    assert client.post(url("desk_bundle_kinds"), typed).status_code == 404
    client.force_login(PostingFactory(station=city, role="HEAD").user)
    says(client.post(url("desk_bundle_kinds"), typed | {"workdays": "0"}), "至少1个工作日")
    says(client.post(url("desk_bundle_kinds"), typed | {"title": "企业登记"}), "事项")
    assert client.post(url("desk_bundle_kind", kind.pk), typed).status_code == 302
    assert BundleKind.objects.get().title == "刻章"


def test_lists__of_twenty__ask_few_questions(client, s, django_assert_max_num_queries):
    for _ in range(20):
        VeteranEnterpriseFactory(station=s.station)
        BundleItemFactory(bundle=StartupBundleFactory(station=s.station))
    with django_assert_max_num_queries(8):
        client.get(url("enterprises"))
    client.force_login(s.clerk)
    with django_assert_max_num_queries(10):
        client.get(url("desk_enterprises"))
    with django_assert_max_num_queries(10):
        client.get(url("desk_bundles"))


def refused(name, deed):
    with pytest.raises(Error, match=name), transaction.atomic():
        deed()


def test_constraints__each_by_its_name():
    listed, waits = VeteranEnterpriseFactory(), VeteranEnterpriseFactory(submitted=True)
    one, other = (VeteranEnterprise.objects.filter(pk=each.pk) for each in (listed, waits))
    for name, rows, facts in (
        ("enterprise_credit_code_has_eighteen_signs", one, {"credit_code": "x" * 18}),
        ("enterprise_listed_was_checked_and_ends", one, {"valid_until": None}),
        ("enterprise_checked_by_another", one, {"decided_by": listed.submitted_by}),
        ("enterprise_refused_or_removed_says_why", other, {"state": "REFUSED"}),
        ("enterprise_shown_first_is_listed", other, {"featured": True}),
        ("Invalid transition", other, {"state": "RENEWING"}),
    ):
        refused(name, lambda rows=rows, facts=facts: rows.update(**facts))
    item = BundleItemFactory()
    bundle, items = item.bundle, BundleItem.objects.filter(pk=item.pk)
    refused("bundle_item_ended_says", lambda: items.update(state="DONE"))
    refused("bundle_item_once", lambda: BundleItemFactory(bundle=bundle, kind=item.kind))
    refused("bundle_one_open_per_person", lambda: StartupBundleFactory(person=bundle.person))
    key = {"by": bundle.by, "client_key": bundle.client_key}
    refused("bundle_once_per_key", lambda: StartupBundleFactory(**key))
    rows = StartupBundle.objects.filter(pk=bundle.pk)
    refused("bundle_ended_has_its_time", lambda: rows.update(state="DONE"))
    rows.update(state="DONE", ended_at=timezone.now())
    refused("Invalid transition", lambda: rows.update(state="OPEN", ended_at=None))
    refused("bundle_kind_takes_one", lambda: BundleKind.objects.update(workdays=0))
