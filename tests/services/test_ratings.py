"""好差评: one rating per matter or visit, bad ones called back and mended, the rater unseen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Message
from services.actions import ratings as acts
from services.actions.ratings import RatingError
from services.actions.workdays import due_day
from services.enums import Grade, RatingChannel, RectificationState, Role
from services.models import Rating, RatingInvitation, Rectification
from services.views.public.rating import screen_token
from tests.factories.accounts import UserFactory
from tests.factories.arrivals import ArrivalFactory
from tests.factories.network import PostingFactory, StationFactory, WindowFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.ratings import RatingFactory, RatingInvitationFactory, RectificationFactory
from veterans_portal.chinese_dates import day as spoken_day
from veterans_portal.chinese_dates import month as spoken_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return StationFactory()


@pytest.fixture
def clerk(station):
    return PostingFactory(station=station, role=Role.CLERK).user


@pytest.fixture
def head(station):
    return PostingFactory(station=station, role=Role.HEAD).user


@pytest.fixture
def invitation(station):
    return RatingInvitationFactory(matter=HeldMatterFactory(station=station))


def rate(invitation, grade=Grade.SATISFIED, **more):
    return acts.rate(invitation=invitation, grade=grade, channel=RatingChannel.WEB, **more)


def test_invite__twice__is_one_invitation_and_one_message(station):
    matter = HeldMatterFactory(station=station)
    first = acts.invite(matter=matter)
    assert acts.invite(matter=matter) == first
    told = Message.objects.filter(kind="services.rating_invited", channel="INBOX")
    assert told.count() == 1
    assert first.code in told.get().url


def test_rate__once__stands_and_a_second_is_refused(invitation):
    rate(invitation, grade=Grade.FAIR, reasons=["ATTITUDE", "NONE"], words="很好")
    with pytest.raises(RatingError, match="已经评价过") as refusal:
        rate(invitation)
    assert refusal.value.code == "rated_before"
    rating = Rating.objects.get()
    assert (rating.grade, rating.reasons, rating.words) == (3, ["ATTITUDE"], "很好")
    assert not Rectification.objects.exists()


def test_rate__after_its_time__is_refused(station):
    over = RatingInvitationFactory(matter=HeldMatterFactory(station=station), over=True)
    with pytest.raises(RatingError, match="过了30天"):
        rate(over)


@pytest.mark.parametrize("grade", [Grade.DISSATISFIED, Grade.VERY_DISSATISFIED])
def test_rate__bad__opens_a_rectification_for_the_head(invitation, head, grade):
    rate(invitation, grade=grade)
    rectification = Rectification.objects.get()
    assert rectification.state == RectificationState.OPEN
    assert timezone.localdate() < rectification.call_by < rectification.close_by
    assert Message.objects.filter(user=head, kind="services.rating_mend").exists()


def test_rate__by_phone__is_not_taken_down_by_who_handled_it(station, clerk, head):
    matter = HeldMatterFactory(station=station, handler=clerk)
    invitation = RatingInvitationFactory(matter=matter)
    phone = {"grade": 5, "channel": RatingChannel.PHONE}
    with pytest.raises(RatingError, match="没有经办"):
        acts.rate(invitation=invitation, taken_down_by=clerk, **phone)
    assert acts.rate(invitation=invitation, taken_down_by=head, **phone).taken_down_by == head


def test_rectification__from_the_call_to_the_end__tells_the_person_the_result(invitation, head):
    rate(invitation, grade=1, words="等了很久")
    rectification = Rectification.objects.get()
    acts.call_back(rectification=rectification, by=head, note="已道歉", satisfied=True)
    acts.close(rectification=rectification, by=head, outcome="MENDED", measure="增加一个窗口")
    rectification.refresh_from_db()
    assert rectification.state == RectificationState.CLOSED
    told = Message.objects.filter(kind="services.rating_result").first()
    assert "增加一个窗口" in told.body


def test_rectification__still_unhappy__goes_up_with_a_new_term(invitation, head, station):
    rate(invitation, grade=1)
    rectification = Rectification.objects.get()
    acts.call_back(rectification=rectification, by=head, note="不接受", satisfied=False)
    rectification.refresh_from_db()
    assert (rectification.state, rectification.station) == (
        RectificationState.OPEN, station.parent,
    )  # fmt: skip
    assert rectification.times_sent_up == 1
    with pytest.raises(RatingError, match="没有经办过"):
        acts.call_back(rectification=rectification, by=head, note="再打", satisfied=True)


def test_rectification__unfounded__is_for_the_tier_above_to_say(invitation, head, station):
    above = PostingFactory(station=station.parent, role=Role.HEAD).user
    rate(invitation, grade=1)
    rectification = Rectification.objects.get()
    acts.call_back(rectification=rectification, by=head, note="已联系", satisfied=True)
    wanted = {"rectification": rectification, "outcome": "UNFOUNDED", "measure": "核对了录像"}
    with pytest.raises(RatingError, match="上一级"):
        acts.close(by=head, **wanted)
    assert acts.close(by=above, **wanted).state == RectificationState.CLOSED


def test_rectification__by_who_handled_the_matter__is_refused(station, head):
    matter = HeldMatterFactory(station=station, handler=head)
    rate(RatingInvitationFactory(matter=matter), grade=1)
    with pytest.raises(RatingError, match="没有经办过"):
        acts.call_back(
            rectification=Rectification.objects.get(), by=head, note="打了", satisfied=True
        )


@pytest.mark.parametrize("name", ["invitation_for_one_subject"])
def test_constraint__invitation__is_for_one_subject(name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RatingInvitation.objects.create(
            code="X", station=StationFactory(), expires_at=timezone.now()
        )


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("rating_of_five_grades", {"grade": 6}),
        ("rating_by_phone_says_who_took_it_down", {"channel": RatingChannel.PHONE}),
    ],
)
def test_constraint__rating__is_refused_by_name(name, facts):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RatingFactory(**facts)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("rectification_called_back_says_who_and_when", {"state": "CALLED_BACK"}),
        ("rectification_closed_says_what_was_done", {"closed_at": timezone.now()}),
    ],
)
def test_constraint__rectification__is_refused_by_name(name, facts):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RectificationFactory(**facts)


# --- pages -----------------------------------------------------------------------------------


def test_rate_page__without_signing_in__takes_the_grade_and_thanks(client, invitation):
    address = reverse("services:rate", args=[invitation.code])
    page = client.get(address).content.decode()
    assert "非常满意" in page
    assert invitation.matter.applicant_name not in page
    thanks = client.post(address, {"grade": "2", "words": "<script>x</script>"}).content.decode()
    assert "给您回电话" in thanks
    assert "已经评价过" in client.get(address).content.decode()


def test_rate_page__no_grade__says_so_and_keeps_the_words(client, invitation):
    address = reverse("services:rate", args=[invitation.code])
    page = client.post(address, {"words": "写了一些话"}).content.decode()
    assert "请选一个评价" in page
    assert "写了一些话" in page
    assert not Rating.objects.exists()


@pytest.mark.parametrize("code", ["NONE", "x" * 200])
def test_rate_page__code_of_nothing__is_not_found_kindly(client, code):
    answer = client.get(reverse("services:rate", args=[code]))
    assert answer.status_code == 404
    assert "12345" in answer.content.decode()


def test_screen__visit_just_finished__leads_to_its_rating_and_back(client, station):
    window = WindowFactory(station=station)
    address = reverse("services:rate_screen", args=[screen_token(window)])
    assert "事情办完后" in client.get(address).content.decode()
    arrival = ArrivalFactory(station=station, window=window)
    invitation = acts.invite(arrival=arrival)
    answer = client.get(address)
    assert invitation.code in answer.url
    thanks = client.post(answer.url, {"grade": "5"}).content.decode()
    assert address in thanks
    assert Rating.objects.get().channel == RatingChannel.DESK


def test_screen__token_made_up__is_not_found(client):
    assert client.get(reverse("services:rate_screen", args=["1:abc:def"])).status_code == 404


def test_rectification_page__before_closing__hides_who_rated_until_looked_up(
    client, invitation, head, clerk
):
    rate(invitation, grade=1, words="我是三村的老王")
    shown = Rectification.objects.get()
    address = reverse("services:desk_rectification", args=[shown.pk])
    name = invitation.matter.applicant_name
    client.force_login(clerk)
    page = client.get(address).content.decode()
    assert name not in page
    assert "老王" not in page
    client.force_login(head)
    assert name not in client.get(address).content.decode()
    looked = client.post(f"{address}disclose/", {"reason": "回访"}).content.decode()
    assert name in looked
    assert AuditEntry.objects.filter(act="services.rater_disclosed", actor=head).exists()


def test_ratings_pages__before_closing__show_the_day_and_terms_to_nobody_who_does_not_mend(
    client, invitation, head, clerk
):
    when = timezone.now() - timedelta(days=2)
    rate(invitation, grade=1, now=when)
    shown = Rectification.objects.get()
    pages = {
        reverse("services:desk_ratings"): "还剩",
        reverse("services:desk_rectification", args=[shown.pk]): spoken_day(shown.close_by),
    }
    for user, sees in ((clerk, False), (head, True)):
        client.force_login(user)
        for page, term in pages.items():
            text = client.get(page).content.decode()
            assert spoken_month(when) in text
            assert spoken_day(when) not in text
            assert (term in text) == sees, (user, page)


def test_ratings_page__few_ratings_of_a_station_below__are_not_broken_down(client, station):
    above = PostingFactory(station=station.parent, role=Role.HEAD).user
    RatingFactory(invitation__matter__station=station)
    client.force_login(above)
    page = client.get(reverse("services:desk_ratings")).content.decode()
    assert "不足5件" in page
    client.force_login(PostingFactory(station=station, role=Role.HEAD).user)
    assert "100.0%" in client.get(reverse("services:desk_ratings")).content.decode()


def test_phone_rating__number_of_nothing__is_said_and_kept(client, clerk):
    client.force_login(clerk)
    typed = {"number": "20990101ABCDEF", "grade": "5"}
    page = client.post(reverse("services:desk_rating_phone"), typed).content.decode()
    assert "没有找到" in page
    assert "20990101ABCDEF" in page


def test_phone_rating__colleagues_matter__is_taken_down(client, station, clerk):
    other = PostingFactory(station=station).user
    matter = HeldMatterFactory(station=station, handler=other)
    acts.invite(matter=matter)
    client.force_login(clerk)
    client.post(reverse("services:desk_rating_phone"), {"number": matter.number, "grade": "4"})
    assert Rating.objects.get().taken_down_by == clerk


@pytest.mark.parametrize("days", [1, -1])
def test_phone_rating__rated_before__says_the_same_and_the_first_stands(
    client, station, clerk, days
):
    """Or the desk would learn, matter by matter, who gave the bad grade that it sees."""
    until = timezone.now() + timedelta(days=days)
    said = []
    for rated in (False, True):
        matter = HeldMatterFactory(station=station, handler=PostingFactory(station=station).user)
        invitation = RatingInvitationFactory(matter=matter)
        if rated:
            rate(invitation, grade=1)
        RatingInvitation.objects.filter(pk=invitation.pk).update(expires_at=until)
        client.force_login(clerk)
        typed = {"number": matter.number, "grade": "5"}
        page = client.post(reverse("services:desk_rating_phone"), typed, follow=True).text
        said.append([words for words in ("已记下", "评价过了", "不能再评") if words in page])
    assert said[0] == said[1]
    assert Rating.objects.get(invitation=invitation).grade == 1


def test_rate__by_who_handled_it__is_refused_without_telling_that_it_was_rated(station, clerk):
    invitation = RatingInvitationFactory(matter=HeldMatterFactory(station=station, handler=clerk))
    rate(invitation, grade=1)
    with pytest.raises(RatingError) as refused:
        acts.rate(invitation=invitation, grade=5, channel=RatingChannel.PHONE, taken_down_by=clerk)
    assert refused.value.code == "own_matter"


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13", "\0"])
def test_ratings_page__month_that_is_none__answers(client, head, month):
    client.force_login(head)
    assert client.get(reverse("services:desk_ratings"), {"month": month}).status_code == 200


def test_warn_of_terms__due_tomorrow__tells_once_a_day(station, head):
    RectificationFactory(
        rating__invitation__matter__station=station,
        call_by=timezone.localdate() + timedelta(days=1),
    )
    acts.warn_of_terms()
    acts.warn_of_terms()
    assert Message.objects.filter(user=head, kind="services.rating_mend").count() == 1


def test_disclose__stranger__is_refused(invitation):
    rate(invitation, grade=1)
    with pytest.raises(RatingError):
        acts.disclose(
            rectification=Rectification.objects.get(), by=UserFactory(staff=True), reason="看看"
        )


# a visit without a matter, rated by phone


@pytest.fixture
def visit(station):
    arrival = ArrivalFactory(station=station, served=True)
    acts.invite(arrival=arrival)
    return arrival


def of_visit(arrival):
    return f"{reverse('services:desk_rating_phone')}?visit={arrival.pk}"


def test_phone_rating__of_a_visit__is_taken_down_from_its_page(client, clerk, visit):
    client.force_login(clerk)
    assert of_visit(visit) in client.get(visit.get_absolute_url()).content.decode()
    page = client.get(of_visit(visit)).content.decode()
    assert visit.ticket in page
    assert "办件编号</label>" not in page
    client.post(of_visit(visit), {"grade": "2", "reasons": ["ATTITUDE"], "words": "等太久"})
    rating = Rating.objects.get()
    assert (rating.invitation.arrival, rating.taken_down_by) == (visit, clerk)
    assert (rating.channel, rating.grade) == (RatingChannel.PHONE, 2)
    assert Rectification.objects.get().rating == rating


def test_phone_rating__of_a_visit__not_by_who_served_it(client, station, clerk, visit):
    visit.events.create(act="SERVED", by=clerk)
    client.force_login(clerk)
    page = client.post(of_visit(visit), {"grade": "5"}).content.decode()
    assert "没有经办这件事的同事" in page
    assert not Rating.objects.exists()


def test_phone_rating__of_a_visit_rated_before__says_the_same_and_the_first_stands(
    client, clerk, visit
):
    rate(visit.rating_invitation, grade=1)
    client.force_login(clerk)
    page = client.post(of_visit(visit), {"grade": "5"}, follow=True).text
    assert "已记下" in page
    assert Rating.objects.get().grade == 1


def test_phone_rating__of_no_visit_of_mine__is_404(client, clerk, visit):
    client.force_login(clerk)
    elsewhere = ArrivalFactory(served=True)
    acts.invite(arrival=elsewhere)
    unfinished = ArrivalFactory(station=visit.station)
    address = reverse("services:desk_rating_phone")
    for what in (elsewhere.pk, unfinished.pk, "x", "", "9" * 30, "1\0"):
        assert client.get(address, {"visit": what}).status_code == 404, what
    assert "记电话评价" not in client.get(unfinished.get_absolute_url()).content.decode()


def test_rate__bad_and_earlier__counts_the_terms_from_the_grade(invitation, settings):
    at = timezone.now() - timedelta(days=20)
    rate(invitation, grade=1, now=at)
    mending = Rectification.objects.get()
    assert (mending.opened_at, mending.rating.rated_at) == (at, at)
    day = timezone.localdate(at)
    assert mending.call_by == due_day(settings.RATING_CALL_WORKDAYS, after=day)
    assert mending.close_by == due_day(settings.RATING_MEND_WORKDAYS, after=day)
