"""The session engine: rows in the database whose data are SM4 encrypted and that know their account.

A sign-in under way leaves its steps in the session, so nothing in there may be readable
(`domain.md` D.2). The module's path is `settings.SESSION_ENGINE`.
"""

from contextvars import ContextVar

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.serializers import JSONSerializer
from django.utils import timezone

from veterans_portal import crypto
from veterans_portal.prepared import Prepared

SINCE = "since"  # sign-in, seconds since 1970
SEEN = "seen"  # last page the person asked for
DEVICE = "device"
ADDRESS = "address"
BY_CODE = "by_code"  # signed in by a code, that is: holds the phone
SEEN_STEP_SECONDS = 30  # a busy reader writes the session twice a minute at most


_account = ContextVar("session_account", default=None)
_WITH_ACCOUNT = Prepared(
    lambda: (
        SessionStore.get_model_class()
        .objects.select_related("user")
        .filter(session_key="")
        .filter(expire_date__gt=timezone.now())
    )
)


def account_of(user_id):
    """The account that came with the session just read, if it is this one; None otherwise.

    It is handed out once, so no later request can meet an old state of it.
    """
    account = _account.get()
    _account.set(None)
    return account if account is not None and account.pk == user_id else None


class SessionStore(DatabaseStore):
    """Django's database store with encrypted data; `clearsessions` works on it as usual."""

    @classmethod
    def get_model_class(cls):
        from accounts.models import Session

        return Session

    def _get_session_from_db(self):
        """The row with its account in one query; `account_of` hands the account on."""
        try:
            row = _WITH_ACCOUNT.first(self.session_key, timezone.now())
        except crypto.UnreadableValueError:
            row = None  # a row under a retired key: the person signs in again
        _account.set(row.user if row is not None else None)
        if row is None:
            self._session_key = None
        return row

    def encode(self, session_dict):
        return crypto.encrypt(JSONSerializer().dumps(session_dict).decode("latin-1"))

    def decode(self, session_data):
        try:
            return JSONSerializer().loads(crypto.decrypt(session_data).encode("latin-1"))
        except (crypto.UnreadableValueError, ValueError):
            return {}  # a row under a retired key: the person signs in again

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row


def start(session, *, device, address, by_code):
    """Set the clocks of a session that has just signed in."""
    now = int(timezone.now().timestamp())
    session[SINCE] = session[SEEN] = now
    session[DEVICE], session[ADDRESS], session[BY_CODE] = device, address, by_code


def touch(session):
    """Note that the person is here; a session without clocks gets them now."""
    now = int(timezone.now().timestamp())
    session.setdefault(SINCE, now)
    if now - session.get(SEEN, 0) >= SEEN_STEP_SECONDS:
        session[SEEN] = now


def over(session, user):
    """Why the session has ended, as a sentence for its owner; "" while it goes on.

    `domain.md` D.1: idle 15 minutes for staff and 30 for the public, 8 hours in all, one
    session at a time for staff.
    """
    now = int(timezone.now().timestamp())
    idle = idle_seconds(user)
    if now - session.get(SEEN, now) > idle:
        return f"您有{idle // 60}分钟没有操作，为了保护信息已自动退出，请重新登录。"
    if now - session.get(SINCE, now) > settings.SESSION_ABSOLUTE_HOURS * 3600:
        return f"这次登录已满{settings.SESSION_ABSOLUTE_HOURS}小时，请重新登录。"
    if not user.is_citizen and user.session_key and user.session_key != session.session_key:
        return "您的工号刚在另一处登录，这里已退出。如果不是您本人操作，请马上联系安全管理员。"
    return ""


def idle_seconds(user):
    """How long a session may rest, in seconds."""
    if user.is_citizen:
        return settings.SESSION_IDLE_SECONDS_CITIZEN
    return settings.SESSION_IDLE_SECONDS_STAFF


def end_sessions(user, *, except_key=None):
    """End the account's sessions (all, or all but one); returns how many."""
    rows = user.sessions.all()
    if except_key:
        rows = rows.exclude(session_key=except_key)
    return rows.delete()[0]


def device_of(request):
    """A browser in words its owner recognises: 「手机上的微信」."""
    agent = request.headers.get("User-Agent", "")
    places = (("iPad", "平板"), ("Mobile", "手机"), ("Android", "手机"), ("iPhone", "手机"))
    browsers = (
        ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"),
        ("Chrome", "Chrome"), ("Safari", "Safari"),
    )  # fmt: skip
    place = next((word for mark, word in places if mark in agent), "电脑")
    browser = next((word for mark, word in browsers if mark in agent), "浏览器")
    return f"{place}上的{browser}"
