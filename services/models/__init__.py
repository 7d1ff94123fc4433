from services.models.arrival import Arrival, ArrivalEvent
from services.models.booking import Booking
from services.models.calendar import CalendarDay
from services.models.card import Card, CardStep
from services.models.duplicate import Duplicate
from services.models.hours import Closure, OpeningHours
from services.models.matter import Matter, MatterKind, RequiredPaper
from services.models.matter_trail import Document, MatterEvent, MatterFile
from services.models.network import Division, ServiceItem, Station, Window
from services.models.offering import Offering, OfferingHours, Slot
from services.models.partner import Partner, PartnerKey, PartnerMember
from services.models.person import Identity, Person
from services.models.posting import Posting
from services.models.proxy import Proxy
from services.models.rating import Rating, RatingInvitation, Rectification
from services.models.request import ChangeRequest, RegistrationRequest
from services.models.roster import RosterImport, RosterRow
from services.models.rule import GoldenCase, Rule, RuleVersion
from services.models.transfer import Transfer
from services.models.waiting import WaitingEntry

__all__ = [
    "Arrival",
    "ArrivalEvent",
    "Booking",
    "CalendarDay",
    "Card",
    "CardStep",
    "ChangeRequest",
    "Closure",
    "Division",
    "Document",
    "Duplicate",
    "GoldenCase",
    "Identity",
    "Matter",
    "MatterEvent",
    "MatterFile",
    "MatterKind",
    "Offering",
    "OfferingHours",
    "OpeningHours",
    "Partner",
    "PartnerKey",
    "PartnerMember",
    "Person",
    "Posting",
    "Proxy",
    "Rating",
    "RatingInvitation",
    "Rectification",
    "RegistrationRequest",
    "RequiredPaper",
    "RosterImport",
    "RosterRow",
    "Rule",
    "RuleVersion",
    "ServiceItem",
    "Slot",
    "Station",
    "Transfer",
    "WaitingEntry",
    "Window",
]
