"""Issued papers: what is signed holds, what was changed does not, and anyone can tell."""

import subprocess
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from services import papers
from services.actions import documents
from services.actions.documents import FileStanding, Standing
from services.enums import DocumentKind
from services.models import Document
from tests.factories.accounts import UserFactory
from tests.factories.network import PostingFactory
from tests.factories.papers import HeldMatterFactory
from veterans_portal import signing, throttling

pytestmark = pytest.mark.django_db
CONTENT = {
    "name": "王建国",
    "paragraphs": ["您提交的申请已受理。"],
    "rows": [("办理事项", "享受优待身份证明"), ("联系电话", "0510-12345678")],
    "items": ["身份证正反面"],
    "note": "凭本证明可享受优待。",
}


@pytest.fixture(autouse=True)
def _untried(settings):
    settings.VERIFY_TRIES = 5
    throttling._counted.update(minute=0, names={})


@pytest.fixture
def matter():
    return HeldMatterFactory()


@pytest.fixture
def document(matter):
    return issued(matter)


def issued(matter, **options):
    options = {"kind": DocumentKind.RECEIPT, "by": matter.by, "content": CONTENT} | options
    return documents.issue(matter=matter, **options)


def stored(document):
    return Document.objects.select_related("matter", "station").get(pk=document.pk)


def tampered(document, **values):
    """The row as somebody with the database's own key to everything would leave it."""
    with_triggers_off = "SET session_replication_role = replica"
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(with_triggers_off)
        Document.objects.filter(pk=document.pk).update(**values)
        cursor.execute("SET session_replication_role = DEFAULT")
    return stored(document)


def test_issue__paper__is_signed_audited_and_holds(document):
    kept = stored(document)
    assert documents.standing(kept) == Standing.VALID
    assert len(kept.code) == 16
    assert set(kept.code) <= set(documents.CODE_ALPHABET)
    assert documents.body_of(kept)["name"] == "王建国"
    entry = AuditEntry.objects.get(act="services.document_issued")
    assert "王建国" not in str(entry.detail)


def test_issue__content_nobody_prints__is_an_error_of_the_caller(matter):
    with pytest.raises(ValueError, match="unknown"):
        issued(matter, content={"name": "王建国", "colour": "red"})
    with pytest.raises(ValueError, match="name wanted"):
        issued(matter, content={"paragraphs": []})


@pytest.mark.parametrize(
    "change",
    [
        {"kind": DocumentKind.IDENTITY_PROOF},
        {"signature": "00" * 64},
        {"digest": "0" * 64},
        {"valid_until": timezone.localdate() + timedelta(days=900)},
        {"code": "2222222222222222"},
        {"content": "{}"},
        {"content": "not json"},
        {"issued_at": timezone.now() - timedelta(days=9)},
    ],
    ids=lambda change: "-".join(change),
)
def test_standing__anything_changed_in_the_row__is_not_valid(document, change):
    assert documents.standing(tampered(document, **change)) == Standing.ALTERED


def test_standing__content_of_another_paper__is_not_valid(document):
    other = issued(HeldMatterFactory())
    stolen = {name: getattr(other, name) for name in ("content", "digest", "signature")}
    assert documents.standing(tampered(document, **stolen)) == Standing.ALTERED


def test_standing__days__decide(document, matter):
    past = issued(matter, valid_until=timezone.localdate() - timedelta(days=1))
    last_day = issued(matter, valid_until=timezone.localdate())
    assert documents.standing(stored(past)) == Standing.EXPIRED
    assert documents.standing(stored(last_day)) == Standing.VALID


def test_standing__key_that_is_gone__is_not_called_forged(document, settings):
    settings.SIGNING_KEYS = {}
    assert documents.standing(stored(document)) == Standing.UNSURE


def test_standing__after_rotation_of_both_kinds_of_keys__still_holds(document, settings):
    name, _, public = settings.SIGNING_KEYS["t1"].split(":")
    settings.SIGNING_KEYS = {"t1": f"{name}::{public}", "k2": signing.new_key()}
    settings.SIGNING_KEY_ID = "k2"
    settings.CRYPTO_KEY_ID = "t2"
    call_command("rotate_keys")
    assert documents.standing(stored(document)) == Standing.VALID
    assert documents.standing(stored(issued(document.matter))) == Standing.VALID


