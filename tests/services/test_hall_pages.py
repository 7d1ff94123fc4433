"""The hall's pages at the desk, for those who work there and for those who do not."""

import pytest
from django.urls import reverse
from django.utils import timezone

from services.actions import arrivals
from services.enums import ArrivalState, MatterState
from services.models import Arrival
from tests.factories.bookings import BookingFactory, OfferingFactory, SlotFactory
from tests.factories.network import PostingFactory
from tests.factories.papers import HeldMatterFactory
from tests.factories.persons import PersonFactory
from tests.services import hall_scene
from tests.services.hall_scene import booked, call, walk_in
from tests.services.test_arrivals_acts import proxy_of

pytestmark = pytest.mark.django_db
State = ArrivalState


@pytest.fixture
def hall():
    return hall_scene.build()


@pytest.fixture
def desk(client, hall):
    client.force_login(hall.clerk)
    return client


def window_url(window):
    return reverse("services:desk_hall_window", args=[window.pk])


def act(desk, arrival, name, window=None, **data):
    url = reverse("services:desk_arrival_act", args=[arrival.pk, name])
    if window is not None:
        data["window"] = getattr(window, "pk", window)
    return desk.post(url, data, follow=True)


@pytest.mark.parametrize("name", ["desk_hall", "desk_matter_new"])
def test_page__address_with_nul__is_answered(desk, name):
    typed = {"station": "\0", "kind": "\0"}
    assert desk.get(reverse(f"services:{name}"), typed).status_code in (200, 404)


def press_call(desk, window, key="press-key-1"):
    url = reverse("services:desk_hall_call", args=[window.pk])
    return desk.post(url, {"client_key": key}, follow=True)


# where one sits


def test_hall__choosing_a_window__is_remembered(desk, hall):
    page = desk.get(reverse("services:desk_hall"))
    assert "坐到这个窗口" in page.content.decode()
    answer = desk.post(reverse("services:desk_hall"), {"window": hall.windows[2].pk})
    assert answer.url == window_url(hall.windows[2])
    assert "您上次坐在这里" in desk.get(reverse("services:desk_hall")).content.decode()


@pytest.mark.parametrize("window", ["", "0", "9" * 28, "½", "x"])
def test_hall__a_window_that_is_none__is_404(desk, window):
    assert desk.post(reverse("services:desk_hall"), {"window": window}).status_code == 404


def test_hall__outsiders__see_nothing(client, hall):
    mine = walk_in(hall)
    client.force_login(PostingFactory().user)
    assert client.get(window_url(hall.windows[0])).status_code == 404
    assert (
        client.post(reverse("services:desk_hall"), {"window": hall.windows[0].pk}).status_code
        == 404
    )
    assert client.get(mine.get_absolute_url()).status_code == 404
    assert act(client, mine, "leave", reason="走了").status_code == 404
    assert Arrival.objects.get().state == State.WAITING


# the window


def test_window__a_whole_visit__one_primary_button_at_each_step(desk, hall):
    window = hall.windows[0]
    mine, other = walk_in(hall, "李卫国", minutes=5), walk_in(hall, "赵秀英")
    page = desk.get(window_url(window)).content.decode()
    assert "窗口空着" in page
    assert "2位" in page
    page = press_call(desk, window).content.decode()
    assert "李卫国" in page
    assert "人到了，开始办理" in page
    page = act(desk, mine, "begin", window, client_key="press-key-2").content.decode()
    assert page.count("button primary") == 1
    assert "办完，叫下一位" in page
    page = act(desk, mine, "next", window, client_key="press-key-3").content.decode()
    assert "赵秀英" in page
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, other.state) == (State.SERVED, State.CALLED)


def test_window__called_twice_by_a_repeated_request__calls_one(desk, hall):
    walk_in(hall)
    walk_in(hall)
    for _ in range(2):
        press_call(desk, hall.windows[0])
    assert Arrival.objects.filter(state=State.CALLED).count() == 1


def test_window__nobody_waits__says_so(desk, hall):
    assert "现在没有人等这个窗口" in press_call(desk, hall.windows[0]).content.decode()


