"""Conditions over the registration file as data: read, said in words, judged, and asked in one query.

`parse` reads the data of a rule, `verdict` judges one person in Python with a sentence for each
condition, `persons` is the set of all whom it fits as one query. Both agree; a property test keeps it so.
"""

from services.rules.facts import Facts, facts_of, with_facts
from services.rules.tree import All, Any, NoneOf, RuleError, parse
from services.rules.verdicts import Reason, Verdict, compose, persons, verdict

__all__ = [
    "All",
    "Any",
    "Facts",
    "NoneOf",
    "Reason",
    "RuleError",
    "Verdict",
    "compose",
    "facts_of",
    "parse",
    "persons",
    "verdict",
    "with_facts",
]