def test_database__issued_paper__stands_as_it_is(document):
    for change in ({"digest": "0" * 64}, {"code": "2" * 16}, {"signature": ""}):
        with pytest.raises(InternalError), transaction.atomic():
            Document.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        document.delete()


def test_revoke__with_a_reason__is_final_and_told(document):
    by = PostingFactory(station=document.station).user
    with pytest.raises(documents.DocumentError, match="原因"):
        documents.revoke(document=document, by=by, reason=" ")
    documents.revoke(document=document, by=by, reason="身份已变更")
    assert documents.standing(stored(document)) == Standing.REVOKED
    with pytest.raises(documents.DocumentError, match="已经作废"):
        documents.revoke(document=document, by=by, reason="再一次")
    assert AuditEntry.objects.filter(act="services.document_revoked").count() == 1


@pytest.mark.parametrize(
    "write", [str, str.lower, documents.grouped, lambda c: f" {c[:8]}-{c[8:]} "]
)
def test_find__code_as_people_copy_it__is_found(document, write):
    assert documents.find(write(document.code)) == document


@pytest.mark.parametrize(
    "text", ["", None, "ABC", "2" * 16, "2" * 28, "😀" * 16, "a\x00b", "１" * 16]
)
def test_find__anything_else__is_not(document, text):
    assert documents.find(text) is None


# --- the PDF


def made(document, url="https://portal.example/verify/x/"):
    return papers.pdf(stored(document), verify_url=url, verify_at="portal.example/verify")


def words_of(pdf):
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def has_pdftotext():
    from shutil import which

    return which("pdftotext") is not None


@pytest.mark.skipif(not has_pdftotext(), reason="no pdftotext on this machine")
def test_pdf__paper__says_everything_that_was_signed(document):
    words = words_of(made(document))
    for part in ("收件凭证", "王建国：", "您提交的申请已受理。", "享受优待身份证明", "身份证正反面",
                 document.station.name, document.code, document.digest):  # fmt: skip
        assert part in words


def test_pdf__page__is_a4_and_opens_everywhere(document):
    with pikepdf.open(BytesIO(made(document))) as pdf:
        box = [float(each) for each in pdf.pages[0].mediabox]
        assert (round(box[2]), round(box[3])) == (595, 842)
        assert not pdf.docinfo.get("/CreationDate") or "20" in str(pdf.docinfo["/CreationDate"])


def test_pdf__drawn_twice__is_the_same_but_for_nothing(document):
    assert documents.SEAL.sub(b"", made(document)) == documents.SEAL.sub(b"", made(document))


def test_pdf__rare_characters_of_names__are_in_the_font():
    assert all(papers.has_glyph(each) for each in "䶮㛃䜣骉镕堃喆垚頔昇𠮷·王ABC019，。：《》〔〕①")


@pytest.mark.skipif(not has_pdftotext(), reason="no pdftotext on this machine")
def test_pdf__character_without_a_type__is_shown_as_missing_with_a_note(matter):
    words = words_of(made(issued(matter, content={"name": "王\U0003134a😀"})))
    assert "王〓〓" in words
    assert "以身份证等证件上的为准" in words


def test_pdf__markup_and_formulas__are_plain_words(matter):
    hostile = '#import "x" = 标题 $1+1$ <b>粗</b> \\ @cite `raw` /* */ {{ }} \x00 ' + "长" * 3000
    pdf = made(issued(matter, content={"name": hostile[:60], "paragraphs": [hostile],
                                       "rows": [(hostile[:40], hostile[:40])]}))  # fmt: skip
    with pikepdf.open(BytesIO(pdf)) as kept:
        assert len(kept.pages) > 1


# --- a file that somebody holds


def test_check_file__as_it_was_given_out__is_intact(document):
    check = documents.check_file(made(document))
    assert (check.standing, check.document) == (FileStanding.INTACT, document)


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1),
        lambda pdf: pdf[:500] + bytes([pdf[500] ^ 1]) + pdf[501:],
        lambda pdf: b"x" + pdf,
    ],
)
def test_check_file__one_byte_changed__is_said_plainly(document, change):
    assert documents.check_file(change(made(document))).standing == FileStanding.CHANGED


def test_check_file__seal_of_another_paper__does_not_fit(document):
    other = made(issued(HeldMatterFactory()))
    body = documents.SEAL.sub(b"", made(document))
    swapped = body + documents.SEAL.search(other)[0]
    assert documents.check_file(swapped).standing == FileStanding.CHANGED


