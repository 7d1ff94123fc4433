"""What the form of a matter does beside its states.

A form's module may have `on_submitted`, `on_supplement_asked`, `on_supplemented`, `on_accepted`,
`on_done` and `on_ended`, each called as `(matter, *, by)` inside the transaction of the act; a
DomainError out of it refuses the act.
"""

from importlib import import_module

from services.enums import MatterForm

# By name: these modules call acts of matters themselves.
MODULES = {
    MatterForm.FILE_CHANGE: "services.actions.matters.file_change",
    MatterForm.PROOF: "services.actions.matters.proof",
    MatterForm.CARD: "services.actions.cards",
}


def run(moment, matter, *, by):
    """Do what the matter's form does at a moment (the part of the name after `on_`)."""
    name = MODULES.get(matter.kind.form)
    effect = getattr(import_module(name), f"on_{moment}", None) if name else None
    if effect is not None:
        effect(matter, by=by)
