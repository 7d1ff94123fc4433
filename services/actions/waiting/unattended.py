"""What somebody waits for by an agent who no longer acts.

The entry stays the person's, with its place in line. The agent sees it no more, is told nothing
more and cannot say yes. The person is told instead, by their account or the phone in their file.
Where there is neither (or only the agent's phone) nobody could ever answer: the system takes the
entry off the list with that reason, and a place held for it goes to the next.
"""

from accounts import messages
from services import waiting_rules
from services.actions import bookings
from services.actions.bookings.passing import end
from services.actions.waiting.answering import locked
from services.enums import CancelledAs, WaitingState
from services.models import Proxy, WaitingEntry
from services.notices import waiting as notices
from services.notices.reaching import is_over, own_way

REASON = "代办关系已结束，档案里没有本人的账号和手机号"
TRIES = 3


def settle_unattended(*, now, proxy=None):
    """Settle what is waited for by proxies that are over (or by this one); returns how many ended.

    May run as often as it likes: an offer is told to the person once.
    """
    entries = WaitingEntry.objects.on_the_list().filter(proxy__isnull=False)
    if proxy is not None:
        entries = entries.filter(proxy=proxy)
    over = entries.exclude(proxy__in=Proxy.objects.in_force().values("pk"))
    # In the order in which every act locks slots.
    return sum(_settle(entry, now) for entry in over.order_by("booking__slot", "pk"))


def _settle(entry, now):
    for attempt in range(TRIES):
        try:
            with locked(entry) as mine:
                return _settle_locked(mine, now)
        except waiting_rules.WaitingConflictError:  # offered a place, or lost one, meanwhile
            if attempt == TRIES - 1:
                raise
    return 0


def _settle_locked(entry, now):
    if entry.ended_at is not None or not is_over(entry.proxy):
        return 0
    offered = entry.state == WaitingState.OFFERED
    if own_way(entry.person, entry.proxy) is not None:
        if offered:
            _tell_the_person(entry, now)
        return 0
    end(entry, WaitingState.LEFT, by=None, now=now, reason=REASON)
    if offered:
        bookings.let_go(
            booking=entry.booking, by=None, reason=REASON, as_=CancelledAs.SYSTEM, now=now
        )
    return 1


def _tell_the_person(entry, now):
    """The offer that stands, which only the agent knows of; what waits for the agent is not sent."""
    if entry.person.account_id is not None and entry.person.account_id == entry.proxy.agent_id:
        return  # two files became one: the agent is the person, and was told
    if entry.proxy.agent_id is not None:
        messages.withdraw(entry.booking, to=entry.proxy.agent)
    if to := notices.reach(entry, now=now):
        notices.tell_offer(entry, entry.booking, to, now=now)
