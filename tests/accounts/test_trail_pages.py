from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts import audit, jobs, messages, private_files
from accounts.enums import JobState
from accounts.models import AuditEntry, Job, Message
from tests.factories.accounts import (
    ConsentFactory,
    JobFactory,
    MessageFactory,
    UserFactory,
)
from tests.factories.persons import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def auditor(client):
    user = UserFactory(auditor=True, granted_at=timezone.now())
    client.force_login(user)
    return user


def test_inbox__own_messages__are_shown_and_reading_the_page_changes_nothing(client, citizen):
    MessageFactory(inbox=True, user=citizen, title="预约好了")
    MessageFactory(inbox=True, title="别人的")
    html = client.get(reverse("accounts:inbox")).content.decode()
    assert "预约好了" in html
    assert "别人的" not in html
    assert messages.unread_count(citizen) == 1


def test_inbox_read__with_link__marks_and_leads_there(client, citizen):
    row = MessageFactory(inbox=True, user=citizen, url="/me/data/")
    answer = client.post(reverse("accounts:inbox_read", args=[row.pk]), {"open": "1"})
    assert answer.url == "/me/data/"
    assert messages.unread_count(citizen) == 0


def test_inbox_read__foreign_link__stays_here(client, citizen):
    row = MessageFactory(inbox=True, user=citizen, url="https://example.org/")
    answer = client.post(reverse("accounts:inbox_read", args=[row.pk]), {"open": "1"})
    assert answer.url == reverse("accounts:inbox")


def test_inbox_read__somebody_elses__is_not_found(client, citizen):
    row = MessageFactory(inbox=True)
    assert client.post(reverse("accounts:inbox_read", args=[row.pk])).status_code == 404


def test_inbox_read_all__own_messages__are_read(client, citizen):
    MessageFactory.create_batch(3, inbox=True, user=citizen)
    other = MessageFactory(inbox=True)
    client.post(reverse("accounts:inbox_read_all"))
    assert messages.unread_count(citizen) == 0
    assert Message.objects.get(pk=other.pk).read_at is None


def test_outbox__in_service__is_not_there(client, settings):
    settings.LOCAL_OUTBOX = False
    assert client.get(reverse("accounts:outbox")).status_code == 404


def test_outbox__in_development__shows_codes_to_the_visitor(client, settings):
    settings.LOCAL_OUTBOX = True
    messages.tell(
        phone="13800000001", kind=messages.SIGN_IN_CODE, title="验证码", body="验证码246810。"
    )
    html = client.get(reverse("accounts:outbox")).content.decode()
    assert "246810" in html
    assert "13800000001" not in html


@pytest.mark.parametrize("name", ["accounts:audit", "accounts:audit_export"])
@pytest.mark.parametrize("traits", [{}, {"staff": True}, {"administrator": True}])
def test_audit__anybody_but_the_auditor__is_not_found(client, name, traits):
    client.force_login(UserFactory(**traits))
    method = client.post if name.endswith("export") else client.get
    assert method(reverse(name)).status_code == 404


def test_audit__auditor__reads_words_and_leaves_an_entry(client, auditor):
    person = PersonFactory(name="张建国")
    audit.record("accounts.signed_in", person, by=UserFactory(staff=True, name="李强"))
    html = client.get(reverse("accounts:audit")).content.decode()
    assert "张*国" in html
    assert "登录" in html
    assert "accounts.signed_in" not in html.replace('value="accounts.signed_in"', "")
    assert AuditEntry.objects.filter(act="accounts.audit_read", actor=auditor).count() == 1


@pytest.mark.parametrize(
    "query, found",
    [
        ("actor=李强", 1),
        ("actor=T777", 1),
        ("actor=无此人", 0),
        ("act=accounts.signed_in", 2),
        ("outcome=REFUSED", 1),
        ("since=2020-01-01&until=2020-01-02", 0),
    ],
)
def test_audit__conditions__narrow_the_list(client, auditor, query, found):
    staff = UserFactory(staff=True, name="李强", staff_number="T777")
    audit.record("accounts.signed_in", by=staff)
    audit.record("accounts.signed_in", by=UserFactory(), outcome="REFUSED")
    page = client.get(f"{reverse('accounts:audit')}?{query}").context["page_obj"]
    assert page.paginator.count == found


def test_audit__span_backwards__says_so(client, auditor):
    url = f"{reverse('accounts:audit')}?since=2025-02-01&until=2025-01-01"
    assert "截止日期早于起始日期" in client.get(url).content.decode()


def test_audit_entry__detail__is_in_words(client, auditor):
    entry = audit.record("accounts.unlocked", by=auditor, detail={"reason": "本人来电核实"})
    html = client.get(entry.get_absolute_url()).content.decode()
    assert "本人来电核实" in html
    assert "reason" not in html


