"""We come to you: rules find people, people are told, stations go out, and anybody may decline."""

from placement.actions.outreach.answering import accept_again, cancel, decline, finish
from placement.actions.outreach.matching import match, nightly, wanting
from placement.actions.outreach.publishing import counts, go_live, preview

__all__ = [
    "accept_again",
    "cancel",
    "counts",
    "decline",
    "finish",
    "go_live",
    "match",
    "nightly",
    "preview",
    "wanting",
]
