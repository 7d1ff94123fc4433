"""The terms of placement: entered by the city's head, dated, never changed."""

from django.db import IntegrityError, transaction

from accounts import audit
from placement import perms
from placement.actions.cases.trail import CaseError


@transaction.atomic
def enter_terms(*, terms, by):
    """Enter terms (unsaved PlacementTerms) that hold from their day on; those before stay as they are."""
    if not perms.may_keep_terms(by):
        raise CaseError("请由市级负责人填写安置期限。", code="not_allowed")
    terms.entered_by = by
    try:
        with transaction.atomic():
            terms.save(force_insert=True)
    except IntegrityError as taken:
        raise CaseError(
            "这一天起的期限已经有了，填错了请另填一个施行日期。", field="effective_from"
        ) from taken
    audit.record("placement.terms_entered", terms, by=by, detail={"from": terms.effective_from.isoformat()})  # fmt: skip
    return terms
