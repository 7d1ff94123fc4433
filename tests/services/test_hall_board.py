"""The screen in the hall: right, cheap, and without anybody's name."""

import pytest
from django.urls import reverse

from services.actions import arrivals
from tests.services import hall_scene
from tests.services.hall_scene import booked, call, walk_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return hall_scene.build()


def board(hall, name="board"):
    return reverse(f"services:{name}", args=[hall.station.code])


def test_board__called_and_next__are_tickets_without_names(client, hall):
    booked(hall, contact_name="李卫国", window=hall.windows[0])
    walk_in(hall, "赵秀英", phone="13812345678")
    walk_in(hall, "孙桂兰", window=hall.windows[2])
    call(hall.windows[0], hall.clerk)
    page = client.get(board(hall)).content.decode()
    assert "B001" in page
    assert "请B001号到1号窗口" in page
    assert "请过来" in page
    assert "A001" in page
    assert "A002" in page
    assert "共2位在等" in page
    for secret in ("李卫国", "赵秀英", "孙桂兰", "13812345678", "1234"):
        assert secret not in page


def test_board__nobody__says_so(client, hall):
    page = client.get(board(hall)).content.decode()
    assert "还没有叫号" in page
    assert "没有人等" in page


@pytest.mark.parametrize("name", ["board", "board_now"])
def test_board__full_hall__takes_two_queries(client, hall, name, django_assert_max_num_queries):
    for number in range(20):
        walk_in(hall, client_key=f"many-{number}", window=hall.windows[number % 3])
    for window in hall.windows:
        call(window, hall.clerk)
    with django_assert_max_num_queries(2):
        client.get(board(hall, name))


def test_board_now__unchanged__is_304_until_something_happens(client, hall):
    walk_in(hall)
    first = client.get(board(hall, "board_now"))
    tag = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get(board(hall, "board_now"), **tag).status_code == 304
    mine = call(hall.windows[0], hall.clerk)
    second = client.get(board(hall, "board_now"), **tag)
    assert second.status_code == 200
    arrivals.recall(arrival=mine, by=hall.clerk)
    tag = {"HTTP_IF_NONE_MATCH": second["ETag"]}
    assert client.get(board(hall, "board_now"), **tag).status_code == 200


def test_board__works_without_javascript__by_loading_itself(client, hall):
    assert '<noscript><meta http-equiv="refresh"' in client.get(board(hall)).content.decode()


def test_board__of_no_station__is_404(client, db):
    assert client.get("/stations/999999999999/board/").status_code == 404
