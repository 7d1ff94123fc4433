"""What matters about a registration file do to it: new facts, an identity, moving away.

The matter's clerk asks, the file's own acts decide: facts by the reviewer above
(`services.actions.changes`), identities by their evidence, moving away by the reviewer
(`domain.md` B.2). The matter is done as granted only when the file says so.
"""

from django.db.models import Q
from django.utils import timezone

from accounts import messages
from accounts.models import User
from services import matter_kinds, perms
from services.actions import changes, identities, persons
from services.enums import ChangeState, FileState, Outcome, Role
from services.forms.matters import AddressForm
from services.models import Identity
from veterans_portal.errors import DomainError


class FileChangeError(DomainError):
    """A rule about a matter that changes a file refuses."""

    code = "file_change_refused"


def on_submitted(matter, *, by):
    """Refuse what nobody could decide: no file, or one that is not in force."""
    person = matter.person
    if person is None:
        raise FileChangeError("办这件事要先有档案。请先登记建档，再来办理。", code="no_file")
    if not person.is_filed:
        raise FileChangeError(
            f"档案现在是“{person.get_state_display()}”，建档完成后才能变更。"
            f"有疑问请拨打{matter.station.phone or '12345'}。",
            code="not_filed",
        )


def on_accepted(matter, *, by):
    """Ask for the new facts, declare the identity, or call the reviewer to move the file out."""
    _ASK[_variant(matter)](matter, by)


def on_done(matter, *, by):
    """Granted: the file must say so, or is made to now. Refused: nothing is left open."""
    if matter.outcome == Outcome.GRANTED:
        _GRANT[_variant(matter)](matter, by)
    else:
        _drop(matter, by)


def on_ended(matter, *, by):
    """Withdrawn or sent back: a correction still open ends with it."""
    _drop(matter, by)


def _variant(matter):
    """Kinds with this form that the code does not know by name change facts."""
    return matter.kind_id if matter.kind_id in _ASK else matter_kinds.FILE_ADDRESS


def _ask_facts(matter, by):
    why = f"{matter.answers.get('reason', '本人申请')}（办件{matter.number}）"
    changes.ask_change(
        person=matter.person, by=by, wanted=AddressForm.facts(matter.answers), reason=why[:200],
        matter=matter,
    )  # fmt: skip


def _ask_identity(matter, by):
    answers = matter.answers
    if answers.get("change") != "ADD" or _open_identity(matter) is not None:
        return
    identities.declare_identity(
        person=matter.person, category=answers["category"], by=by,
        evidence=answers.get("evidence", ""), evidence_number=answers.get("evidence_number", ""),
        valid_from=_day(answers.get("valid_from")),
    )  # fmt: skip


def _ask_moving(matter, by):
    """Tell the reviewers: a file that leaves is theirs to close."""
    for reviewer in _reviewers(matter.person.station):
        if reviewer.pk == by.pk:
            continue
        messages.tell(
            to=reviewer, kind="services.moving_away_asked", title="有一份档案申请转出",
            body=f"{matter.person.station.name}受理了转出申请（办件{matter.number}），"
                 "请核对后在档案页办理转出。",
            about=matter, url=matter.person.get_absolute_url(),
        )  # fmt: skip


def _grant_facts(matter, by):
    change = getattr(matter, "change", None)
    if change is None or change.state in (ChangeState.WITHDRAWN, ChangeState.REFUSED):
        raise FileChangeError(
            "这份变更没有被采纳，请按“不予”办结并写明原因。", code="change_not_taken"
        )
    if change.state == ChangeState.OPEN:
        raise FileChangeError(
            "档案变更还在等上一级审核，审核通过后再办结。", code="change_still_open"
        )


def _grant_identity(matter, by):
    answers, identity = matter.answers, _open_identity(matter)
    if answers.get("change") == "END":
        if identity is not None:
            identities.end_identity(
                identity=identity, by=by, valid_to=_day(answers["valid_to"]),
                reason=f"办件{matter.number}",
            )  # fmt: skip
        return
    if identity is None:
        raise FileChangeError("档案里没有登记这一身份，请先在档案页登记。", code="no_identity")
    if not identity.is_verified:
        identities.verify_identity(
            identity=identity, by=by, evidence=identity.evidence or answers.get("evidence", "")
        )


def _grant_moving(matter, by):
    """Move the file out unless the reviewer has done so at the file's page."""
    if persons.locked(matter.person).state != FileState.MOVED:
        place = matter.answers.get("to_place", "外地")
        persons.move_out(
            person=matter.person, by=by, reason=f"迁往{place}（办件{matter.number}）"[:100]
        )


def _drop(matter, by):
    change = getattr(matter, "change", None)
    if change is not None and change.state == ChangeState.OPEN:
        changes.drop_change(change=change, by=by)


def _open_identity(matter):
    """The identity the matter is about, as it stands open in the file, or None."""
    return Identity.objects.filter(
        person=matter.person, category=matter.answers.get("category"), valid_to__isnull=True
    ).first()


def _day(text):
    """A day out of the answers; None stays None."""
    return Identity._meta.get_field("valid_to").to_python(text)


def _reviewers(station):
    """Who reviews the files of a station: reviewers and heads nearest above, in office today."""
    today = timezone.localdate()
    return User.objects.filter(
        Q(postings__until__isnull=True) | Q(postings__until__gt=today),
        postings__since__lte=today,
        postings__role__in=[Role.REVIEWER, Role.HEAD],
        postings__station__path=perms.review_path(station),
        is_active=True,
    ).distinct()


_ASK = {
    matter_kinds.FILE_ADDRESS: _ask_facts,
    matter_kinds.FILE_IDENTITY: _ask_identity,
    matter_kinds.MOVING_AWAY: _ask_moving,
}
_GRANT = {
    matter_kinds.FILE_ADDRESS: _grant_facts,
    matter_kinds.FILE_IDENTITY: _grant_identity,
    matter_kinds.MOVING_AWAY: _grant_moving,
}
