"""The kinds of conditions, in the order the editor offers them."""

from services.rules.conditions.dates import BirthdayNear, SinceDay
from services.rules.conditions.holding import CardIs, IdentityIs, PlaqueMissing
from services.rules.conditions.person import (
    AgeIs,
    DisabilityIs,
    FileStateIs,
    LivesAlone,
    PlaceIs,
    WayIs,
)

ORDER = (
    IdentityIs,
    AgeIs,
    BirthdayNear,
    SinceDay,
    WayIs,
    DisabilityIs,
    CardIs,
    LivesAlone,
    PlaqueMissing,
    PlaceIs,
    FileStateIs,
)
KINDS = {each.key: each for each in ORDER}
