"""Many clients at once over kept connections, cheap enough to share the cores with the server."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Answers:
    """Status and seconds of each answer, and when the last booking was confirmed."""

    statuses: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    booked_within: float = 0.0

    @property
    def booked(self):
        return self.statuses.count(201)

    def percentile(self, share):
        """Milliseconds within which this share of the bookings was confirmed."""
        times = sorted(
            each for each, status in zip(self.seconds, self.statuses, strict=True) if status == 201
        )
        return times[min(int(len(times) * share), len(times) - 1)] * 1000 if times else 0.0


def send_all(port, requests, *, clients):
    """Send ready-made requests (bytes) by so many clients, each waiting for its answer."""
    return asyncio.run(_send_all(port, requests, clients))


async def _send_all(port, requests, clients):
    answers, waiting, began = Answers(), iter(requests), time.perf_counter()

    async def client():
        line = None
        for request in waiting:
            line = line or await asyncio.open_connection("127.0.0.1", port)
            sent = time.perf_counter()
            status, keep = await _ask(line, request)
            now = time.perf_counter()
            answers.statuses.append(status)
            answers.seconds.append(now - sent)
            if status == 201:
                answers.booked_within = now - began
            if not keep:
                line[1].close()
                line = None
        if line:
            line[1].close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return answers


async def _ask(line, request):
    reader, writer = line
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return int(head[9:12]), b"connection: close" not in head
