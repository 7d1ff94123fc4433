"""What other apps put on a citizen's own page (/me/) when they have something for the reader.

A panel is a function of `(user, person)` that returns a Panel or None; `person` is the reader's file
or None. Register it in `AppConfig.ready`: `own_panels.register(found_for_you)`.
"""

from dataclasses import dataclass

_panels = []


@dataclass(frozen=True)
class Panel:
    """A title, a sentence or two, and where to go on."""

    title: str
    words: str
    url: str
    link: str


def register(panel):
    """Add a panel function (once); returns it, so it can decorate."""
    if panel not in _panels:
        _panels.append(panel)
    return panel


def registered(user, person):
    """The panels that have something for this reader, in the order they were registered."""
    found = [panel(user, person) for panel in _panels]
    return [each for each in found if each is not None]
