"""Papers of a matter: handed in once, read by who may, removed in time; pages for each viewer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import private_files
from accounts.models import AuditEntry
from services.actions import matter_files as acts
from services.enums import MatterAct, MatterState, Role
from services.models import MatterFile
from tests.factories.accounts import UserFactory
from tests.factories.guides import RequiredPaperFactory
from tests.factories.matters import MatterFactory
from tests.factories.network import PostingFactory
from tests.factories.papers import HeldMatterFactory, MatterFileFactory
from tests.services.paper_makers import pdf, picture, portrait, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter():
    return HeldMatterFactory()


@pytest.fixture
def clerk(matter):
    return PostingFactory(station=matter.station).user


def added(matter, data=None, **options):
    options = {"by": matter.by, "upload": upload(data or picture())} | options
    return acts.add_file(matter=matter, **options)


def kept_names(settings):
    folder = settings.PRIVATE_FILES_DIR / private_files.LASTING
    return {path.name for path in folder.glob("lasting.*")}


def test_add__photo__is_kept_encrypted_with_its_line_and_trail(matter, settings):
    file = added(matter)
    assert not file.was_there
    assert private_files.fetch(file.stored_as).startswith(b"\xff\xd8\xff")
    assert kept_names(settings) == {file.stored_as}
    assert matter.events.get(act=MatterAct.FILE_ADDED).public_words == "上传了“照片.jpg”。"
    assert AuditEntry.objects.filter(act="services.matter_file_added").count() == 1


def test_add__same_file_again__is_one_and_leaves_no_copy(matter, settings):
    data = picture()
    first, again = added(matter, data), added(matter, data)
    assert again == first
    assert again.was_there
    assert kept_names(settings) == {first.stored_as}
    assert matter.events.filter(act=MatterAct.FILE_ADDED).count() == 1


def test_add__same_file_to_another_matter__is_its_own(matter):
    data = picture()
    assert added(matter, data) != added(HeldMatterFactory(), data)


def test_add__removed_before__may_come_again(matter):
    matter.state = MatterState.SUPPLEMENT
    HeldMatterFactory._meta.model.objects.filter(pk=matter.pk).update(
        state=MatterState.SUPPLEMENT, supplement_asked_at=timezone.now(), supplement_list="身份证",
        supplement_by=timezone.localdate(),
    )  # fmt: skip
    data = picture()
    first = added(matter, data)
    acts.remove_file(file=first, by=matter.by)
    assert not added(matter, data).was_there


def test_add__more_than_the_limit__is_refused_before_it_is_read(matter, settings):
    settings.MATTER_FILES_MAX = 1
    added(matter)
    with pytest.raises(acts.MatterFileError, match="已经传了1份"):
        added(matter, pdf())


@pytest.mark.parametrize("state", [MatterState.ACCEPTED, MatterState.DONE, MatterState.ARCHIVED])
def test_add__by_the_person_when_it_is_too_late__says_whom_to_call(matter, state):
    matter.state = state
    with pytest.raises(acts.MatterFileError, match="要补充请拨打"):
        added(matter)


def test_add__by_whom__is_decided_by_the_act(matter, clerk):
    assert acts.may_add(matter, matter.by)
    assert acts.may_add(matter, clerk)
    reviewer = PostingFactory(station=matter.station, role=Role.REVIEWER).user
    for stranger in (UserFactory(), PostingFactory().user, reviewer):
        assert not acts.may_add(matter, stranger)
        with pytest.raises(acts.MatterFileError):
            added(matter, by=stranger)


def test_add__paper_of_another_kind__is_refused(matter):
    from tests.factories.guides import MatterKindFactory

    other = RequiredPaperFactory(kind=MatterKindFactory(card=True))
    with pytest.raises(acts.MatterFileError, match="哪一份材料"):
        added(matter, paper=other)


def test_add__refused_content__leaves_nothing_behind(matter, settings):
    with pytest.raises(acts.uploads.UploadRefusedError):
        added(matter, b"PK\x03\x04")
    assert kept_names(settings) == set()
    assert not matter.files.exists()


def test_add__act_that_breaks__leaves_no_file(matter, settings, monkeypatch):
    def broken(*args, **more):
        raise RuntimeError

    monkeypatch.setattr(acts.matters, "record_event", broken)
    with pytest.raises(RuntimeError):
        added(matter)
    assert kept_names(settings) == set()


def test_remove__in_time__takes_the_content_and_leaves_the_line(
    settings, django_capture_on_commit_callbacks
):
    matter = HeldMatterFactory(draft=True)
    file = added(matter)
    with django_capture_on_commit_callbacks(execute=True):
        acts.remove_file(file=file, by=matter.by)
        acts.remove_file(file=file, by=matter.by)
    assert kept_names(settings) == set()
    assert not matter.files.kept().exists()
    assert matter.files.get().removed_by == matter.by
    assert matter.events.filter(act=MatterAct.FILE_REMOVED).count() == 1
    with pytest.raises(acts.MatterFileError, match="已经移除"):
        acts.read_file(file=matter.files.get(), by=matter.by)


def test_remove__after_it_was_handed_in__is_refused_to_the_person(matter, clerk):
    file = added(matter)
    with pytest.raises(acts.MatterFileError, match="不能再移除"):
        acts.remove_file(file=file, by=matter.by)
    with pytest.raises(acts.MatterFileError, match="本人交来的"):
        acts.remove_file(file=file, by=clerk)


def test_remove__what_the_person_attached__stays_theirs(clerk):
    draft = HeldMatterFactory(draft=True)
    scanned = MatterFileFactory(matter=draft, by=clerk)
    with pytest.raises(acts.MatterFileError, match="告诉工作人员"):
        acts.remove_file(file=scanned, by=draft.by)


def test_remove__by_the_desk_after_acceptance__needs_a_reason_the_person_reads():
    matter = MatterFactory(accepted=True)
    clerk = PostingFactory(station=matter.station).user
    file = MatterFileFactory(matter=matter, by=clerk)
    with pytest.raises(acts.MatterFileError, match="写明为什么"):
        acts.remove_file(file=file, by=clerk, reason=" ")
    assert acts.remove_file(file=file, by=clerk, reason="传错了人").removed_by == clerk
    assert "传错了人" in matter.events.get(act=MatterAct.FILE_REMOVED).public_words


def test_remove__by_the_desk_when_it_is_done__is_refused():
    matter = MatterFactory(done=True)
    clerk = PostingFactory(station=matter.station).user
    file = MatterFileFactory(matter=matter, by=clerk)
    with pytest.raises(acts.MatterFileError, match="存档"):
        acts.remove_file(file=file, by=clerk, reason="传错了人")


def test_read__by_staff__is_written_down_and_by_oneself_not(matter, clerk):
    file = added(matter)
    acts.read_file(file=file, by=matter.by)
    assert not AuditEntry.objects.filter(act="services.matter_file_read").exists()
    acts.read_file(file=file, by=clerk)
    assert AuditEntry.objects.get(act="services.matter_file_read").actor == clerk


def test_read__content_that_is_gone__says_so(matter):
    file = added(matter)
    private_files.remove(file.stored_as)
    with pytest.raises(acts.MatterFileError, match="找不到了"):
        acts.read_file(file=file, by=matter.by)


def test_rotate_keys__papers_and_timeline__read_the_same_under_the_new_key(matter, settings):
    file = added(matter)
    settings.CRYPTO_KEY_ID = "t2"
    call_command("rotate_keys", verbosity=0)
    settings.CRYPTO_KEYS = {"t2": settings.CRYPTO_KEYS["t2"]}
    assert acts.read_file(file=file, by=matter.by).startswith(b"\xff\xd8\xff")
    assert matter.events.get(act=MatterAct.FILE_ADDED).public_words == "上传了“照片.jpg”。"


def test_missing_papers__required_ones_without_a_file(matter):
    wanted = RequiredPaperFactory(kind=matter.kind)
    RequiredPaperFactory(kind=matter.kind, is_required=False)
    assert acts.missing_papers(matter) == [wanted]
    added(matter, paper=wanted)
    assert acts.missing_papers(matter) == []


def test_database__same_digest_twice__only_when_the_first_was_removed():
    file = MatterFileFactory(digest="1" * 64)
    with pytest.raises(IntegrityError, match="matter_file_once"), transaction.atomic():
        MatterFileFactory(matter=file.matter, digest="1" * 64)
    removed = MatterFileFactory(removed=True, digest="2" * 64)
    assert MatterFileFactory(matter=removed.matter, digest="2" * 64).pk


def test_database__removed__says_by_whom():
    file = MatterFileFactory()
    with pytest.raises(IntegrityError, match="matter_file_removed"), transaction.atomic():
        MatterFile.objects.filter(pk=file.pk).update(removed_at=timezone.now())


# --- pages


def post(client, matter, data, name="照片.jpg", **more):
    url = reverse("services:matter_file_add", args=[matter.number])
    return client.post(url, {"upload": SimpleUploadedFile(name, data), "next": "/me/", **more})


def test_page__several_files_one_after_another__are_all_there(client, matter):
    client.force_login(matter.by)
    for data in (picture(), pdf(), picture((300, 200), "PNG")):
        response = post(client, matter, data)
        assert response.status_code == 302
        assert response.url == "/me/#papers"
    assert matter.files.count() == 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../a.jpg", "a.jpg"), ("长" * 200 + ".jpg", "长" * 60 + ".jpg"), ("😀.jpg", "😀.jpg")],
)
def test_page__odd_names__are_kept_tame(client, matter, name, shown):
    client.force_login(matter.by)
    post(client, matter, picture(), name)
    assert matter.files.get().title == shown


def test_page__refused_file__stays_on_a_form_that_says_how_to_mend_it(client, matter):
    paper = RequiredPaperFactory(kind=matter.kind)
    client.force_login(matter.by)
    response = post(client, matter, b"PK\x03\x04", "材料.docx", paper=paper.pk)
    text = response.content.decode()
    assert response.status_code == 200
    assert "请另存为 PDF" in text
    assert f'value="{paper.pk}" selected' in text
    assert (
        "请先选择"
        in client.post(
            reverse("services:matter_file_add", args=[matter.number]), {}
        ).content.decode()
    )


def test_page__twice_the_same__is_said_not_punished(client, matter):
    client.force_login(matter.by)
    post(client, matter, picture())
    response = post(client, matter, picture())
    assert response.status_code == 302
    assert matter.files.count() == 1


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_page__way_back_that_leads_away__is_not_followed(client, matter, target):
    client.force_login(matter.by)
    response = post(client, matter, picture(), next=target)
    assert "evil" not in response.url
    assert "javascript" not in response.url


def test_page__file__is_shown_safely_to_who_may(client, matter, clerk):
    file = added(matter)
    url = reverse("services:matter_file", args=[file.pk])
    for viewer in (matter.by, clerk):
        client.force_login(viewer)
        answer = client.get(url)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert client.get(f"{url}?save=1").headers["Content-Disposition"].startswith("attachment")
    for stranger in (UserFactory(), PostingFactory().user, UserFactory(auditor=True)):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
        assert post(client, matter, picture()).status_code == 404
        remove = reverse("services:matter_file_remove", args=[file.pk])
        assert client.post(remove).status_code == 404


def test_page__removing__works_and_is_refused_with_words(client, matter):
    file = added(matter)
    client.force_login(matter.by)
    url = reverse("services:matter_file_remove", args=[file.pk])
    assert client.get(url).status_code == 405
    client.post(url, {"next": "/me/"})
    assert matter.files.kept().exists()
    draft = HeldMatterFactory(draft=True)
    client.force_login(draft.by)
    mine = added(draft)
    client.post(reverse("services:matter_file_remove", args=[mine.pk]), {"next": "/me/"})
    assert not draft.files.kept().exists()


@pytest.fixture
def photo_paper(matter):
    return RequiredPaperFactory(kind=matter.kind, name="证件照片", is_photo=True)


def test_page__photo_that_can_be_mended__is_shown_mended_and_taken_with_one_tap(
    client, matter, photo_paper
):
    client.force_login(matter.by)
    page = post(client, matter, portrait((600, 800)), paper=photo_paper.pk)
    assert page.status_code == 200
    assert "已帮您调整好" in page.content.decode()
    assert "600×800" in page.content.decode()
    assert not matter.files.exists()
    preview, token = page.context["preview"], page.context["token"]
    assert client.get(preview).headers["Content-Type"] == "image/jpeg"
    take = reverse("services:matter_photo_take", args=[matter.number])
    assert client.post(take, {"photo": token, "next": "/me/"}).status_code == 302
    file = matter.files.get()
    assert file.paper == photo_paper
    assert 20 * 1024 <= file.size <= 50 * 1024
    client.force_login(UserFactory())
    assert client.get(preview).status_code == 404


def test_page__photo_that_cannot_be_mended__says_what_is_wrong(client, matter, photo_paper):
    client.force_login(matter.by)
    page = post(client, matter, portrait(background="#3f78c9"), paper=photo_paper.pk)
    text = page.content.decode()
    assert "背景偏蓝，须是白色" in text
    assert "已帮您调整好" not in text


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_page__forged_photo__is_not_found(client, matter, photo_paper, token):
    client.force_login(matter.by)
    take = reverse("services:matter_photo_take", args=[matter.number])
    assert client.post(take, {"photo": token}).status_code == 404


def test_list__many_files__costs_the_same_queries(rf, matter, django_assert_max_num_queries):
    from django.template import Context, Template

    template = Template('{% include "services/includes/matter_files.html" with may_change=True %}')
    for count in (1, 20):
        for _ in range(count):
            MatterFileFactory(matter=matter, paper=RequiredPaperFactory(kind=matter.kind))
        request = rf.get("/me/")
        request.user = matter.by
        with django_assert_max_num_queries(6):
            text = template.render(Context({"matter": matter, "request": request}))
        assert "上传这一份" in text
    request.user = PostingFactory(station=matter.station).user
    hidden = Template('{% include "services/includes/matter_files.html" with may_change=False %}')
    text = hidden.render(Context({"matter": matter, "request": request}))
    assert "上传这一份" not in text
    assert "移除" not in text
