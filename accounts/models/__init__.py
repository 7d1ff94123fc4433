from accounts.models.audit import AuditEntry, AuditSeal
from accounts.models.consent import Consent
from accounts.models.job import Job
from accounts.models.message import Message
from accounts.models.sign_in import KeptForm, OneTimeCode, Session
from accounts.models.user import PasswordRecord, SignInLock, User

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "Consent",
    "Job",
    "KeptForm",
    "Message",
    "OneTimeCode",
    "PasswordRecord",
    "Session",
    "SignInLock",
    "User",
]
