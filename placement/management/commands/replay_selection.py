"""`manage.py replay_selection <code or file>`: recompute a session from its published record."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from placement import points, selection_record, selection_replay
from placement.models import SelectionSession


class Command(BaseCommand):
    help = "按公开的记录重新计算一场选岗会的顺序和结果，并核对校验值"

    def add_arguments(self, parser):
        parser.add_argument("source", help="选岗会编号，或从公开页面下载的记录文件（JSON）")

    def handle(self, *args, source, **options):
        path = Path(source)
        session = None
        if path.suffix == ".json" or path.is_file():
            published = self._read(path)
        else:
            session = SelectionSession.objects.filter(code=source).first()
            if session is None:
                raise CommandError(f"没有编号为{source}的选岗会，也没有这个文件。")
            published = selection_record.published(session)
        try:
            found = selection_replay.replay(published)
            if session is not None:
                check_keys(session)
        except selection_replay.ReplayError as wrong:
            raise CommandError(f"不一致：{wrong}") from wrong
        self.stdout.write(
            f"一致：{found.number}条记录，{len(found.turns)}人，选定{len(found.result())}人。"
        )
        self.stdout.write(f"校验值：{found.head}")

    def _read(self, path):
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as unreadable:
            raise CommandError(f"文件打不开，或不是记录文件：{path.name}") from unreadable


def check_keys(session):
    """The ranks of the frozen order follow from totals and tie keys, which stay inside."""
    turns = list(session.turns.order_by("position"))
    expected = [(rank, turn.pk) for rank, turn in points.ranked(turns)]
    by_rank = {pk: rank for rank, pk in expected}
    for turn in turns:
        if by_rank[turn.pk] != turn.rank:
            raise selection_replay.ReplayError(f"第{turn.position}位的名次与分数不符。")
