"""A town with its village, the district and the city above it, and a person who asks for a card."""

from types import SimpleNamespace

import pgtrigger

from services import matter_kinds
from services.actions import matters
from services.enums import CardState, IdentityCategory, MatterChannel, Role
from services.models import Card, CardStep
from tests.factories.guides import MatterKindFactory, RequiredPaperFactory
from tests.factories.network import PostingFactory, StationFactory
from tests.factories.persons import IdentityFactory, PersonFactory


def scene(**facts):
    """Everybody and everything; `facts` go into the person's file."""
    village = StationFactory()
    town, district = village.parent, village.parent.parent
    s = SimpleNamespace(village=village, town=town, district=district, city=district.parent)
    s.village_clerk = PostingFactory(station=village).user
    s.clerk = PostingFactory(station=town).user
    s.county = PostingFactory(station=district, role=Role.REVIEWER).user
    s.county_clerk = PostingFactory(station=district).user
    s.head = PostingFactory(station=s.city, role=Role.HEAD).user
    s.kind = MatterKindFactory(card=True)
    s.replace = MatterKindFactory(
        code=matter_kinds.CARD_REPLACE, name="优待证补领、换领", form="CARD"
    )
    s.loss = MatterKindFactory(code=matter_kinds.CARD_LOSS, name="优待证挂失", form="CARD")
    s.photo_paper = RequiredPaperFactory(kind=s.kind, name="证件照片", is_photo=True)
    s.person = PersonFactory(station=village, claimed=True, **facts)
    IdentityFactory(person=s.person, category=IdentityCategory.DISCHARGED_SOLDIER)
    return s


def asked(s, kind=None, *, key="card-matter-1", person=None, station=None, by=None, **answers):
    """A matter with the card form, handed in by the person."""
    person = person or s.person
    matter = matters.save_draft(
        kind=kind or s.kind, station=station or s.village, by=by or person.account,
        client_key=key, applicant_name=person.name, person=person, channel=MatterChannel.WEB,
        answers={"card_kind": "VETERAN"} | answers,
    )  # fmt: skip
    return matters.submit(matter=matter, by=by or person.account)


def with_card(s, state=CardState.ISSUED, **asking):
    """A card of the scene's person in some state, brought there past its way."""
    matter = matters.accept(matter=asked(s, **asking), by=s.clerk)
    values = {"issued_on": None}
    if state in (CardState.ISSUED, CardState.LOST):
        values["issued_on"] = matter.accepted_at.date()
    with pgtrigger.ignore("services.Card:card_state_moves_legally"):
        Card.objects.filter(matter=matter).update(state=state, **values)
    card = Card.objects.get(matter=matter)
    CardStep.objects.create(card=card, state=state)
    return card
