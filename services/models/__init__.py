from services.models.booking import Booking
from services.models.calendar import CalendarDay
from services.models.network import Division, ServiceItem, Station, Window
from services.models.offering import Offering, OfferingHours, Slot
from services.models.person import Identity, Person
from services.models.posting import Posting
from services.models.request import ChangeRequest, RegistrationRequest
from services.models.roster import RosterImport, RosterRow

__all__ = [
    "Booking",
    "CalendarDay",
    "ChangeRequest",
    "Division",
    "Identity",
    "Offering",
    "OfferingHours",
    "Person",
    "Posting",
    "RegistrationRequest",
    "RosterImport",
    "RosterRow",
    "ServiceItem",
    "Slot",
    "Station",
    "Window",
]
