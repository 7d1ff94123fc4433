"""The kinds of matters as the data file says them, and the codes that code must know by name.

`services/data/matter_kinds.json` holds the guides (`domain.md` D.8, B.4). What the bureau changes at
the desk is never overwritten by loading it again.
"""

import json

from services.network_data import DATA

POLICY = "policy-consultation"
CARD_APPLY = "card-apply"
CARD_REPLACE = "card-replace"
CARD_LOSS = "card-loss"
HARDSHIP = "hardship"
FILE_ADDRESS = "file-address"
FILE_IDENTITY = "file-identity"
MOVING_AWAY = "moving-away"
IDENTITY_PROOF = "identity-proof"


def rows():
    """The guides of the data file, in its order; each with its papers."""
    return json.loads((DATA / "matter_kinds.json").read_text(encoding="utf-8"))
