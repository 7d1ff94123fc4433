"""The demonstration of training gives the printed figures of the first half of 2025 (A112, A113)."""

from datetime import date

import pytest

from placement.demo import training as demo
from placement.models import Course, CourseRun, Enrolment, TrainingDuty
from placement.training_indicators import INDICATORS
from services.actions.network import extend_calendar, lay_down_network
from services.demo import network, partners, persons, staff
from veterans_portal.indicators import Span

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HALF = Span(date(2025, 1, 1), date(2025, 6, 30))


def counted(code):
    indicator = next(each for each in INDICATORS if each.code == code)
    return indicator.counted.records().aggregate(**indicator.counted.aggregates(HALF))


def test_demo__first_half_of_2025__gives_the_printed_figures_once():
    lay_down_network()
    extend_calendar()
    network.load()
    staff.load()
    partners.load()
    persons.load()
    demo.load()
    assert counted("EMP-06")["rows"] == 274  # 270余名
    rate = counted("EMP-07")
    assert (rate["hits"], rate["rows"]) == (274, 274)  # 应训尽训
    assert set(Course.objects.values_list("title", flat=True)) >= {
        "紫砂陶艺", "创客新媒体", "无人机操控", "电气检测", "AI应用",
    }  # fmt: skip
    people = Enrolment.objects.filter(run__course__kind="ADAPTIVE").values_list("person")
    assert len(set(people)) == 274
    before = [model.objects.count() for model in (CourseRun, Enrolment, TrainingDuty)]
    demo.load()
    assert [model.objects.count() for model in (CourseRun, Enrolment, TrainingDuty)] == before