def test_window__skip_and_back__through_the_page(desk, hall):
    window, mine = hall.windows[0], walk_in(hall, "没来的人")
    press_call(desk, window)
    page = act(desk, mine, "recall", window, client_key="press-key-4").content.decode()
    assert "叫了2次" in page
    page = act(desk, mine, "skip", window).content.decode()
    assert "过号" in page
    assert "重新排队" in page
    assert "已重新排队" in act(desk, mine, "back", window).content.decode()
    mine.refresh_from_db()
    assert mine.state == State.WAITING


def test_window__hand_over__goes_to_the_other_window(desk, hall):
    one, two, _ = hall.windows
    mine = walk_in(hall)
    press_call(desk, one)
    assert "请选择转到哪个窗口" in act(desk, mine, "hand-over", one).content.decode()
    page = act(desk, mine, "hand-over", one, to=two.pk, reason="要办证").content.decode()
    assert "已转到2号窗口" in page
    assert "窗口空着" in page
    assert "指定本窗口" in desk.get(window_url(two)).content.decode()


def test_window__stale_page__the_act_is_refused_in_words(desk, hall):
    one, two, _ = hall.windows
    mine = walk_in(hall)
    press_call(desk, one)
    arrivals.hand_over(arrival=mine, to_window=two, by=hall.clerk)
    call(two, hall.clerk)
    assert "现在在2号窗口" in act(desk, mine, "begin", one).content.decode()


def test_window__who_came_for_whom__stands_there_with_the_file(desk, hall):
    person = PersonFactory(station=hall.station, name="周老伯")
    proxy = proxy_of(person, hall.clerk)
    walk_in(hall, name=person.name, person=person, proxy=proxy, needs_care=True)
    page = press_call(desk, hall.windows[0]).content.decode()
    assert "王小明" in page
    assert "周老伯的档案" in page
    assert "需要照顾" in page
    assert person.get_absolute_url() in page


def test_window__a_file_out_of_scope__is_named_not_linked(desk, hall):
    person = PersonFactory(name="外站人")
    walk_in(hall, name=person.name, person=person)
    page = press_call(desk, hall.windows[0]).content.decode()
    assert "外站人" in page
    assert person.get_absolute_url() not in page


def test_line__is_the_list_alone__and_does_not_keep_the_session_awake(desk, hall):
    from accounts.middleware import POLLS

    walk_in(hall, "李卫国")
    page = desk.get(reverse("services:desk_hall_line", args=[hall.windows[0].pk])).content.decode()
    assert "李卫国" in page
    assert "<html" not in page
    assert "services:desk_hall_line" in POLLS


def test_window__with_twenty_in_line__asks_no_more_than_with_one(
    desk, hall, django_assert_max_num_queries
):
    for number in range(20):
        walk_in(hall, f"客人甲{chr(0x4E00 + number)}", client_key=f"many-{number}")
    with django_assert_max_num_queries(12):
        desk.get(window_url(hall.windows[0]))
    with django_assert_max_num_queries(8):
        desk.get(reverse("services:desk_hall_line", args=[hall.windows[0].pk]))


# one who came


def test_arrival__history__names_acts_windows_and_people(desk, hall):
    mine = walk_in(hall, "李卫国", came_for="王小明（儿子）")
    call(hall.windows[0], hall.clerk)
    page = desk.get(mine.get_absolute_url()).content.decode()
    assert "到场取号" in page
    assert "叫号 · 1号窗口" in page
    assert "王小明" in page
    assert (
        "A001" in desk.get(reverse("services:desk_arrival_ticket", args=[mine.pk])).content.decode()
    )


def test_arrival__leaves__only_with_a_reason(desk, hall):
    mine = walk_in(hall)
    assert "请写明离开的原因" in act(desk, mine, "leave").content.decode()
    assert "已记为离开" in act(desk, mine, "leave", reason="<b>等不及</b>😀").content.decode()
    page = desk.get(mine.get_absolute_url()).content.decode()
    assert "&lt;b&gt;等不及" in page


