"""The scanner hook, against a daemon that speaks clamd's INSTREAM."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from services import uploads
from tests.services.paper_makers import EICAR, picture, upload
from veterans_portal import virus_scan


def take(line, count):
    data = b""
    while len(data) < count:
        piece = line.recv(count - len(data))
        if not piece:
            break
        data += piece
    return data


def serve(listener, said, answer):
    with listener, listener.accept()[0] as line:
        line.settimeout(5)
        said["command"] = take(line, 10)
        content = b""
        while size := struct.unpack("!L", take(line, 4))[0]:
            content += take(line, size)
        said["content"] = content
        reply = answer or (b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK")
        if reply != b"hang up":
            line.sendall(reply + b"\0")


@contextmanager
def daemon(settings, tmp_path=None, answer=None):
    """A clamd of one scan on TCP, or on a socket in `tmp_path`."""
    if tmp_path is None:
        listener = socket.create_server(("127.0.0.1", 0))
        settings.CLAMD_ADDRESS = f"127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        settings.CLAMD_ADDRESS = str(tmp_path / "clamd")
        listener.bind(settings.CLAMD_ADDRESS)
        listener.listen()
    said = {}
    thread = threading.Thread(target=serve, args=(listener, said, answer))
    thread.start()
    try:
        yield said
    finally:
        thread.join(10)


@pytest.fixture(autouse=True)
def _clamd(settings):
    settings.VIRUS_SCANNER = "veterans_portal.virus_scan.clamd"
    settings.CLAMD_TIMEOUT = 5


def test_clamd__clean_file__passes_whole(settings):
    data = b"x" * 200_000
    with daemon(settings) as said:
        assert virus_scan.infected(data) == ""
    assert said == {"command": b"zINSTREAM\0", "content": data}


def test_clamd__eicar__is_named(settings):
    with daemon(settings):
        assert virus_scan.infected(EICAR) == "Eicar-Signature"


def test_clamd__socket_of_the_machine__works(settings, tmp_path):
    with daemon(settings, tmp_path):
        assert virus_scan.infected(EICAR) == "Eicar-Signature"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"hang up", b"gibberish"]
)
def test_clamd__answer_that_says_nothing__is_no_all_clear(settings, answer):
    with daemon(settings, answer=answer or b"hang up"), pytest.raises(virus_scan.ScannerAwayError):
        virus_scan.infected(b"x")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd", "nonsense", ""])
def test_clamd__nobody_there__is_told_apart_from_clean(settings, address):
    settings.CLAMD_ADDRESS = address
    with pytest.raises(virus_scan.ScannerAwayError):
        virus_scan.infected(b"x")


def test_upload__infected__is_refused(settings):
    with daemon(settings), pytest.raises(uploads.UploadRefusedError, match="病毒"):
        uploads.clean(upload(picture() + EICAR))


def test_upload__scanner_away__is_refused_for_now(settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    with pytest.raises(uploads.UploadRefusedError, match="请稍后再传"):
        uploads.clean(upload(picture()))


def test_scanner__no_setting__scans_nothing(settings):
    settings.VIRUS_SCANNER = ""
    assert virus_scan.infected(EICAR) == ""
