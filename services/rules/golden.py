"""Golden cases: made-up people beside a rule, and what the rule must say of them."""

from dataclasses import asdict, fields
from datetime import date

from services.rules.facts import Facts, HeldIdentity
from services.rules.tree import parse
from services.rules.verdicts import verdict


def facts_to_data(facts):
    """Facts as they are stored: what is not said is left out."""
    return {key: _plain(value) for key, value in asdict(facts).items() if value not in (None, ())}


def _plain(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def facts_from_data(data):
    """Facts from what `facts_to_data` stored."""
    known = _read(Facts, data)
    known["identities"] = tuple(
        HeldIdentity(**_read(HeldIdentity, each)) for each in data.get("identities", [])
    )
    known["cards"] = tuple(data.get("cards", []))
    return Facts(**known)


def _read(kind, data):
    dates = {each.name for each in fields(kind) if "date" in str(each.type)}
    return {
        key: date.fromisoformat(value) if key in dates else value
        for key, value in data.items()
        if key in {each.name for each in fields(kind)}
    }


def judged(version, case):
    """What the version says of a golden case: a Verdict."""
    root = parse(version.conditions, complete=False)
    return verdict(root, facts_from_data(case.facts), on=case.on, reach=version.reach)


def failures(version, cases):
    """The cases of which the version does not say what it should."""
    return [each for each in cases if judged(version, each).answer != each.expected]
