"""What matters with the card form do: apply, replace, report lost (`domain.md` B.4)."""

from django.db import IntegrityError, transaction

from accounts import private_files
from services import card_rules, matter_kinds
from services.actions import persons
from services.actions.cards.losing import lose_for_good, report_loss
from services.actions.cards.moving import CardError, current_card, locked, record_step, step
from services.enums import CARD_ENDED, CardKind, CardState, Outcome
from services.models import Card
from services.perms import scope_of

AT_THE_BANK = ("CHIP", "FACE")
BEFORE_REVIEW = [CardState.SUBMITTED, CardState.NEED_FIX, CardState.TOWN_ACCEPTED]


def on_submitted(matter, *, by):
    """Apply, check the wish for another card, or report the loss at once."""
    person = matter.person
    if person is None:
        raise CardError("办理优待证要先有档案。请先登记建档，再来办理。", code="no_file")
    person = persons.locked(person)
    if not person.is_filed:
        raise CardError(
            f"档案现在是“{person.get_state_display()}”，建档完成后才能办理优待证。"
            f"有疑问请拨打{matter.station.phone or '12345'}。",
            code="not_filed",
        )
    _SUBMITTED[_variant(matter)](matter, person, by)


def on_accepted(matter, *, by):
    """The town (or above) accepts: the application goes up, the old card ends, the loss is final."""
    _require_town(matter, by)
    _ACCEPTED[_variant(matter)](matter, by)


def on_supplement_asked(matter, *, by):
    """Papers are wanted: the application waits for them. The matter itself tells the person."""
    card = _card_of(matter)
    if card is not None and card.state == CardState.SUBMITTED:
        step(locked(card), CardState.NEED_FIX, by=by, tell=False)


def on_supplemented(matter, *, by):
    """The papers are there: it waits for the town again."""
    card = _card_of(matter)
    if card is not None and card.state == CardState.NEED_FIX:
        step(locked(card), CardState.SUBMITTED, by=by, tell=False)


def on_done(matter, *, by):
    """Refused: the application ends. Granted: it goes its way, which may take longer."""
    card = _card_of(matter)
    if card is None or card.state in CARD_ENDED or matter.outcome != Outcome.REFUSED:
        return
    card = locked(card)
    step(card, CardState.REJECTED, by=by, note=matter.result[:200] or "不符合申领条件")


def on_ended(matter, *, by):
    """Withdrawn, returned or not accepted: an application that is not yet under review ends."""
    card = _card_of(matter)
    if card is None or card.state in CARD_ENDED:
        return
    card = locked(card)
    if card.state not in BEFORE_REVIEW:
        raise CardError(
            f"优待证申请已经到“{card.get_state_display()}”，不能撤回。请拨打"
            f"{card.station.phone or '12345'}说明情况。",
            code="under_review",
        )
    step(card, CardState.CANCELLED, by=by, note=matter.ended_reason[:200], tell=False)


def _variant(matter):
    """Kinds with this form that the code does not know by name are applications."""
    return matter.kind_id if matter.kind_id in _SUBMITTED else matter_kinds.CARD_APPLY


def _card_of(matter):
    return Card.objects.filter(matter=matter).first()


def _apply(matter, person, by):
    answers = matter.answers
    kind = answers.get("card_kind", CardKind.VETERAN)
    _require_right(person, kind)
    if answers.get("home_reason") == "AGED" and person.age() < card_rules.HOME_VISIT_AGE:
        raise CardError(
            f"档案里的年龄是{person.age()}岁，不到{card_rules.HOME_VISIT_AGE}岁。行动不便的，请选“重病”"
            "或“卧床、行动不便”。",
            code="not_aged",
            field="home_reason",
        )
    standing = current_card(person)
    if standing is not None:
        raise CardError(_has_one(standing), code="has_card")
    card = Card(
        person=person, station=matter.station, matter=matter, kind=kind,
        home_visit=bool(answers.get("home_reason")),
    )  # fmt: skip
    _create(card, by)


