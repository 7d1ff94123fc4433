"""Pages of loans by who looks: the person, the station, the bank, strangers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.actions.consents import withdraw_consent
from accounts.models import AuditEntry
from placement.actions import bank_returns
from placement.enums.loans import BankReturnState, LineDecision, LoanState
from placement.models import BankReturn, LoanReferral, LoanTerms
from tests.factories.accounts import UserFactory
from tests.factories.network import PostingFactory
from tests.factories.partners import PartnerFactory, PartnerMemberFactory
from tests.factories.persons import PersonFactory
from tests.factories.placement_loans import (
    BankReturnFactory,
    BankReturnLineFactory,
    LoanReferralFactory,
    today,
)
from tests.placement.loan_scene import (
    drafted,
    granted,
    loan_row,
    pushed,
    scene,
    submitted,
    workbook,
)

pytestmark = pytest.mark.django_db
HOSTILE = ["<b>x</b>", "=cmd|'/c calc'!A1", "车\x00", "🎖️", "9" * 28, "9999-12-31", "-1", "NaN"]
MONTH = timezone.localdate().replace(day=1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def wish(s, **more):
    return {
        "client_key": "page-key-1", "product": "STARTUP", "borrower": "PLANNING", "bank": s.bank.pk,
        "business": "生鲜配送", "purpose": "购置冷藏车", "wanted": "300,000", "wanted_months": "36",
    } | more  # fmt: skip


def file(data, name="回报.xlsx"):
    return SimpleUploadedFile(name, data, content_type=XLSX)


def test_person__writes_agrees_and_submits(client, s):
    client.force_login(s.person.account)
    says(client.get(url("my_loans")), "申请贷款")
    text = says(client.get(url("my_loan_new")), s.person.name, s.bank.name)
    assert s.person.phone not in text
    answer = client.post(url("my_loan_new"), wish(s))
    made = LoanReferral.objects.get()
    assert answer.url == url("my_loan", made.pk)
    says(client.get(answer.url), f"只告诉{s.bank.name}一家", "我同意把上面这些内容告诉")
    says(client.post(answer.url, {}), f"请先同意告诉{s.bank.name}")
    assert client.post(answer.url, {"agreed": "on"}).status_code == 302
    says(client.get(answer.url), "待核验身份", "站点核验身份", "放弃这次申请")
    says(client.get(url("my_loans")), made.number)


def test_person__without_a_file__is_led_to_it(client, s):
    client.force_login(UserFactory())
    says(client.get(url("my_loans")), "去登记")
    says(client.get(url("my_loan_new")), "请先登记建档")


@pytest.mark.parametrize("field", ["business", "purpose", "wanted", "wanted_months", "bank"])
@pytest.mark.parametrize("text", HOSTILE)
def test_wish__with_anything_typed__never_breaks__and_keeps_it(client, s, field, text):
    client.force_login(s.person.account)
    answer = client.post(url("my_loan_new"), wish(s, **{field: text}))
    assert answer.status_code in (200, 302)
    assert b"<b>x</b>" not in answer.content


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"wanted": "0"}, "金额应大于0"),
        ({"wanted": "三十万"}, "请只写数字"),
        ({"wanted": "100000001"}, "不超过1亿元"),
        ({"wanted": "1.005"}, "最多两位小数"),
        ({"wanted_months": "361"}, "最多360个月"),
        ({"bank": ""}, "请选择银行"),
        ({"product": "X"}, "请从列出的里选择"),
        ({"business": ""}, "请填写经营项目"),
    ],
)
def test_wish__what_is_wrong__is_said_beside_it(client, s, typed, words):
    client.force_login(s.person.account)
    says(client.post(url("my_loan_new"), wish(s, **typed)), words)


def test_person__changes_a_draft__deletes_it__gives_up_a_wish(client, s):
    client.force_login(s.person.account)
    draft = drafted(s)
    says(client.get(url("my_loan_edit", draft.pk)), "生鲜配送")
    client.post(url("my_loan_edit", draft.pk), wish(s, business="早餐店"))
    draft.refresh_from_db()
    assert draft.business == "早餐店"
    client.post(url("my_loan_give_up", draft.pk))
    assert not LoanReferral.objects.exists()
    wanted = submitted(s)
    assert client.get(url("my_loan_edit", wanted.pk)).status_code == 404
    client.post(url("my_loan_give_up", wanted.pk))
    says(client.get(url("my_loan", wanted.pk)), "本人放弃", "后来已撤回")


def test_person__never_sees_anothers(client, s):
    client.force_login(UserFactory())
    assert client.get(url("my_loan", submitted(s).pk)).status_code == 404


def test_desk__lists_filters_and_verifies(client, s):
    wanted = submitted(s)
    client.force_login(s.clerk)
    says(client.get(reverse("services:desk")), "要核验的创业贷款")
    says(client.get(url("desk_loans"), {"q": s.person.name, "state": "SUBMITTED"}), wanted.number)
    assert wanted.number not in client.get(url("desk_loans"), {"green": "1"}).content.decode()
    says(client.get(url("desk_loan", wanted.pk)), "核验通过并推送银行")
    client.post(url("desk_loan_act", wanted.pk, "verify"), {"green_reason": "立二等功"})
    says(client.get(url("desk_loan", wanted.pk)), "已推送银行", "立二等功")
    says(client.get(reverse("services:desk")), "绿色通道和银行逾期的贷款")
    assert AuditEntry.objects.filter(act="placement.loan_read", actor=s.clerk).exists()


def test_desk__enters_for_somebody_at_the_counter(client, s):
    other = PersonFactory(station=s.station)
    client.force_login(s.clerk)
    says(client.get(reverse("services:desk_person", args=[other.pk])), "代申请创业贷款")
    says(client.get(url("desk_loan_new", other.pk)), other.name)
    client.post(url("desk_loan_new", other.pk), wish(s))
    made = LoanReferral.objects.get()
    says(client.get(url("desk_loan", made.pk)), "凭书面同意书提交")
    says(client.post(url("desk_loan_act", made.pk, "enter"), {}), "请填写书面同意书")
    client.post(url("desk_loan_act", made.pk, "enter"), {"written_consent": "同意书2026-1"})
    says(client.get(url("desk_loan", made.pk)), "等另一位同事核验")


def test_desk__refuses_with_a_reason__and_notes_a_withdrawal(client, s):
    wanted = submitted(s)
    client.force_login(s.clerk)
    says(client.post(url("desk_loan_act", wanted.pk, "refuse"), {"reason": ""}), "请填写原因")
    client.post(url("desk_loan_act", wanted.pk, "refuse"), {"reason": "档案在外地"})
    says(client.get(url("desk_loan", wanted.pk)), "身份核验未通过", "档案在外地")
    again = submitted(s, key="wish-key-2")
    client.post(url("desk_loan_act", again.pk, "withdraw"), {"reason": "不做了"})
    says(client.get(url("desk_loan", again.pk)), "本人放弃")
    assert client.post(url("desk_loan_act", again.pk, "nonsense")).status_code == 404


def test_desk__of_another_station__gets_404(client, s):
    wanted = submitted(s)
    client.force_login(PostingFactory().user)
    assert client.get(url("desk_loan", wanted.pk)).status_code == 404
    assert wanted.number not in client.get(url("desk_loans")).content.decode()


def test_terms__heads_of_the_city_enter_them__others_read(client, s):
    city = s.station
    while city.parent is not None:
        city = city.parent
    head = PostingFactory(station=city, role="HEAD").user
    typed = {
        "effective_from": today(2), "verify_workdays": 5, "contact_workdays": 5,
        "decide_workdays": 20, "green_verify_workdays": 1, "green_contact_workdays": 1,
        "green_decide_workdays": 5, "basis": "新协议",
    }  # fmt: skip
    client.force_login(s.clerk)
    says(client.get(url("desk_loan_terms")), "3个工作日")
    assert client.post(url("desk_loan_terms"), typed).status_code == 404
    client.force_login(head)
    says(
        client.post(url("desk_loan_terms"), typed | {"green_decide_workdays": 30}), "不应比一般的慢"
    )
    says(client.post(url("desk_loan_terms"), typed | {"verify_workdays": 0}), "1至120")
    assert client.post(url("desk_loan_terms"), typed).status_code == 302
    assert LoanTerms.objects.count() == 2


def test_bank__sees_its_own__and_answers_with_the_amount(client, s):
    mine, other = pushed(s), LoanReferralFactory(pushed=True, bank=PartnerFactory(bank=True))
    client.force_login(s.member)
    says(client.get(reverse("services:partner_room", args=[s.bank.pk])), "贷款推荐", "1份等联系")
    text = says(client.get(url("partner_loans", s.bank.pk)), mine.number, s.person.name)
    assert other.number not in text
    page = url("partner_loan", s.bank.pk, mine.pk)
    text = says(client.get(page), s.person.phone, "退役军人")
    assert s.person.id_number not in text
    assert s.person.id_number[-4:] not in text
    assert AuditEntry.objects.filter(act="placement.loan_read", actor=s.member).exists()
    typed = {"client_key": "room-key-1", "kind": "GRANTED", "on": today()}
    says(client.post(page, typed), "请填写金额", "请填写年利率", "请填写期限")
    money = {"amount": "300,000.00", "rate": "2.6", "term_months": "36"}
    assert client.post(page, typed | money).status_code == 302
    assert client.post(page, typed | money).status_code in (200, 302)
    mine.refresh_from_db()
    assert (mine.state, mine.amount) == (LoanState.GRANTED, 300000)
    assert mine.answers.count() == 1


@pytest.mark.parametrize("field", ["kind", "on", "amount", "rate", "term_months", "note"])
@pytest.mark.parametrize("text", HOSTILE)
def test_bank__answers_anything__never_breaks(client, s, field, text):
    mine = pushed(s)
    client.force_login(s.member)
    typed = {"client_key": "room-key-1", "kind": "GRANTED", "on": today(), "amount": "1",
             "rate": "2", "term_months": "3"}  # fmt: skip
    answer = client.post(url("partner_loan", s.bank.pk, mine.pk), typed | {field: text})
    assert answer.status_code in (200, 302)
    assert b"<b>x</b>" not in answer.content


def test_bank__after_the_consent_went__sees_no_person(client, s):
    mine = pushed(s)
    withdraw_consent(consent=mine.consent, by=s.person.account)
    client.force_login(s.member)
    text = says(client.get(url("partner_loan", s.bank.pk, mine.pk)), "本人已撤回同意")
    text += client.get(url("partner_loans", s.bank.pk)).content.decode()
    for hidden in (s.person.name, s.person.phone, "冷藏车", "生鲜配送"):
        assert hidden not in text


def test_bank__another_or_an_employer__gets_404(client, s):
    mine = pushed(s)
    other = PartnerFactory(bank=True)
    client.force_login(PartnerMemberFactory(partner=other).user)
    assert client.get(url("partner_loan", s.bank.pk, mine.pk)).status_code == 404
    assert client.get(url("partner_loan", other.pk, mine.pk)).status_code == 404
    employer = PartnerFactory()
    client.force_login(PartnerMemberFactory(partner=employer).user)
    assert client.get(url("partner_loans", employer.pk)).status_code == 404


def test_bank__uploads_its_month__wrong_cells_are_listed(client, s):
    paid = granted(s)
    client.force_login(s.member)
    page = url("partner_bank_returns", s.bank.pk)
    says(client.get(page), "下载表格")
    sheet = client.get(url("partner_return_sheet", s.bank.pk), {"month": f"{MONTH:%Y-%m}"})
    assert sheet.headers["Content-Type"] == XLSX
    assert client.get(url("partner_return_sheet", s.bank.pk), {"month": "x"}).status_code == 404
    typed = {"month": f"{MONTH:%Y-%m}"}
    says(client.post(page, typed), "请选择要上传的文件")
    says(client.post(page, typed | {"file": file(b"x", "a.txt")}), "请上传.xlsx文件")
    says(client.post(page, typed | {"file": file(b"x")}), "不是Excel工作簿")
    wrong = workbook(loan_row(number=paid.number, amount="<b>x</b>"))
    text = says(client.post(page, typed | {"file": file(wrong)}), "第2行", "放款金额", "请只写数字")
    assert "<b>x</b>" not in text
    right = workbook(loan_row(number=paid.number))
    assert client.post(page, typed | {"file": file(right)}).status_code == 302
    made = BankReturn.objects.get()
    says(client.get(url("partner_bank_return", s.bank.pk, made.pk)), "一致", paid.number)


def test_desk__decides_a_difference__confirms__or_sends_back(client, s):
    paid = granted(s)
    data = workbook(loan_row(number=paid.number, amount=310000))
    made = bank_returns.upload(bank=s.bank, month=MONTH, data=data, by=s.member)
    client.force_login(s.checker)
    says(client.get(reverse("services:desk")), "要核对的银行回报")
    says(client.get(url("desk_bank_returns"), {"state": "SUBMITTED"}), s.bank.name)
    page = url("desk_bank_return", made.pk)
    says(client.get(page), "310,000.00元", "300,000.00元", "还有1笔没有决定")
    line = made.lines.get()
    says(client.post(url("desk_bank_line", made.pk, line.pk), {}), "请选择怎样计入")
    client.post(url("desk_bank_line", made.pk, line.pk), {"decision": LineDecision.RETURN})
    client.post(url("desk_bank_return_act", made.pk, "accept"))
    says(client.get(page), "已确认", "310,000.00")
    assert client.get(url("desk_bank_return_file", made.pk)).content == data
    assert client.post(url("desk_bank_return_act", made.pk, "other")).status_code == 404
    other = BankReturnFactory(bank=s.bank, month=today(-62).replace(day=1))
    says(client.post(url("desk_bank_return_act", other.pk, "send-back"), {}), "请填写原因")
    client.post(url("desk_bank_return_act", other.pk, "send-back"), {"reason": "单位错了"})
    other.refresh_from_db()
    assert other.state == BankReturnState.RETURNED


def test_desk__uploads_for_a_bank(client, s):
    client.force_login(s.keeper)
    says(client.get(url("desk_bank_return_new")), s.bank.name)
    typed = {"bank": s.bank.pk, "month": f"{MONTH:%Y-%m}", "file": file(workbook(loan_row()))}
    assert client.post(url("desk_bank_return_new"), typed).status_code == 302
    says(client.get(url("desk_bank_return", BankReturn.objects.get().pk)), "没有经平台推荐")
    client.force_login(s.clerk)
    assert client.get(url("desk_bank_return_new")).status_code == 404
    assert client.get(url("desk_bank_return", BankReturn.objects.get().pk)).status_code == 404


def test_lists__of_one_and_of_twenty__ask_as_few_questions(
    client, s, django_assert_max_num_queries
):
    def many(n):
        for _ in range(n):
            LoanReferralFactory(
                pushed=True, bank=s.bank, station=s.station, person__station=s.station
            )
            BankReturnLineFactory(of=of)

    of = BankReturnFactory(bank=s.bank)
    many(20)
    client.force_login(s.clerk)
    with django_assert_max_num_queries(12):
        client.get(url("desk_loans"))
    client.force_login(s.checker)
    with django_assert_max_num_queries(14):
        client.get(url("desk_bank_return", of.pk))
    with django_assert_max_num_queries(12):
        client.get(url("desk_bank_returns"))
    client.force_login(s.member)
    with django_assert_max_num_queries(12):
        client.get(url("partner_loans", s.bank.pk))
