"""What all conditions have in common."""

from dataclasses import replace

from services.rules.outcome import RuleError

SENTENCE = 120


class Condition:
    """One question about a person's file, with the values it is asked with.

    A kind says `key` (in the data), `title` (in the editor), `params`, and three things that must
    agree: `look(facts, on)` → Outcome in Python, `query(on)` → Q, `describe()` in words for staff.
    `private` marks what only those may read who may see health (`domain.md` D.5).
    """

    key = ""
    title = ""
    params: tuple = ()
    private = False
    do_not_call_in_templates = True  # a template that names a kind means the kind

    def __init__(self, *, met="", missing="", **values):
        self.met, self.missing = met, missing
        for param in self.params:
            setattr(self, param.name, values[param.name])

    @classmethod
    def read(cls, data):
        """Make one from data; RuleError for what is unknown, missing or out of bounds."""
        known = {param.name for param in cls.params} | {"met", "missing"}
        if unknown := set(data) - known:
            raise RuleError(f"“{cls.title}”里有平台不认识的内容：{min(map(str, unknown)):.20}。")
        values = {param.name: param.read(data.get(param.name)) for param in cls.params}
        said = {key: _sentence(data.get(key, "")) for key in ("met", "missing")}
        cls.check(values)
        return cls(**values, **said)

    @classmethod
    def check(cls, values):
        """Refuse values that do not go together."""

    def to_data(self):
        """As `read` takes it."""
        data = {"is": self.key}
        for param in self.params:
            value = getattr(self, param.name)
            if value is not None and value != ():
                data[param.name] = list(value) if isinstance(value, tuple) else value
        return data | {k: v for k in ("met", "missing") if (v := getattr(self, k))}

    def leaves(self):
        yield self

    def outcome(self, facts, on):
        """`look`, with the rule's own sentence instead of the usual one where it has one."""
        found = self.look(facts, on)
        own = self.met if found.holds else self.missing
        return replace(found, words=own) if own else found

    def look(self, facts, on):
        raise NotImplementedError

    def query(self, on):
        raise NotImplementedError

    def describe(self):
        raise NotImplementedError


def _sentence(value):
    if not isinstance(value, str) or len(value) > SENTENCE:
        raise RuleError(f"条件的说明最多{SENTENCE}个字。")
    return value.strip()
