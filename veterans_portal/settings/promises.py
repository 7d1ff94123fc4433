"""By when the office answers, how long things count, how often they may be tried.

`.env.example` explains each variable; `domain.md` D.8 is behind most terms.
"""

import environ

env = environ.Env()

# --- bookings ---------------------------------------------------------------------------------

BOOKING_REMINDER_HOUR = env.int("BOOKING_REMINDER_HOUR", default=9)  # the day before, 24 h clock
BOOKING_REMINDER_HOURS_BEFORE = env.int("BOOKING_REMINDER_HOURS_BEFORE", default=2)
WAITING_MESSAGES_PER_DAY = env.int("WAITING_MESSAGES_PER_DAY", default=3)  # SMS of waiting lists

# --- registration files -----------------------------------------------------------------------

# Working days within which a station answers; who completes a file: TOWN (the reviewer) or DISTRICT.
REGISTRATION_WORKDAYS = env.int("REGISTRATION_WORKDAYS", default=5)
CHANGE_WORKDAYS = env.int("CHANGE_WORKDAYS", default=10)
FILES_ENTERED_BY = env.str("FILES_ENTERED_BY", default="TOWN")
REGISTRATIONS_PER_DAY = env.int("REGISTRATIONS_PER_DAY", default=5)  # of one account
PROOF_VALID_DAYS = env.int("PROOF_VALID_DAYS", default=30)  # of a proof of identity

# --- acting for others ------------------------------------------------------------------------

PROXY_MOST_DAYS = env.int("PROXY_MOST_DAYS", default=730)
PROXY_WARNING_DAYS = env.int("PROXY_WARNING_DAYS", default=14)
PROXY_ASKS_PER_DAY = env.int("PROXY_ASKS_PER_DAY", default=5)  # online, of one account
PROXY_ASKS_PER_PERSON_AND_DAY = env.int("PROXY_ASKS_PER_PERSON_AND_DAY", default=2)

# Numbers a keeper of a partner may try a day when adding members: an answer tells of an account.
PARTNER_MEMBER_TRIES_PER_DAY = env.int("PARTNER_MEMBER_TRIES_PER_DAY", default=20)
# Organisations that one account may have waiting for their check at once.
PARTNER_OPEN_APPLICATIONS = env.int("PARTNER_OPEN_APPLICATIONS", default=3)

# Seconds that an answer takes at least which must not tell, by its haste, whether there is a file.
EVEN_ANSWER_SECONDS = env.float("EVEN_ANSWER_SECONDS", default=0.5)

# Working days within which the other station answers.
TRANSFER_WORKDAYS = env.int("TRANSFER_WORKDAYS", default=5)

MERGE_UNDO_DAYS = env.int("MERGE_UNDO_DAYS", default=7)  # within which a merge can be taken back

# --- ratings ----------------------------------------------------------------------------------

# Where people reach the portal, as https://host: links in SMS begin with it. Left out, they are told
# to open the portal instead.
PORTAL_BASE_URL = env.str("PORTAL_BASE_URL", default="").rstrip("/")
RATE_TRIES = env.int("RATE_TRIES", default=20)  # pages of ratings a minute from one address
RATING_DAYS = env.int("RATING_DAYS", default=30)  # how long an invitation counts
# Working days to call back after a bad grade, and to mend what it is about (`domain.md` D.8).
RATING_CALL_WORKDAYS = env.int("RATING_CALL_WORKDAYS", default=5)
RATING_MEND_WORKDAYS = env.int("RATING_MEND_WORKDAYS", default=15)

# --- matters ----------------------------------------------------------------------------------

# Working days: to look at what was handed in, and to mend it. Days: until the archive, and until a
# draft nobody came back to is emptied.
MATTER_CHECK_WORKDAYS = env.int("MATTER_CHECK_WORKDAYS", default=2)
MATTER_SUPPLEMENT_WORKDAYS = env.int("MATTER_SUPPLEMENT_WORKDAYS", default=15)
MATTER_ARCHIVE_DAYS = env.int("MATTER_ARCHIVE_DAYS", default=60)
MATTER_DRAFT_DAYS = env.int("MATTER_DRAFT_DAYS", default=30)
# So many unfinished ones may a citizen have at once by self-service: of one kind, and in all.
MATTERS_OPEN_PER_KIND = env.int("MATTERS_OPEN_PER_KIND", default=3)
MATTERS_OPEN_IN_ALL = env.int("MATTERS_OPEN_IN_ALL", default=10)

# --- training ---------------------------------------------------------------------------------

# Days: how far back a discharge still leads to adaptive training, and how long there is for it.
TRAINING_LOOK_BACK_DAYS = env.int("TRAINING_LOOK_BACK_DAYS", default=365)
TRAINING_DUE_DAYS = env.int("TRAINING_DUE_DAYS", default=180)

# --- the month ------------------------------------------------------------------------------

# domain.md C.1: by which working day after the month each tier has filed
REPORT_DUE_WORKDAYS = {
    "village": env.int("REPORT_DUE_VILLAGE", default=2),
    "town": env.int("REPORT_DUE_TOWN", default=3),
    "district": env.int("REPORT_DUE_DISTRICT", default=5),
    "city": env.int("REPORT_DUE_CITY", default=8),
}