def test_arrival__care__is_drawn_forward_with_a_note(desk, hall):
    mine = walk_in(hall, needs_care=True)
    assert "已优先" in act(desk, mine, "forward", reason="站不住").content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"client_key": "short"}, {"client_key": "钥匙" * 20}, {"window": "9" * 28},
        {"to": "x\x00"}, {"reason": "长" * 500},
    ],
)  # fmt: skip
def test_act__hostile_input__is_refused_not_broken(desk, hall, data):
    mine = walk_in(hall)
    assert act(desk, mine, "leave", **data).status_code == 200
    mine.refresh_from_db()
    assert mine.state == State.WAITING


def test_act__unknown__is_404(desk, hall):
    assert act(desk, walk_in(hall), "vanish").status_code == 404


# reception


def reception(hall):
    return reverse("services:desk_reception", args=[hall.station.code])


def test_reception__walk_in_in_three_fields__gets_a_ticket(desk, hall):
    page = desk.get(reception(hall))
    key = page.context["walk_in"].initial["client_key"]
    data = {"do": "walk-in", "client_key": key, "name": "李卫国", "item": "policy",
            "phone": "138 1234 5678", "heads": "1"}  # fmt: skip
    for _ in range(2):
        page = desk.post(reception(hall), data, follow=True).content.decode()
        assert "A001" in page
        assert "李卫国" in page
    mine = Arrival.objects.get()
    assert (mine.phone, mine.item_id) == ("13812345678", "policy")


def test_reception__bad_walk_in__keeps_what_was_typed(desk, hall):
    data = {"do": "walk-in", "client_key": "typed-key-1", "name": "王", "phone": "123", "heads": "x",
            "note": "带轮椅"}  # fmt: skip
    page = desk.post(reception(hall), data).content.decode()
    assert "姓名只有1个字" in page
    assert "您填了3位" in page
    assert "带轮椅" in page
    assert not Arrival.objects.exists()


def test_reception__for_a_file_by_a_relative__is_marked(desk, hall):
    person = PersonFactory(station=hall.station, name="周老伯")
    proxy = proxy_of(person, hall.clerk)
    url = f"{reception(hall)}?person={person.pk}"
    assert "王小明" in desk.get(url).content.decode()
    data = {"do": "walk-in", "client_key": "proxy-key-1", "proxy": proxy.pk, "heads": "1"}
    desk.post(url, data)
    mine = Arrival.objects.get()
    assert (mine.person, mine.proxy, mine.name) == (person, proxy, "周老伯")
    assert mine.phone == person.phone


def todays(hall, **more):
    offering = OfferingFactory(station=hall.station, item=hall.policy)
    slot = SlotFactory(offering=offering, starts_at=timezone.now())
    return BookingFactory(slot=slot, **more)


def test_reception__check_in_by_code__twice__shows_the_same_ticket(desk, hall):
    booking = todays(hall, contact_name="李卫国")
    for _ in range(2):
        data = {"do": "check-in", "code": booking.code.lower()}
        page = desk.post(reception(hall), data, follow=True).content.decode()
        assert "B001" in page
        assert "李卫国" in page
    assert Arrival.objects.count() == 1


def test_reception__code_of_nobody_or_elsewhere__is_said(desk, hall):
    other = BookingFactory(slot=SlotFactory(starts_at=timezone.now()))
    for code in ("2222222222", other.code):
        page = desk.post(reception(hall), {"do": "check-in", "code": code}).content.decode()
        assert "本站没有这个预约码" in page


@pytest.mark.parametrize("text", ["李卫", "weiguo", "13812345678"])
def test_reception__search__finds_todays_bookings(desk, hall, text):
    person = PersonFactory(station=hall.station, name="李卫国")
    todays(hall, contact_name="李卫国", contact_phone="13812345678", person=person)
    page = desk.post(reception(hall), {"do": "search", "q": text}).content.decode()
    assert ("李卫国" in page) == (text != "weiguo")  # readings begin with the surname


def test_reception__search_unclear__gives_advice(desk, hall):
    page = desk.post(reception(hall), {"do": "search", "q": "123"}).content.decode()
    assert "号码要输入完整" in page


