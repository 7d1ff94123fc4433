"""The questions of each kind of matter: what they take, what they explain, how they say it back."""

import json
from datetime import date

import pytest

from services.forms.matters import form_for
from services.matter_kinds import rows
from services.matter_words import rows_of
from services.models import MatterKind
from tests.factories.persons import IdentityFactory, PersonFactory

# One good set of answers per kind of the data file.
GOOD = {
    "policy-consultation": {"topic": "PENSION", "question": "60岁有补助吗？", "reply_by": "PHONE"},
    "card-apply": {"card_kind": "VETERAN", "home_reason": "AGED"},
    "card-replace": {"reason": "LOST"},
    "card-loss": {"loss": "TEMPORARY", "days": "15", "lost_on": "2026-11-01"},
    "hardship": {"kinds": ["MEDICAL", "LIVING"], "situation": "做了手术", "household": "3",
                 "visit": "HOME"},
    "file-address": {"address": "幸福路8号", "reason": "搬家"},
    "file-identity": {"change": "ADD", "category": "DISABLED_SOLDIER", "evidence": "残疾军人证",
                      "evidence_number": "苏军A012345", "valid_from": "2010-01-02"},
    "moving-away": {"to_place": "苏州市", "why": "HUKOU", "moved_on": "2026-10-01"},
    "identity-proof": {"purpose": "SIGHTS"},
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "😀" * 2000,
    "a\0b",
    "9" * 28,
    "'; DROP TABLE--",
    "‮abc",
]


def kind(code):
    row = next(each for each in rows() if each["code"] == code)
    return MatterKind(code=code, name=row["name"], form=row["form"])


def filled(code, person=None, **changes):
    return form_for(kind(code))(GOOD[code] | changes, person=person)


@pytest.mark.parametrize("code", GOOD)
def test_form__good_answers__are_plain_values(code):
    form = filled(code)
    assert form.is_valid(), form.errors
    assert json.loads(json.dumps(form.answers, ensure_ascii=False)) == form.answers
    assert form.answers


@pytest.mark.parametrize("code", GOOD)
def test_form__its_own_answers_again__are_good_and_the_same(code):
    answers = filled(code)
    answers.is_valid()
    again = form_for(kind(code))(answers.answers)
    assert again.is_valid(), again.errors
    assert again.answers == answers.answers


@pytest.mark.parametrize("code", GOOD)
def test_form__nothing_typed__explains_itself_in_chinese(code):
    form = form_for(kind(code))({})
    assert not form.is_valid()
    assert all("请" in text for texts in form.errors.values() for text in texts)


@pytest.mark.parametrize("code", GOOD)
@pytest.mark.parametrize("typed", HOSTILE)
def test_form__hostile_input__neither_breaks_nor_passes_unseen(code, typed):
    form = form_for(kind(code))(dict.fromkeys(form_for(kind(code)).base_fields, typed))
    form.is_valid()
    draft = form.draft_answers()
    assert "\0" not in json.dumps(draft, ensure_ascii=False).replace("\\u0000", "\0")
    assert all(len(str(value)) <= 2100 for value in draft.values())


@pytest.mark.parametrize("code", GOOD)
def test_words__of_answers__are_labels_not_codes(code):
    form = filled(code)
    assert form.is_valid()
    said = rows_of(form, form.answers)
    assert said
    for label, value in said:
        assert label
        assert value not in {"PENSION", "VETERAN", "AGED", "LOST", "TEMPORARY", "ADD", "HUKOU"}


def test_words__dates_lists_and_numbers__read_well():
    form = filled("hardship")
    form.is_valid()
    said = dict(rows_of(form, form.answers))
    assert said["遇到哪方面的困难"] == "医疗、生活"
    assert said["家里几口人"] == "3"
    form = filled("moving-away")
    form.is_valid()
    assert dict(rows_of(form, form.answers))["迁移日期"] == "2026年10月1日"


def test_words__certificate_number_and_phone__are_masked():
    form = filled("file-identity")
    form.is_valid()
    assert dict(rows_of(form, form.answers))["证明编号"] == "苏军****45"
    form = filled("file-address", phone="13812345678")
    form.is_valid()
    assert "138****5678" in dict(rows_of(form, form.answers)).values()


def test_words__of_a_draft__survive_what_is_no_date():
    form = form_for(kind("moving-away"))()
    assert dict(rows_of(form, {"moved_on": "去年"}))["迁移日期"] == "去年"


def test_draft__half_filled__keeps_what_was_typed():
    form = filled("card-loss", days="99", loss="")
    assert not form.is_valid()
    assert form.draft_answers() == {"days": "99", "loss": "", "lost_on": "2026-11-01"}


@pytest.mark.parametrize(
    ("code", "changes", "field"),
    [
        ("card-replace", {"reason": "OTHER"}, "note"),
        ("card-loss", {"days": ""}, "days"),
        ("card-loss", {"days": "4"}, "days"),
        ("card-loss", {"days": "16"}, "days"),
        ("card-loss", {"lost_on": "2999-01-01"}, "lost_on"),
        ("file-address", {"address": ""}, "address"),
        ("file-address", {"phone": "1381234567"}, "phone"),
        ("file-identity", {"evidence": ""}, "evidence"),
        ("file-identity", {"change": "END"}, "valid_to"),
        ("identity-proof", {"purpose": "OTHER"}, "purpose_note"),
        ("hardship", {"household": "0"}, "household"),
        ("hardship", {"kinds": ["NO"]}, "kinds"),
    ],
)
def test_form__what_does_not_fit__is_said_at_the_field(code, changes, field):
    form = filled(code, **changes)
    assert not form.is_valid()
    assert field in form.errors


def test_loss__formal__needs_no_days():
    form = filled("card-loss", loss="FORMAL")
    assert form.is_valid()
    assert "days" not in form.answers


@pytest.mark.django_db
def test_identity__already_in_the_file__is_said():
    identity = IdentityFactory()
    form = filled("file-identity", person=identity.person, category=identity.category)
    assert "不用再增加" in form.errors["category"][0]


@pytest.mark.django_db
def test_identity__not_in_the_file__cannot_end():
    form = filled("file-identity", person=PersonFactory(), change="END",
                  valid_to=date(2026, 1, 1).isoformat())  # fmt: skip
    assert "档案里没有" in form.errors["category"][0]
