"""What the person of a card is told at each step."""

from services.actions.persons import tell_person
from services.card_rules import TOLD
from services.enums import Tier
from veterans_portal import chinese_dates


def giver(card):
    """The station that accepts and hands out: the town's, for a card asked for in a village."""
    station = card.station
    return station.parent if station.tier == Tier.VILLAGE else station


def told(card, *, note=""):
    """Title and body for the state that `card` has come to."""
    title, body = TOLD[card.state]
    station = giver(card)
    until = chinese_dates.moment(card.temp_lost_until) if card.temp_lost_until else ""
    place = f"{station.name}（{station.address}）" if station.address else station.name
    phone = station.phone or "12345"
    body = body.format(place=place, phone=phone, note=note, until=until)
    return title, body


def tell(card, *, url, note=""):
    """Tell the person, by account or phone; once for each state it comes to."""
    title, body = told(card, note=note)
    tell_person(
        card.person,
        kind=f"services.card_{card.state.lower()}",
        title=title,
        body=body,
        about=card,
        url=url if card.person.account_id else "",
    )
