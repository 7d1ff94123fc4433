"""Where messages leave the house. `settings.MESSAGE_GATEWAYS` chooses one per channel.

A gateway has `idempotent` (it drops a second copy of the same message id) and
`send(message)`, which returns when the message was taken and else raises one of the three errors.
"""

import json
import sys
import time
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, hmac
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from veterans_portal.masking import mask_phone


class Refused(Exception):  # noqa: N818  what the gateway did, not a fault of ours
    """The gateway will never take this message (a number that does not exist)."""


class NotTaken(Exception):  # noqa: N818
    """The gateway certainly did not take it; a later try is safe."""


class Unclear(Exception):  # noqa: N818
    """Nobody knows whether it was taken; a second try could send it twice."""


@lru_cache
def gateway_for(channel):
    """The gateway of a channel (one per process)."""
    return import_string(settings.MESSAGE_GATEWAYS[channel])()


class ConsoleGateway:
    """For development: the message is printed, and the local outbox page shows it."""

    idempotent = True

    def send(self, message):
        """Print who would get what."""
        sys.stdout.write(f"[短信] {mask_phone(message.phone)} {message.title}：{message.body}\n")
        sys.stdout.flush()


class MailGateway:
    """Through Django's mail settings, the message id as Message-ID."""

    idempotent = False

    def send(self, message):
        """Send one plain mail; anything that goes wrong leaves it unclear."""
        mail = EmailMessage(
            message.title,
            message.body,
            to=[message.email],
            headers={"Message-ID": f"<{message.pk}@{settings.MESSAGES_MAIL_DOMAIN}>"},
        )
        try:
            mail.send()
        except ConnectionRefusedError as error:
            raise NotTaken(str(error)) from error
        except OSError as error:
            raise Unclear(str(error)) from error


class HttpGateway:
    """Signed JSON over HTTPS to an SMS provider's relay.

    `POST SMS_GATEWAY_URL` with `{"id", "phone", "text"}`; the header `X-Signature` is the hex
    HMAC-SM3 of `timestamp NEWLINE body` under SMS_GATEWAY_SECRET, `X-Timestamp` Unix seconds,
    `X-Key-Id` names the secret, `Idempotency-Key` is the message id. 2xx: taken. 429 and 503: not
    taken. Other 4xx: refused. Anything else: unclear.
    """

    @property
    def idempotent(self):
        """Whether the provider promises to drop a second copy."""
        return settings.SMS_GATEWAY_IDEMPOTENT

    def send(self, message):
        """Hand one message over within SMS_GATEWAY_TIMEOUT seconds."""
        body = json.dumps(
            {"id": str(message.pk), "phone": message.phone, "text": message.body},
            ensure_ascii=False,
        ).encode()
        status = self._post(body, self._headers(message, body))
        if 200 <= status < 300:
            return
        if status in (429, 503):
            raise NotTaken(f"短信网关暂不接收（{status}）")
        if 400 <= status < 500:
            raise Refused(f"短信网关拒收（{status}）")
        raise Unclear(f"短信网关答复不明（{status}）")

    @staticmethod
    def _headers(message, body):
        now = str(int(time.time()))
        signer = hmac.HMAC(settings.SMS_GATEWAY_SECRET.encode(), hashes.SM3())
        signer.update(now.encode() + b"\n" + body)
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": str(message.pk),
            "X-Key-Id": settings.SMS_GATEWAY_KEY_ID,
            "X-Timestamp": now,
            "X-Signature": signer.finalize().hex(),
        }

    @staticmethod
    def _post(body, headers):
        target = urlsplit(settings.SMS_GATEWAY_URL)
        if not target.hostname:
            raise NotTaken("短信网关没有配置")
        kind = HTTPSConnection if target.scheme == "https" else HTTPConnection
        line = kind(target.hostname, target.port, timeout=settings.SMS_GATEWAY_TIMEOUT)
        try:
            try:
                line.connect()
            except OSError as error:
                raise NotTaken("短信网关连接不上") from error
            try:
                line.request("POST", target.path or "/", body, headers)
                return line.getresponse().status
            except (OSError, HTTPException) as error:
                raise Unclear("短信网关没有答复") from error
        finally:
            line.close()
