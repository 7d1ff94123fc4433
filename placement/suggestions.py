"""Which vacancies to show a person first, and why. Pure words over the CV and the file."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from placement.enums.fairs import Education
from placement.models import Vacancy

LOOKED_AT = 300
SHOWN = 8


@dataclass(frozen=True)
class Suggestion:
    """A vacancy with the sentences that speak for it."""

    vacancy: Vacancy
    reasons: list


def suggestions_for(person, cv, *, taken=(), on=None):
    """The vacancies that fit a person best, each with its reasons; none without a CV.

    `taken` are the ids of those they have an open intention for.
    """
    if cv is None:
        return []
    near = Q(field__in=cv.wanted_fields) | Q(veterans_only=True)
    if cv.division_id:
        near |= Q(division=cv.division_id)
    found = Vacancy.objects.open(on).filter(near).exclude(pk__in=list(taken)).with_all()
    judged = [
        Suggestion(each, reasons)
        for each in found.order_by("-submitted_at")[:LOOKED_AT]
        if (reasons := reasons_for(each, person, cv, on=on))
    ]
    return sorted(judged, key=lambda each: -len(each.reasons))[:SHOWN]


def reasons_for(vacancy, person, cv, *, on=None):
    """The sentences that speak for a vacancy; none at all when something rules it out."""
    if vacancy.education > cv.education:
        return []
    age = person.age(on or timezone.localdate())
    if vacancy.age_to is not None and age > vacancy.age_to:
        return []
    said = []
    if vacancy.field in cv.wanted_fields:
        said.append(f"行业是您想做的{vacancy.get_field_display()}")
    if cv.division_id and vacancy.division_id == cv.division_id:
        said.append(f"在您想去的{vacancy.division.name}")
    if cv.pay_from and (vacancy.pay_to or vacancy.pay_from or 0) >= cv.pay_from:
        said.append(f"月薪（{vacancy.pay_words}）够得上您的期望")
    if vacancy.veterans_only:
        said.append("专招退役军人")
    if not said:
        return []
    if vacancy.education > Education.ANY:
        said.append(f"学历（{vacancy.get_education_display()}）符合要求")
    if vacancy.age_to is not None:
        said.append(f"年龄（不超过{vacancy.age_to}岁）符合要求")
    return said
