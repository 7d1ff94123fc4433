"""Scanning what people upload: a hook by setting, with a client for ClamAV's daemon.

The kept client library for clamd is under the GPL, so the few lines of its INSTREAM command
stand here (clamd's own manual describes it).
"""

import socket
import struct

from django.conf import settings
from django.utils.module_loading import import_string

CHUNK = 64 * 1024  # bytes; far under clamd's StreamMaxLength
LONGEST_REPLY = 4096


class ScannerAwayError(Exception):
    """Nobody can say whether the file is clean: the scanner does not answer as it should."""


def infected(data):
    """Return the name of the virus in `data` (bytes), "" when it is clean.

    Asks what `settings.VIRUS_SCANNER` names; an empty setting means that nothing is scanned.
    Raises ScannerAwayError.
    """
    if not settings.VIRUS_SCANNER:
        return ""
    return import_string(settings.VIRUS_SCANNER)(data)


def clamd(data):
    """Ask the daemon at `settings.CLAMD_ADDRESS`: `/path/of/socket` or `host:port`."""
    try:
        with _connected(settings.CLAMD_ADDRESS) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                piece = data[start : start + CHUNK]
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            reply = _reply(line)
    except OSError as error:
        raise ScannerAwayError(str(error)) from error
    answer = reply.rpartition(": ")[2]
    if answer == "OK":
        return ""
    if answer.endswith(" FOUND"):
        return answer.removesuffix(" FOUND")
    raise ScannerAwayError(f"unexpected reply: {reply[:200]!r}")


def _connected(address):
    seconds = settings.CLAMD_TIMEOUT
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise ScannerAwayError(f"CLAMD_ADDRESS is neither a path nor host:port: {address!r}")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _reply(line):
    """What the daemon says up to its NUL."""
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_REPLY:
        piece = line.recv(1024)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode(errors="replace").strip()