def test_check_file__saved_anew__is_no_accusation(document):
    out = BytesIO()
    with pikepdf.open(BytesIO(made(document))) as pdf:
        pdf.save(out)
    assert documents.check_file(out.getvalue()).standing == FileStanding.UNSEALED
    assert documents.check_file(b"%PDF-1.7 nothing").standing == FileStanding.UNSEALED


# --- pages


@pytest.mark.urls("veterans_portal.urls")
def test_verify_page__code__leads_to_the_paper_masked_and_hidden_from_search(client, document):
    response = client.get(reverse("services:verify"), {"code": documents.grouped(document.code)})
    assert response.status_code == 302
    page = client.get(response.url)
    text = page.content.decode()
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    for part in ("签名有效", "收件凭证", document.station.name, "王*国", document.digest):
        assert part in text
    assert "王建国" not in text
    assert "noindex" in text


def test_verify_page__small_letters_in_the_address__lead_to_the_code(client, document):
    url = reverse("services:verify_code", args=[document.code.lower()])
    assert client.get(url).url == reverse("services:verify_code", args=[document.code])


@pytest.mark.parametrize(
    "code", ["ABC", "2" * 16, quote("<script>alert(1)</script>", safe=""), "😀"]
)
def test_verify_page__unknown_code__stays_with_a_kind_word(client, code):
    page = client.get(reverse("services:verify"), {"code": code})
    assert page.status_code == 200
    assert "没有查到这个校验码" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_verify_page__sixth_wrong_code_in_a_minute__waits_even_for_a_right_one(client, document):
    for _ in range(5):
        assert client.get(reverse("services:verify"), {"code": "2" * 16}).status_code == 200
    right = reverse("services:verify_code", args=[document.code])
    assert client.get(right).status_code == 429
    assert "请过一分钟再试" in client.get(right).content.decode()


def test_verify_page__right_codes__are_not_counted(client, document):
    url = reverse("services:verify_code", args=[document.code])
    assert {client.get(url).status_code for _ in range(8)} == {200}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"content": "{}"}, "无效，请不要采信"),
        ({"signature": "00"}, "无效，请不要采信"),
        ({"revoked_at": timezone.now(), "revoked_reason": "王建国身份已变更"}, "已经作废"),
    ],
)
def test_verify_page__paper_that_does_not_hold__says_so(client, document, change, words):
    tampered(document, **change)
    text = client.get(reverse("services:verify_code", args=[document.code])).content.decode()
    assert words in text
    assert "身份已变更" not in text
    if "采信" in words:
        assert "签名有效" not in text


def test_verify_page__file__is_checked_and_counted(client, document):
    url = reverse("services:verify")
    file = lambda data: {"file": SimpleUploadedFile("证明.pdf", data)}  # noqa: E731
    good = made(document)
    assert "没有改动" in client.post(url, file(good)).content.decode()
    changed = client.post(url, file(good[:900] + b"x" + good[901:])).content.decode()
    assert "请不要采信" in changed
    assert "王*国" not in changed
    assert "不是 PDF 文件" in client.post(url, file(b"hello")).content.decode()
    assert "请选择文书" in client.post(url, {}).content.decode()
    assert client.post(url, file(good)).status_code == 200
    assert client.post(url, file(good)).status_code == 429


def test_download__holder_and_staff_in_scope__others_not(client, document):
    url = reverse("services:document_pdf", args=[document.code])
    assert client.get(url).status_code == 302
    client.force_login(document.matter.by)
    answer = client.get(url)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert documents.check_file(answer.content).standing == FileStanding.INTACT
    assert not AuditEntry.objects.filter(act="services.document_read").exists()
    client.force_login(PostingFactory(station=document.station).user)
    assert client.get(f"{url}?save=1").headers["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.filter(act="services.document_read").count() == 1
    for stranger in (UserFactory(), PostingFactory().user, UserFactory(auditor=True)):
        client.force_login(stranger)
        assert client.get(url).status_code == 404


def test_download__altered_paper__is_not_given_out(client, document):
    tampered(document, content="{}")
    client.force_login(document.matter.by)
    assert client.get(reverse("services:document_pdf", args=[document.code])).status_code == 404
