"""What a rule may ask about a person, without who they are: no name, number, phone or address."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from services.enums import CARD_ENDED, FileState
from services.models.card import Card
from services.models.person import Identity

COLUMNS = (
    "birth",
    "state",
    "enlisted_on",
    "discharged_on",
    "placement_way",
    "disability_grade",
    "disability_nature",
    "honour_plaque_on",
    "lives_alone",
)


@dataclass(frozen=True)
class HeldIdentity:
    """An identity as the file has it."""

    category: str
    verified: bool = True
    valid_from: date | None = None
    valid_to: date | None = None

    def runs(self, on):
        """Whether it holds on that day by its dates."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or self.valid_to >= on
        )


@dataclass(frozen=True)
class Facts:
    """One person's file as rules see it; `cards` are the states of cards that have not ended."""

    birth: date
    state: str = FileState.FILED
    station_path: str = ""
    enlisted_on: date | None = None
    discharged_on: date | None = None
    placement_way: str | None = None
    disability_grade: int | None = None
    disability_nature: str | None = None
    honour_plaque_on: date | None = None
    lives_alone: bool = False
    identities: tuple[HeldIdentity, ...] = ()
    cards: tuple[str, ...] = ()


def with_facts(people):
    """The queryset of persons with what `facts_of` reads: three queries however many there are."""
    held = Identity.objects.only("person_id", "category", "verified_at", "valid_from", "valid_to")
    cards = Card.objects.exclude(state__in=CARD_ENDED).only("person_id", "state")
    return people.select_related("station").prefetch_related(
        Prefetch("identities", held), Prefetch("cards", cards, to_attr="current_cards")
    )


def facts_of(person):
    """The facts of a person read by `with_facts`."""
    return Facts(
        station_path=person.station.path,
        identities=tuple(
            HeldIdentity(each.category, each.is_verified, each.valid_from, each.valid_to)
            for each in person.identities.all()
        ),
        cards=tuple(each.state for each in person.current_cards),
        **{column: getattr(person, column) for column in COLUMNS},
    )