@pytest.mark.parametrize("do", ["", "vanish"])
def test_reception__unknown_deed__is_404(desk, hall, do):
    assert desk.post(reception(hall), {"do": do}).status_code == 404


# the day


def test_day__figures__agree_with_the_records(desk, hall):
    first, second = walk_in(hall, minutes=30), walk_in(hall, minutes=10, came_for="女儿")
    walk_in(hall, heads=3)
    third = booked(hall, came=5)
    for _ in range(2):
        mine = call(hall.windows[0], hall.clerk)
        arrivals.finish(arrival=mine, by=hall.clerk)
    call(hall.windows[0], hall.clerk)
    assert {mine.pk for mine in (third, first, second)} >= {mine.pk}
    answer = desk.get(reverse("services:desk_hall_day", args=[hall.station.code]))
    figures = answer.context["figures"]
    expected = {
        "came": 4, "heads": 6, "booked": 1, "walked_in": 3, "by_proxy": 1, "served": 2, "left": 0,
        "in_the_hall": 2, "longest": 30, "median": 10,
    }  # fmt: skip
    assert figures == expected
    assert answer.context["days"][0]["came"] == 4
    assert answer.context["days"][0]["median"] == 10


def test_day__filters__narrow_the_list_only(desk, hall):
    walk_in(hall, "李卫国")
    walk_in(hall, "赵秀英", came_for="女儿")
    booked(hall, contact_name="孙桂兰")
    url = reverse("services:desk_hall_day", args=[hall.station.code])
    for query, names in (
        ("way=booked", ["孙桂兰"]), ("way=proxy", ["赵秀英"]), ("q=a001", ["李卫国"]),
        ("state=SERVED", []), ("state=x&way=y&day=0000-00-00", ["李卫国", "赵秀英", "孙桂兰"]),
    ):  # fmt: skip
        answer = desk.get(f"{url}?{query}")
        assert {each.name for each in answer.context["page_obj"]} == set(names)
        assert answer.context["figures"]["came"] == 3


def test_day__with_twenty__asks_no_more_than_with_one(desk, hall, django_assert_max_num_queries):
    for number in range(20):
        walk_in(hall, f"客人甲{chr(0x4E00 + number)}", client_key=f"many-{number}")
    with django_assert_max_num_queries(10):
        desk.get(reverse("services:desk_hall_day", args=[hall.station.code]))


# the neighbours' work at the window


def test_window__open_matters_of_the_person__are_one_tap_away(desk, hall):
    person = PersonFactory(station=hall.station, claimed=True)
    matter = HeldMatterFactory(station=hall.station, person=person, state=MatterState.SUBMITTED)
    HeldMatterFactory(station=hall.station, state=MatterState.SUBMITTED)
    mine = walk_in(hall, name=person.name, person=person)
    answer = press_call(desk, hall.windows[0])
    page = answer.content.decode()
    assert [each.pk for each in answer.context["matters"]] == [matter.pk]
    assert reverse("services:desk_matter", args=[matter.number]) in page
    assert f"{reverse('services:desk_matter_new')}?arrival={mine.pk}" in page


def test_booking_pages__after_check_in__show_the_ticket(desk, hall):
    booking = todays(hall, contact_name="李卫国")
    page = desk.post(reverse("services:desk_checkin"), {"code": booking.code}, follow=True)
    assert "B001" in page.content.decode()
    page = desk.get(reverse("services:desk_booking", args=[booking.code])).content.decode()
    assert "B001 等候" in page


def test_lists__of_a_comprehensive_windows_booking__name_what_was_booked(desk, hall):
    mine = booked(hall, window=hall.windows[2])
    assert mine.item is None
    title = mine.booking.slot.offering.title
    day = desk.get(reverse("services:desk_hall_day", args=[hall.station.code]))
    assert f'<td data-label="办什么">{title}</td>' in day.content.decode()
    for page in (
        reverse("services:desk_hall_window", args=[hall.windows[2].pk]),
        mine.get_absolute_url(),
        reverse("services:desk_arrival_ticket", args=[mine.pk]),
    ):
        assert title in desk.get(page).content.decode()
