"""GET never writes: held by the middleware below, not by good intentions.

Following a link, a prefetching browser or a link checker must not change anything. What a read may leave behind
is its own trace: the clock of the session or of the partner's key, and the audit entry that says who looked.
"""

import re
from contextlib import ExitStack

from django.db import connections

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TRACES = {"accounts_session", "accounts_auditentry", "services_partnerkey"}
WRITES = re.compile(
    r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|MERGE\s+INTO)\s+\"?(\w+)",
    re.IGNORECASE,
)
LOCKING_READ = re.compile(r"\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b", re.IGNORECASE)


class WriteOnGetError(Exception):
    """A page that should only read tried to write."""


def refuse_writes(execute, sql, params, many, context):
    """Let reads and traces pass; raise WriteOnGetError for every other statement."""
    text = LOCKING_READ.sub("", sql) if isinstance(sql, str) else ""
    for table in WRITES.findall(text):
        if table.lower() not in TRACES:
            raise WriteOnGetError(f"a read request tried to write to {table}")
    return execute(sql, params, many, context)


def read_only_get(get_response):
    """Middleware: run GET, HEAD and OPTIONS with `refuse_writes` on every database connection."""

    def middleware(request):
        if request.method not in SAFE_METHODS:
            return get_response(request)
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(refuse_writes))
            return get_response(request)

    return middleware