def _wish_replacement(matter, person, by):
    reason, old = matter.answers.get("reason"), current_card(person)
    if reason in AT_THE_BANK:
        raise CardError(
            "芯片读不出、卡面损坏的，请带身份证和旧卡到发卡银行网点换领，不用在这里申请。"
            "找不到网点请拨打12345。",
            code="at_the_bank",
            field="reason",
        )
    if old is None:
        raise CardError("平台里没有您领过优待证的记录。没领过的请办“优待证申领”。", code="no_card")
    if reason == "LOST" and old.state != CardState.LOST:
        raise CardError(
            "补领要先正式挂失。请先办“优待证挂失”，选“正式挂失”，再来补领。", code="not_lost"
        )
    if reason != "LOST" and old.state != CardState.ISSUED:
        raise CardError(_has_one(old), code="has_card")
    if reason == "KIND":
        _require_right(person, _other(old.kind))


def _report(matter, person, by):
    card = current_card(person)
    if card is None or card.state not in (CardState.ISSUED, CardState.TEMP_LOST):
        raise CardError(
            "平台里没有您正在使用的优待证，不用挂失。" if card is None else _has_one(card),
            code="no_card",
        )
    days = matter.answers.get("days") or card_rules.LOSS_DAYS[1]
    report_loss(card=card, by=by, days=int(days))


def _pass_up(matter, by):
    card = _card_of(matter)
    if card is None:
        raise CardError("这件事没有对应的优待证申请，请重新录入。", code="no_card")
    step(locked(card), CardState.TOWN_ACCEPTED, by=by, photo=_copied_photo(matter))


def _replace(matter, by):
    person = persons.locked(matter.person)
    old = current_card(person)
    _wish_replacement(matter, person, by)
    old = step(locked(old), CardState.REPLACED, by=by, note=f"办件{matter.number}", tell=False)
    kind = _other(old.kind) if matter.answers.get("reason") == "KIND" else old.kind
    card = Card(
        person=person, station=matter.station, matter=matter, kind=kind, replaces=old,
    )  # fmt: skip
    _create(card, by)
    step(card, CardState.TOWN_ACCEPTED, by=by, photo=_copied_photo(matter))


def _make_final(matter, by):
    if matter.answers.get("loss") == "FORMAL":
        card = current_card(persons.locked(matter.person))
        if card is not None:
            lose_for_good(card=card, by=by)


def _create(card, by):
    try:
        with transaction.atomic():
            card.save(force_insert=True)
    except IntegrityError as clash:
        raise CardError(
            "此人已有一张优待证或一份在办的申请，请刷新页面查看。", code="has_card"
        ) from clash
    record_step(card, by=by, tell=False)


def _copied_photo(matter):
    """A copy of the photo that was handed in, kept with the card; "" without one."""
    file = matter.files.kept().filter(paper__is_photo=True).order_by("-at").first()
    if file is None:
        return ""
    return private_files.keep(private_files.fetch(file.stored_as), lasting=True)


def _require_right(person, kind):
    held = person.identities.filter(valid_to__isnull=True).values_list("category", flat=True)
    if kind not in card_rules.kinds_for(held):
        raise CardError(
            f"档案里没有能申领“{CardKind(kind).label}”的身份。请先办“档案身份变更”登记身份，"
            "或另选一种卡。",
            code="no_right",
            field="card_kind",
        )


def _require_town(matter, by):
    """Cards are accepted by the town's station or above (`domain.md` B.4), not by a village."""
    town = card_rules.path_of_tier(matter.station.path, card_rules.TOWN)
    if not scope_of(by).covers(town):
        raise CardError(
            "优待证由镇（街道）服务站受理。请告诉镇街的同事，办件已在他们的列表里。",
            code="not_the_town",
        )


def _has_one(card):
    words = {
        CardState.ISSUED: "您已经领到优待证",
        CardState.TEMP_LOST: "您的优待证正在临时挂失",
        CardState.LOST: "您的优待证已正式挂失，请办“优待证补领、换领”",
    }
    said = words.get(card.state, f"您的优待证申请正在办理（{card.get_state_display()}）")
    return f"{said}，可在“我的优待证”查看进度。"


def _other(kind):
    return CardKind.BEREAVED if kind == CardKind.VETERAN else CardKind.VETERAN


_SUBMITTED = {
    matter_kinds.CARD_APPLY: _apply,
    matter_kinds.CARD_REPLACE: _wish_replacement,
    matter_kinds.CARD_LOSS: _report,
}
_ACCEPTED = {
    matter_kinds.CARD_APPLY: _pass_up,
    matter_kinds.CARD_REPLACE: _replace,
    matter_kinds.CARD_LOSS: _make_final,
}
