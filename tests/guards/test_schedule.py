"""Every entry of the beat schedule names a task that exists and can be called so."""

import inspect

import pytest

from veterans_portal.celery import app

ENTRIES = sorted(app.conf.beat_schedule.items())


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[name for name, _ in ENTRIES])
def test_beat__each_entry__imports_and_binds(name, entry):
    app.loader.import_default_modules()
    task = app.tasks[entry["task"]]
    inspect.signature(task.run).bind(*entry.get("args", ()), **entry.get("kwargs", {}))


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[name for name, _ in ENTRIES])
def test_beat__each_entry__does_not_pile_up(name, entry):
    """A run that waited longer than its own period is dropped: the next one does its work."""
    assert entry.get("options", {}).get("expires"), f"{name} needs options.expires"


def test_tasks__each_of_ours__json_only_and_late_acknowledged():
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
    for task in ours:
        assert task.acks_late, task.name
        assert task.serializer == "json", task.name
