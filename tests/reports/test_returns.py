"""A return's life: draft, checks, filing, sending back by indicator, accepting, versions."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, Message
from reports.actions import returns as acts
from reports.actions.returns import Entry, FiguresRefusedError, StaleReturnError
from reports.catalogue import INDICATORS
from reports.enums import ReturnState
from reports.models import BEYOND_WHOLE, Figure, Return
from services.enums import Role
from tests.reports.conftest import MAY
from veterans_portal.errors import DomainError

CORE_TYPED = ["SVC-06", "SVC-09", "SVC-10", "SVC-12", "SVC-13", "SVC-14", "SVC-15"]


def noughts(**over):
    entries = {code: Entry(Decimal(0)) for code in CORE_TYPED}
    return entries | {code.replace("_", "-"): entry for code, entry in over.items()}


def fill(of, by, **over):
    return acts.file_return(of=of, version=of.version, entries=noughts(**over), by=by)


@pytest.fixture
def clerk(staff):
    return staff("a1x")


@pytest.fixture
def reviewer(staff):
    return staff("a1", Role.REVIEWER)


def refused(of, by, act=acts.file_return, **over):
    with pytest.raises(FiguresRefusedError) as error:
        act(of=of, version=of.version, entries=noughts(**over), by=by)
    return error.value.problems


def test_save__draft_with_gaps__keeps_what_was_typed_and_a_version(june, clerk):
    of = june.of("a1x")
    entries = {"SVC-06": Entry(Decimal(12), reason=" 集中走访 ")}
    saved = acts.save_return(of=of, version=of.version, entries=entries, by=clerk)
    assert saved.state == ReturnState.DRAFT
    assert saved.version == of.version + 1
    figure = saved.figures.get(code="SVC-06")
    assert (figure.typed_value, figure.reason) == (12, "集中走访")
    version = saved.versions.first()
    assert (version.act, version.by) == ("SAVED", clerk)
    assert version.figures["SVC-06"] == {"typed": 12, "reason": "集中走访"}
    assert AuditEntry.objects.about(saved).first().act == "reports.return_saved"


def test_save__system_figure_typed_again__is_no_override(june, clerk):
    of = june.of("a1x")
    saved = acts.save_return(
        of=of, version=of.version, entries={"SVC-01": Entry(Decimal(1))}, by=clerk
    )
    assert saved.figures.get(code="SVC-01").typed_value is None


def test_save__override_without_reason__is_refused_at_the_cell_and_stores_nothing(june, clerk):
    of = june.of("a1x")
    entries = {"SVC-04": Entry(Decimal(3)), "SVC-06": Entry(Decimal(5))}
    with pytest.raises(FiguresRefusedError) as error:
        acts.save_return(of=of, version=of.version, entries=entries, by=clerk)
    assert error.value.problems == {"SVC-04": ["填报数3与系统数0不同，请在说明里写明原因。"]}
    assert of.figures.get(code="SVC-06").typed_value is None


@pytest.mark.parametrize(
    ("code", "entry", "words"),
    [
        ("SVC-06", Entry(Decimal(-1)), "不能小于0，您填了-1。"),
        ("SVC-06", Entry(Decimal("1.5")), "应为整数，您填了1.5。"),
        ("SVC-11", Entry(Decimal("1.234")), "最多2位小数，您填了1.234。"),
        ("SVC-06", Entry(Decimal(10) ** 12), "这个数太大了，请核对是否多打了几位。"),
        (
            "SVC-07",
            Entry(numerator=Decimal(3), denominator=Decimal(2)),
            "按期办结数不应大于诉求总数。",
        ),
        ("SVC-07", Entry(numerator=Decimal(3)), "按期办结数和诉求总数须同时填写。"),
    ],
)
def test_check__number_of_the_wrong_shape__says_so_at_the_cell(june, clerk, code, entry, words):
    problems = refused(
        june.of("a1x"), clerk, act=acts.save_return, **{code.replace("-", "_"): entry}
    )
    assert problems[code] == [words]


def test_file__gaps__asks_for_every_core_figure_and_no_optional_one(june, clerk):
    of = june.of("a1x")
    with pytest.raises(FiguresRefusedError) as error:
        acts.file_return(of=of, version=of.version, entries={}, by=clerk)
    assert sorted(error.value.problems) == CORE_TYPED
    assert error.value.problems["SVC-06"] == ["请填写；没有发生的填0。"]


def test_file__more_visits_than_contacts__is_refused(june, clerk):
    problems = refused(june.of("a1x"), clerk, SVC_12=Entry(Decimal(3)), SVC_13=Entry(Decimal(4)))
    assert problems == {"SVC-13": ["走访慰问4人次不应大于联系3人次（SVC-12）。"]}


def test_file__people_without_money_or_money_without_people__is_refused(june, clerk):
    of = june.of("a1x")
    assert list(refused(of, clerk, SVC_10=Entry(Decimal(2)))) == ["SVC-11"]
    assert list(refused(of, clerk, SVC_11=Entry(Decimal("0.5")))) == ["SVC-10"]
    assert fill(of, clerk, SVC_10=Entry(Decimal(2)), SVC_11=Entry(Decimal("3.5"))).pk


@pytest.mark.parametrize(("value", "jumps"), [(150, False), (151, True), (50, False), (49, True)])
def test_file__change_of_more_than_half__needs_a_note(june, clerk, value, jumps):
    may = june.of("a1x", MAY)
    may.figures.filter(code="SVC-06").update(typed_value=100)
    of = june.of("a1x")
    if jumps:
        problems = refused(of, clerk, SVC_06=Entry(Decimal(value)))
        assert "变动超过50%" in problems["SVC-06"][0]
        fill(of, clerk, SVC_06=Entry(Decimal(value), reason="集中走访月"))
    else:
        fill(of, clerk, SVC_06=Entry(Decimal(value)))


def test_file__ratio__is_computed_from_its_parts(june, clerk):
    filed = fill(june.of("a1x"), clerk, SVC_07=Entry(numerator=Decimal(2), denominator=Decimal(3)))
    assert filed.figures.get(code="SVC-07").typed_value == Decimal("66.67")


def test_file__nothing_to_divide_by__is_not_an_error(june, clerk):
    filed = fill(june.of("a1x"), clerk, SVC_07=Entry(numerator=Decimal(0), denominator=Decimal(0)))
    assert filed.figures.get(code="SVC-07").typed_value is None


def test_file__three_names__are_kept(june, clerk, reviewer):
    filed = fill(june.of("a1x"), clerk)
    assert (filed.state, filed.filler, filed.head_name) == (ReturnState.FILED, clerk, "负责人甲")
    assert filed.first_filed_at == filed.filed_at
    accepted = acts.accept_return(of=filed, version=filed.version, by=reviewer)
    assert (accepted.state, accepted.reviewer) == (ReturnState.ACCEPTED, reviewer)


def test_two_clerks__save_at_once__second_is_told_who_was_first_and_nothing_is_lost(june, staff):
    of, first, second = june.of("a1x"), staff("a1x", name="周敏"), staff("a1x")
    acts.save_return(of=of, version=of.version, entries={"SVC-06": Entry(Decimal(1))}, by=first)
    with pytest.raises(StaleReturnError, match="周敏"):
        acts.save_return(
            of=of, version=of.version, entries={"SVC-06": Entry(Decimal(2))}, by=second
        )
    assert of.figures.get(code="SVC-06").typed_value == 1


def test_send_back__two_indicators__unlocks_only_these(june, clerk, reviewer):
    filed = fill(june.of("a1x"), clerk)
    back = acts.send_back(
        of=filed,
        version=filed.version,
        reasons={"SVC-06": "与台账不符", "SVC-09": " "},
        by=reviewer,
    )
    assert (back.state, back.times_returned) == (ReturnState.RETURNED, 1)
    assert list(back.figures.exclude(returned_reason="").values_list("code", flat=True)) == [
        "SVC-06"
    ]
    entries = {"SVC-06": Entry(Decimal(7)), "SVC-09": Entry(Decimal(99))}
    saved = acts.save_return(of=back, version=back.version, entries=entries, by=clerk)
    assert saved.figures.get(code="SVC-06").typed_value == 7
    assert saved.figures.get(code="SVC-09").typed_value == 0
    again = acts.file_return(of=saved, version=saved.version, entries={}, by=clerk)
    assert again.state == ReturnState.FILED
    assert not again.figures.exclude(returned_reason="").exists()
    assert again.first_filed_at < again.filed_at
    message = Message.objects.get(kind="reports.sent_back", channel="INBOX")
    assert message.user == clerk


def test_send_back__without_a_reason__is_refused(june, clerk, reviewer):
    filed = fill(june.of("a1x"), clerk)
    with pytest.raises(DomainError, match="至少在一项"):
        acts.send_back(of=filed, version=filed.version, reasons={"SVC-06": " "}, by=reviewer)


def test_accept__by_the_filler_in_person__is_refused(june, staff):
    both = staff("a1x")
    filed = fill(june.of("a1x"), both)
    with pytest.raises(DomainError, match="本人填报"):
        acts.accept_return(of=filed, version=filed.version, by=both)


def test_accept__of_what_was_re_filed_meanwhile__is_told_so(june, clerk, reviewer):
    seen = fill(june.of("a1x"), clerk)
    back = acts.send_back(of=seen, version=seen.version, reasons={"SVC-06": "改"}, by=reviewer)
    acts.file_return(of=back, version=back.version, entries={"SVC-06": Entry(Decimal(9))}, by=clerk)
    with pytest.raises(StaleReturnError):
        acts.accept_return(of=seen, version=seen.version, by=reviewer)
    assert june.of("a1x").state == ReturnState.FILED


def test_filed__cannot_be_saved_or_filed_again(june, clerk):
    filed = fill(june.of("a1x"), clerk)
    for act in (acts.save_return, acts.file_return):
        with pytest.raises(DomainError, match="不能再改"):
            act(of=filed, version=filed.version, entries={}, by=clerk)


def violates(name):
    class Check:
        def __enter__(self):
            self.raises = pytest.raises(IntegrityError, match=name)
            self.raises.__enter__()
            self.savepoint = transaction.atomic()
            self.savepoint.__enter__()

        def __exit__(self, *error):
            self.savepoint.__exit__(*error)
            return self.raises.__exit__(*error)

    return Check()


def test_constraints__return__hold_in_the_database(june, clerk, reviewer):
    of, now = june.of("a1x"), timezone.now()
    mine = Return.objects.filter(pk=of.pk)
    with violates("return_one_per_station_and_month"):
        Return.objects.create(period=june, station=of.station, due_on=of.due_on)
    with violates("return_filed_has_filler_and_time"):
        mine.update(state=ReturnState.FILED)
    with violates("return_first_filing_not_after_the_last"):
        mine.update(filed_at=now)
    filed = {"filler": clerk, "filed_at": now, "first_filed_at": now}
    with violates("return_filler_and_reviewer_differ"):
        mine.update(**filed, reviewer=clerk)
    mine.update(state=ReturnState.FILED, **filed)
    with violates("return_accepted_has_reviewer_and_time"):
        mine.update(state=ReturnState.ACCEPTED)
    with violates("return_returned_has_reviewer_and_is_counted"):
        mine.update(state=ReturnState.RETURNED, reviewer=reviewer, reviewed_at=now)
    with pytest.raises(Exception, match=r"[Tt]ransition"), transaction.atomic():
        mine.update(state=ReturnState.DRAFT)


def test_constraints__figure__hold_in_the_database(june):
    of = june.of("a1x")
    typed = Figure.objects.filter(of=of, code="SVC-07")
    automatic = Figure.objects.filter(of=of, code="SVC-01")
    with violates("figure_once_per_return"):
        Figure.objects.create(of=of, code="SVC-01")
    with violates("figure_is_not_negative"):
        typed.update(typed_value=-1)
    with violates("figure_override_says_why"):
        automatic.update(typed_value=5)
    with violates("figure_ratio_part_within_whole"):
        typed.update(typed_numerator=2, typed_denominator=1)
    posts = Figure.objects.filter(of=of, code="EMP-04")
    posts.update(typed_numerator=2, typed_denominator=1, reason="岗位比人多")  # a choice of posts
    with violates("figure_ratio_has_both_parts"):
        typed.update(typed_numerator=2)
    automatic.update(typed_value=5, reason="已核对")


def test_constraints__locked_return__freezes_its_figures(june):
    Return.objects.filter(pk=june.of("a1x").pk).update(state=ReturnState.LOCKED)
    figures = Figure.objects.filter(of=june.of("a1x"), code="SVC-06")
    with violates("frozen"):
        figures.update(typed_value=1)
    with violates("frozen"):
        figures.delete()


def test_constraints__period__hold_in_the_database(june):
    period = type(june).objects.filter(pk=june.pk)
    with violates("period_is_the_first_of_a_month"):
        period.update(month="2025-06-02")
    with violates("period_deadlines_rise_with_the_tier"):
        period.update(due_town="2025-07-01")


def test_ratios_beyond_one__of_the_catalogue__are_those_the_database_allows():
    assert [each.code for each in INDICATORS if each.beyond_whole] == BEYOND_WHOLE
