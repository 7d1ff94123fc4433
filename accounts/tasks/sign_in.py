from celery import shared_task

from accounts import kept_forms
from accounts.actions import codes, locks
from accounts.sessions import SessionStore


@shared_task
def forget_sign_in_traces():
    """Remove expired sessions, codes, kept forms and counters (`domain.md` D.1, residual data)."""
    SessionStore.clear_expired()
    codes.forget_old()
    kept_forms.forget_old()
    locks.forget_old()
