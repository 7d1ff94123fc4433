"""For web servers and workers that a race starts beside itself, on the test's database."""

import os

from veterans_portal.settings.test import *  # noqa: F403
from veterans_portal.settings.test import MESSAGE_GATEWAYS, MIDDLEWARE

MIDDLEWARE = [name for name in MIDDLEWARE if "zeal" not in name]
ROOT_URLCONF = os.environ.get("RACE_URLCONF", "veterans_portal.urls")
if "RACE_SMS_URL" in os.environ:
    MESSAGE_GATEWAYS["SMS"] = "accounts.gateways.HttpGateway"
    SMS_GATEWAY_URL = os.environ["RACE_SMS_URL"]
    SMS_GATEWAY_KEY_ID, SMS_GATEWAY_SECRET = "race", "secret"
