"""享受优待身份证明: a signed paper with the verified identities of a file, for a limited time."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from services.actions import documents
from services.enums import DocumentKind, Outcome
from services.matter_words import answer_rows
from veterans_portal import chinese_dates
from veterans_portal.errors import DomainError
from veterans_portal.masking import mask_id_number


class ProofError(DomainError):
    """A proof of identity cannot be given."""

    code = "proof_refused"


def on_submitted(matter, *, by):
    """Refuse, and say what to do first, when the file holds nothing that could be proved."""
    _proved(matter)


def on_done(matter, *, by):
    """Granted: issue the proof, valid for `settings.PROOF_VALID_DAYS` days; anyone can verify it."""
    if matter.outcome != Outcome.GRANTED:
        return
    identities = _proved(matter)
    person, today = matter.person, timezone.localdate()
    until = today + timedelta(days=settings.PROOF_VALID_DAYS)
    rows = [
        ("姓名", person.name),
        ("身份证号", mask_id_number(person.id_number)),
        ("身份", "、".join(each.get_category_display() for each in identities)),
        *answer_rows(matter),
        ("有效期至", chinese_dates.plain(until)),
    ]
    documents.issue(
        matter=matter, kind=DocumentKind.IDENTITY_PROOF, by=by, valid_until=until,
        content={
            "name": person.name,
            "paragraphs": [
                f"兹证明{person.name}在{person.station.name}建档立卡，下列身份已经核验，"
                "按规定享受相应的优待。"
            ],
            "rows": rows,
            "note": "请与本人身份证一起使用。凭校验码可以在网上验真，过期无效。",
        },
    )  # fmt: skip


def _proved(matter):
    """The identities that hold today and are verified. Raises ProofError when there is none."""
    person = matter.person
    if person is None:
        raise ProofError("办这件事要先有档案。请先登记建档，再来办理。", code="no_file")
    phone = matter.station.phone or "12345"
    if not person.is_filed:
        raise ProofError(
            f"档案现在是“{person.get_state_display()}”，建档完成后才能开证明。有疑问请拨打{phone}。",
            code="not_filed",
        )
    found = list(person.identities.valid())
    if not found:
        raise ProofError(
            "您档案里的身份还没有核验，暂时开不了证明。请带退役证等证件到服务站核验，"
            f"或拨打{phone}问怎么办。",
            code="no_verified_identity",
        )
    return found
