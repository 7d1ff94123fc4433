import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from accounts import dispatch, jobs, private_files
from accounts.enums import JobState
from accounts.models import AuditEntry, Job
from tests.factories.accounts import JobFactory, UserFactory
from veterans_portal.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch):
    """Register a kind of work for one test."""

    def use(work):
        monkeypatch.setitem(jobs._kinds, "test", work)

    return use


def test_start__after_commit__is_run_and_finished(kind, django_capture_on_commit_callbacks):
    kind(lambda row: {"file_name": "结果.xlsx"})
    with django_capture_on_commit_callbacks(execute=True):
        row = jobs.start("test", title="测试", owner=UserFactory(staff=True))
    row.refresh_from_db()
    assert (row.state, row.result) == (JobState.DONE, {"file_name": "结果.xlsx"})
    assert row.finished_at


def test_start__rolled_back__sends_nothing(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(dispatch, "send", lambda *args, **options: sent.append(args))
    with django_capture_on_commit_callbacks(execute=False):
        jobs.start("test", title="测试", owner=UserFactory(staff=True))
    assert sent == []


def test_run__rule_refuses__says_the_rules_own_sentence(kind):
    def work(row):
        raise DomainError("名册里没有一行数据，请填好后再上传。")

    kind(work)
    row = JobFactory()
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == (JobState.FAILED, "名册里没有一行数据，请填好后再上传。")


def test_run__work_breaks__says_what_to_do_and_no_inner_words(kind):
    def work(row):
        raise ValueError("320281195803124512")

    kind(work)
    row = JobFactory()
    jobs.run(row.pk)
    row.refresh_from_db()
    assert row.state == JobState.FAILED
    assert "再试一次" in row.error
    assert "3202811958" not in row.error


def test_run__twice__works_once(kind):
    runs = []
    kind(lambda row: runs.append(row.pk))
    row = JobFactory()
    jobs.run(row.pk)
    jobs.run(row.pk)
    assert len(runs) == 1


def test_run__worker_died_before__is_begun_again(kind):
    runs = []
    kind(lambda row: runs.append(row.attempts))
    row = JobFactory(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())
    jobs.run(row.pk)
    assert runs == [2]


def test_progress__taken_over_by_another__stops(kind):
    def work(row):
        Job.objects.filter(pk=row.pk).update(attempts=9)
        jobs.progress(row, 1, 2, "第1行")

    kind(work)
    row = JobFactory()
    jobs.run(row.pk)
    row.refresh_from_db()
    assert row.state == JobState.RUNNING


def test_progress__many_calls__writes_once_a_second(kind, django_assert_max_num_queries):
    def work(row):
        with django_assert_max_num_queries(3):
            for number in range(1000):
                jobs.progress(row, number, 1000)

    kind(work)
    jobs.run(JobFactory().pk)


def test_retry__failed_job__is_queued_sent_and_recorded(kind, django_capture_on_commit_callbacks):
    kind(lambda row: {})
    row = JobFactory(failed=True)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.retry(row, by=row.owner)
    row.refresh_from_db()
    assert row.state == JobState.DONE
    assert AuditEntry.objects.filter(act="accounts.job_retried").count() == 1


def test_retry__job_done__is_refused():
    with pytest.raises(DomainError, match="不用再试"):
        jobs.retry(JobFactory(done_=True), by=UserFactory())


def test_sweep__stale_and_unsent_jobs__are_sent_fresh_ones_not(monkeypatch):
    sent = []
    monkeypatch.setattr(dispatch, "send", lambda task, *args: sent.append(args[0]))
    old = timezone.now() - timedelta(minutes=5)
    stale = JobFactory(state=JobState.RUNNING, attempts=1, heartbeat_at=old)
    unsent = JobFactory(created_at=old)
    JobFactory(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())
    JobFactory()
    jobs.sweep()
    assert sorted(sent) == sorted([str(stale.pk), str(unsent.pk)])


def test_sweep__worker_died_again_and_again__is_given_up_with_a_reason():
    old = timezone.now() - timedelta(minutes=5)
    row = JobFactory(state=JobState.RUNNING, attempts=jobs.ATTEMPTS, heartbeat_at=old)
    jobs.sweep()
    row.refresh_from_db()
    assert row.state == JobState.FAILED
    assert "再试一次" in row.error


def test_run__held_by_a_living_worker__is_left_alone(kind):
    runs = []
    kind(lambda row: runs.append(row.pk))
    row = JobFactory()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [row.pk.int % 2**63])
        jobs.run(row.pk)
        assert runs == []
    finally:
        other.close()