def test_audit_export__by_the_auditor__is_a_workbook_with_who_and_when(
    client, auditor, django_capture_on_commit_callbacks
):
    audit.record("accounts.signed_in", by=UserFactory(staff=True, name="=李强"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("accounts:audit_export"), {"act": "accounts.signed_in"})
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert job.state == JobState.DONE
    content = client.get(reverse("accounts:job_file", args=[job.pk]))
    rows = CalamineWorkbook.from_filelike(BytesIO(content.content)).get_sheet_by_index(0)
    rows = rows.to_python()
    assert str(auditor) in rows[0][0]
    assert rows[2][2] == "=李强"
    assert len(rows) == 3
    assert "no-store" in content["Cache-Control"]
    assert AuditEntry.objects.filter(act="accounts.file_downloaded").exists()


@pytest.mark.parametrize(
    "traits, words",
    [
        ({}, "刷新进度"),
        ({"failed": True}, "再试一次"),
        ({"done_": True, "result": {"file": "x", "file_name": "月报.xlsx"}}, "月报.xlsx"),
    ],
)
def test_job__its_owner__sees_how_it_stands(client, traits, words):
    job = JobFactory(**traits)
    client.force_login(job.owner)
    html = client.get(job.get_absolute_url()).content.decode()
    assert words in html
    assert ("every 2s" in html) == (not job.is_over)


@pytest.mark.parametrize("name", ["job", "job_file", "job_retry"])
def test_job__somebody_else__is_not_found(client, citizen, name):
    job = JobFactory(failed=True)
    method = client.post if name == "job_retry" else client.get
    assert method(reverse(f"accounts:{name}", args=[job.pk])).status_code == 404


def test_job__poll__gets_the_changing_part_alone(client):
    job = JobFactory()
    client.force_login(job.owner)
    html = client.get(job.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="job"')


def test_job_retry__failed__is_queued_again(client, monkeypatch):
    monkeypatch.setitem(jobs._kinds, "test", lambda row: {})
    job = JobFactory(failed=True)
    client.force_login(job.owner)
    client.post(reverse("accounts:job_retry", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_job_file__expired__is_said_plainly(client):
    job = JobFactory(done_=True, result={"file": "gone", "file_name": "x.xlsx"})
    client.force_login(job.owner)
    answer = client.get(reverse("accounts:job_file", args=[job.pk]), follow=True)
    assert "已过保存期" in answer.content.decode()


def test_job__finished__tells_its_owner(monkeypatch):
    monkeypatch.setitem(jobs._kinds, "test", lambda row: {})
    job = JobFactory()
    jobs.run(job.pk)
    assert Message.objects.inbox_of(job.owner).get().url == job.get_absolute_url()


def test_my_data__citizen_with_file__sees_it_and_who_looked(client, citizen):
    person = PersonFactory(account=citizen, name="张建国")
    by = UserFactory(staff=True, name="李强")
    audit.record("services.person_read", person, by=by, detail={"reason": "核对档案"})
    html = client.get(reverse("accounts:my_data")).content.decode()
    assert person.id_number not in html
    assert "查看人员档案" in html
    assert person.station.name in html
    assert "李强" not in html


def test_my_data__download__is_recorded_and_masked(client, citizen):
    person = PersonFactory(account=citizen)
    answer = client.post(reverse("accounts:my_data_download"))
    text = answer.content.decode()
    assert person.name in text
    assert person.id_number not in text
    assert AuditEntry.objects.filter(act="accounts.my_data_downloaded").count() == 1


def test_my_data__staff__is_not_found(client):
    client.force_login(UserFactory(staff=True))
    assert client.get(reverse("accounts:my_data")).status_code == 404


def test_consent_withdraw__own__is_withdrawn_once_and_recorded(client, citizen):
    consent = ConsentFactory(user=citizen, given_at=timezone.now() - timedelta(days=1))
    for _ in range(2):
        client.post(reverse("accounts:consent_withdraw", args=[consent.pk]))
    consent.refresh_from_db()
    assert consent.withdrawn_at
    assert AuditEntry.objects.filter(act="accounts.consent_withdrawn").count() == 1


def test_consent_withdraw__somebody_elses__is_not_found(client, citizen):
    consent = ConsentFactory()
    url = reverse("accounts:consent_withdraw", args=[consent.pk])
    assert client.post(url).status_code == 404


def test_private_file__name__is_not_guessable():
    names = {private_files.keep(b"x") for _ in range(3)}
    assert len(names) == 3
    assert all(len(name) >= 32 for name in names)
