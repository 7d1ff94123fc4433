"""The month on the work desk."""

from django.urls import reverse

from reports.actions import returns as acts
from reports.worklist import returns_to_fill, returns_to_review
from services.enums import Role
from tests.factories.accounts import UserFactory
from tests.reports.test_pages import text
from tests.reports.test_returns import fill


def titles(section):
    return {item.note for item in section.items}


def filed_by(section):
    return {item.title for item in section.items}


def test_to_fill__clerk__sees_own_station_and_what_lies_under_it(june, city, staff):
    clerk = staff("a1")
    assert titles(returns_to_fill(clerk, below=False)) == {city.a1.name}
    assert titles(returns_to_fill(clerk, below=True)) == {
        city.a1.name,
        city.a1x.name,
        city.a1y.name,
    }
    assert returns_to_fill(clerk, below=False).late == 2
    assert returns_to_fill(UserFactory(), below=True) is None


def test_to_fill__sent_back__says_so(june, staff):
    filed = fill(june.of("a1x"), staff("a1x"))
    acts.send_back(
        of=filed, version=filed.version, reasons={"SVC-06": "改"}, by=staff("a1", Role.REVIEWER)
    )
    jobs = {item.job for item in returns_to_fill(filed.filler, below=False).items}
    assert jobs == {"退回修改", "填报"}


def test_to_review__reviewer__sees_filed_returns_right_below_and_none_of_their_own(
    june, city, staff
):
    fill(june.of("a1x"), staff("a1x"))
    fill(june.of("a1"), staff("a1"))
    fill(june.of("b1x"), staff("b1x"))
    district = staff("a", Role.REVIEWER)
    near, all_ = returns_to_review(district, below=False), returns_to_review(district, below=True)
    assert filed_by(near) == {city.a1.name}
    assert filed_by(all_) == {city.a1.name, city.a1x.name}
    assert (all_.count, all_.late) == (2, 0)
    assert returns_to_review(staff("a1x"), below=True) is None


def test_to_review__city__reviews_itself_but_not_its_own_filing(june, city, staff):
    clerk = staff("city")
    fill(june.of("city"), clerk)
    assert filed_by(returns_to_review(staff("city", Role.REVIEWER), below=False)) == {
        city.city.name
    }
    assert filed_by(returns_to_review(staff("city", Role.HEAD), below=True)) == {city.city.name}


def test_sections__each__ask_one_query(june, staff, django_assert_num_queries):
    head = staff("city", Role.HEAD)
    returns_to_fill(head, below=True)
    with django_assert_num_queries(2):
        returns_to_fill(head, below=True)
        returns_to_review(head, below=True)


def test_desk__page__shows_both_sections(june, client, staff):
    client.force_login(staff("a1", Role.HEAD))
    page = text(client.get(reverse("services:desk")))
    assert "月报填报" in page
    assert "月报审核" in page
