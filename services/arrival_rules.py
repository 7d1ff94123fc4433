"""Decisions about people in the hall, without a database: whose turn it is, what may be done.

Each decision returns None or the refusal to raise, so that pages and acts say the same.
"""

from services.enums import AT_A_WINDOW, ArrivalState, ProxyState
from veterans_portal.errors import DomainError

BOOKED, WALKED_IN = "B", "A"


class ArrivalRefusedError(DomainError):
    """What is asked does not fit where the party stands now."""

    code = "arrival_refused"


def ticket(letter, number):
    """B007, A012: the letter tells booked from walked in; past 999 it grows a digit."""
    return f"{letter}{number:03d}"


def turn_of(slot, *, now):
    """When a booked party's turn is: at the slot, or now for those who come after its end."""
    return slot.starts_at if now <= slot.ends_at else now


def refusal_to_act(arrival, *, states, window=None):
    """Why an act on `arrival` is refused: it is in none of `states`, or at another window.

    `window` is where the asking clerk sits, None when it does not matter.
    """
    if window is not None and arrival.state in AT_A_WINDOW and arrival.window_id != window.pk:
        return ArrivalRefusedError(
            f"{arrival.ticket}现在在{arrival.window.number}号窗口，这里不能再办。",
            code="at_another_window",
        )
    if arrival.state not in states:
        return ArrivalRefusedError(
            f"{arrival.ticket}{arrival.get_state_display()}，不能这样办。请看页面上的最新情况。",
            code="not_in_state",
        )
    return None


def refusal_to_hand_over(arrival, to_window):
    """Why `arrival` cannot be handed to `to_window`."""
    if to_window.station_id != arrival.station_id:
        return ArrivalRefusedError("只能转到本站的窗口。", code="other_station", field="window")
    if arrival.state in AT_A_WINDOW and arrival.window_id == to_window.pk:
        return ArrivalRefusedError(
            f"{arrival.ticket}已经在{to_window.number}号窗口。请选另一个窗口。",
            code="same_window",
            field="window",
        )
    return refusal_to_act(
        arrival, states=[ArrivalState.WAITING, ArrivalState.CALLED, ArrivalState.SERVING]
    )


def refusal_of_closed(shut):
    """Why nobody new is taken in while it is `shut`; a clerk who must writes down why (the override)."""
    place = "这个窗口" if shut.of_window else "本站"
    return ArrivalRefusedError(
        f"{place}现在不接待：{shut.why}，{shut.when}。可以请来人预约、改天来或到其他窗口；"
        "确实要现在办的，请写明原因。",
        code="closed",
        field="closed_reason",
    )


def refusal_to_send_to(window, shut):
    """Why nobody is handed to a window that rests itself; a closed station's windows finish together."""
    if shut is None or not shut.of_window:
        return None
    return ArrivalRefusedError(
        f"{window.number}号窗口现在不接待：{shut.why}，{shut.when}。请转到其他窗口。",
        code="window_closed",
        field="window",
    )


def refusal_of_proxy(proxy, person, *, on):
    """Why `proxy` does not let its agent act for `person` on a day."""
    if person is None or proxy.person_id != person.pk:
        return ArrivalRefusedError(
            "这份代办关系不是为此人登记的，请重新选择。", code="proxy_of_another", field="proxy"
        )
    if proxy.state != ProxyState.ACTIVE or not proxy.starts_on <= on <= proxy.ends_on:
        return ArrivalRefusedError(
            "这份代办关系不在有效期内，请先在“代办关系”里核对。",
            code="proxy_not_in_force",
            field="proxy",
        )
    return None