def test_send__broker_away__costs_one_try_and_then_a_pause(monkeypatch):
    class AwayError(Exception):
        pass

    class Task:
        name = "t"
        tries = 0

        class app:  # noqa: N801
            class conf:  # noqa: N801
                task_always_eager = False

        def apply_async(self, **options):
            Task.tries += 1
            raise AwayError

    dispatch.forget_refusals()
    try:
        assert not dispatch.send(Task())
        assert not dispatch.send(Task())
        assert Task.tries == 1
    finally:
        dispatch.forget_refusals()


def test_private_file__on_disk__is_encrypted_and_comes_back(settings):
    name = private_files.keep("姓名,320281195803124512".encode())
    (path,) = settings.PRIVATE_FILES_DIR.rglob(name)
    assert b"3202811958" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert private_files.fetch(name).decode().startswith("姓名")


@pytest.mark.parametrize("name", ["../secret", "", ".hidden", "a/b", "none"])
def test_private_file__strange_name__is_not_found(name):
    with pytest.raises(FileNotFoundError):
        private_files.fetch(name)


def test_remove_older_than__expired_file__is_gone():
    name = private_files.keep(b"x")
    assert private_files.remove_older_than(-1) == 1
    with pytest.raises(FileNotFoundError):
        private_files.fetch(name)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker__real_one__runs_the_outbox(real_worker, settings):
    from accounts import messages
    from accounts.enums import MessageState
    from accounts.models import Message
    from tests import live

    dispatch.forget_refusals()
    messages.tell(phone="13800000001", kind="test", title="提醒", body="请到站。")
    live.wait_until(lambda: Message.objects.get().state == MessageState.SENT)


def test_send__broker_really_away__is_noticed_within_two_seconds(settings):
    from time import monotonic

    from celery import Celery

    app = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.update(
        broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        broker_connection_timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT,
        task_publish_retry=settings.CELERY_TASK_PUBLISH_RETRY,
    )

    @app.task(name="away")
    def task():
        pass

    dispatch.forget_refusals()
    try:
        began = monotonic()
        assert not dispatch.send(task)
        first = monotonic()
        assert not dispatch.send(task)
        assert first - began < 2
        assert monotonic() - first < 0.1
    finally:
        dispatch.forget_refusals()


def test_start__once__returns_the_unfinished_one_with_the_same_params():
    owner = UserFactory(staff=True)
    first, again = (
        jobs.start("test", title="测试", owner=owner, params={"n": 1}, once=True) for _ in range(2)
    )
    assert again == first
    assert jobs.start("test", title="测试", owner=owner, params={"n": 2}, once=True) != first
    assert jobs.start("test", title="测试", owner=UserFactory(staff=True), params={"n": 1}) != first


def test_start__with_three_unfinished__is_refused_until_one_is_over():
    owner = UserFactory(staff=True)
    rows = [jobs.start("test", title="测试", owner=owner, params={"n": n}) for n in range(3)]
    with pytest.raises(DomainError, match="已有3项工作在处理"):
        jobs.start("test", title="测试", owner=owner)
    with pytest.raises(DomainError, match="已有3项工作在处理"):
        jobs.retry(JobFactory(owner=owner, failed=True), by=owner)
    Job.objects.filter(pk=rows[0].pk).update(state=JobState.DONE, finished_at=timezone.now())
    assert jobs.start("test", title="测试", owner=owner)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_start__once_from_four_taps_at_the_same_time__makes_one_job(monkeypatch):
    monkeypatch.setattr(dispatch, "send", lambda *args, **options: None)
    owner, gate = UserFactory(staff=True), threading.Barrier(4)

    def tap():
        gate.wait()
        try:
            jobs.start("test", title="测试", owner=owner, params={"n": 1}, once=True)
        finally:
            connection.close()

    taps = [threading.Thread(target=tap) for _ in range(4)]
    for each in taps:
        each.start()
    for each in taps:
        each.join(30)
    assert Job.objects.count() == 1


def test_right_gone__work_and_retry__are_refused_with_a_sentence(kind, monkeypatch):
    kind(lambda row: pytest.fail("worked without the right"))
    monkeypatch.setitem(jobs._rights, "test", lambda row: False)
    row = JobFactory()
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == (JobState.FAILED, jobs.NO_LONGER)
    with pytest.raises(DomainError, match="没有办理这项工作的权限"):
        jobs.retry(row, by=row.owner)


def test_right_gone__file__is_not_found(client, monkeypatch):
    monkeypatch.setitem(jobs._rights, "test", lambda row: False)
    name = private_files.keep(b"x")
    row = JobFactory(done_=True, result={"file": name, "file_name": "月报.xlsx"})
    client.force_login(row.owner)
    assert client.get(reverse("accounts:job_file", args=[row.pk])).status_code == 404
    assert not AuditEntry.objects.filter(act="accounts.file_downloaded").exists()
