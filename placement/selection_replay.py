"""Recompute a session from its published record alone: order, every step by the rules, result, hashes.

Nothing here reads the database, so that anybody can check with the file in hand what the acts of
`placement.actions.selection` did. `Replay` may be stopped after any line and taken up again: what it
knows is what the session's row and its turns and posts know.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from placement import selection_record
from placement.enums.selection import MissedRule, RecordAct, SessionState, TurnState

SLACK = 1.0  # seconds by which a rounded remainder may differ
TO_CALL = [TurnState.RETURNED, TurnState.WAITING, TurnState.MISSED]
OPEN_TURNS = [TurnState.WAITING, TurnState.RETURNED, TurnState.MISSED, TurnState.CALLED]


class ReplayError(Exception):
    """The record contradicts itself or the rules; says where and how."""


def expect(true, number, sentence):
    """Raise ReplayError at line `number` unless it is true."""
    if not true:
        raise ReplayError(f"第{number}条：{sentence}")


def in_order(entries):
    """The order that ranks and lots give: lower rank first, lower lot between equals."""
    return sorted(entries, key=lambda each: (each["rank"], each["lot"]))


def check_order(entries):
    """Raise ReplayError unless the frozen order follows from totals, ranks and lots."""
    if [each["position"] for each in entries] != list(range(1, len(entries) + 1)):
        raise ReplayError("顺序不连续。")
    if in_order(entries) != entries:
        raise ReplayError("顺序与名次不符。")
    for before, after in pairwise(entries):
        if before["rank"] == after["rank"] and before["total"] != after["total"]:
            raise ReplayError(f"第{after['position']}位与前一位名次相同、总分不同。")
    for place, each in enumerate(entries, start=1):
        first = next(other for other in entries if other["rank"] == each["rank"])
        if each["rank"] != first["position"] or each["rank"] > place:
            raise ReplayError(f"第{place}位的名次不对。")


@dataclass
class Turn:
    """Where one in the order stands."""

    state: str = TurnState.WAITING
    calls: int = 0
    missed_at: datetime | None = None
    post: int | None = None


@dataclass
class Replay:
    """A session as it stands after the lines read so far."""

    frozen: dict
    state: str = SessionState.PREPARED
    head: str = ""
    number: int = 0
    at: datetime | None = None
    current: int | None = None
    deadline: datetime | None = None
    remaining: int | None = None
    turns: dict = field(default_factory=dict)
    taken: dict = field(default_factory=dict)
    proposed: dict = field(default_factory=dict)

    def __post_init__(self):
        if not self.turns:
            self.turns = {each["position"]: Turn() for each in self.frozen["order"]}
            self.taken = {each["position"]: 0 for each in self.frozen["posts"]}
        self.places = {each["position"]: each["places"] for each in self.frozen["posts"]}
        self.rules = self.frozen["rules"]

    def read(self, line, digest):
        """Take one line further; raises ReplayError when it cannot follow."""
        number = line["number"]
        expect(number == self.number + 1, number, "序号不连续。")
        head = selection_record.chained(self.head, selection_record.canonical(line))
        expect(head == digest, number, "校验值不符，这一条或它前面的被改动过。")
        at = datetime.fromisoformat(line["at"])
        expect(self.at is None or at >= self.at, number, "时间早于上一条。")
        expect(self.state != SessionState.CLOSED, number, "结束以后还有记录。")
        self.number, self.head, self.at = number, head, at
        STEPS[line["act"]](self, line)

    def next_to_call(self):
        """The position of whoever is next by the rules, or None: nobody, or no post is left."""
        if all(self.taken[post] >= places for post, places in self.places.items()):
            return None
        for state in TO_CALL:
            found = [at for at, turn in self.turns.items() if self._waits(turn, state)]
            if found:
                return min(found)
        return None

    def _waits(self, turn, state):
        if turn.state != state:
            return False
        if state == TurnState.MISSED:
            return self.rules["missed"] == MissedRule.LAST and turn.calls == 1
        return True

    def result(self):
        """Pairs of (turn, post) as they stand, in the order of turns."""
        return [(at, turn.post) for at, turn in sorted(self.turns.items()) if turn.post]

    # --- what each act means --------------------------------------------------------------------

    def _opened(self, line):
        expect(self.state == SessionState.PREPARED, self.number, "已经开始过。")
        same = line["frozen"] == selection_record.frozen_digest(self.frozen)
        expect(same, self.number, "规则、顺序或岗位与开始时不一样。")
        check_order(self.frozen["order"])
        self.state = SessionState.RUNNING

    def _called(self, line):
        expect(self.state == SessionState.RUNNING, self.number, "没有在选岗。")
        expect(self.current is None, self.number, "前一位还没有完。")
        expect(line["turn"] == self.next_to_call(), self.number, "叫的不是下一位。")
        expect(line["seconds"] == self.rules["turn_seconds"], self.number, "时间与规则不符。")
        turn = self.turns[line["turn"]]
        turn.state, turn.calls = TurnState.CALLED, turn.calls + 1
        self.current = line["turn"]
        self.deadline = self.at + timedelta(seconds=line["seconds"])

    def _mine(self, line):
        expect(self.state == SessionState.RUNNING, self.number, "没有在选岗。")
        expect(line["turn"] == self.current, self.number, "不是轮到的这一位。")
        return self.turns[self.current]

    def _chose(self, line):
        turn = self._mine(line)
        expect(self.at <= self.deadline, self.number, "选的时候已经超时。")
        post = line["post"]
        expect(post in self.places, self.number, "没有这个岗位。")
        expect(self.taken[post] < self.places[post], self.number, "这个岗位的名额已经选完。")
        self.taken[post] += 1
        turn.state, turn.post = TurnState.CHOSEN, post
        self._free()

    def _passed(self, line):
        self._mine(line).state = TurnState.PASSED
        self._free()

    def _missed(self, line):
        turn = self._mine(line)
        expect(self.at >= self.deadline, self.number, "时间还没有到。")
        expect(turn.calls == 1, self.number, "第二次没有选应记为未到场。")
        turn.state, turn.missed_at = TurnState.MISSED, self.at
        self._free()

    def _absent(self, line):
        turn = self.turns[line["turn"]]
        if turn.state == TurnState.CALLED:
            expect(self.at >= self.deadline and turn.calls > 1, self.number, "还不能记为未到场。")
            self._free()
        else:
            expect(turn.state == TurnState.MISSED, self.number, "没有错过轮次。")
        turn.state = TurnState.ABSENT

    def _returned(self, line):
        turn = self.turns[line["turn"]]
        expect(turn.state == TurnState.MISSED, self.number, "没有错过轮次。")
        limit = turn.missed_at + timedelta(seconds=self.rules["late_seconds"])
        expect(self.at <= limit, self.number, "迟到太久，不能补选。")
        turn.state = TurnState.RETURNED

    def _out(self, line):
        turn = self.turns[line["turn"]]
        expect(turn.state in TO_CALL, self.number, "这一位已经选过。")
        turn.state = TurnState.OUT

    def _paused(self, line):
        expect(self.state == SessionState.RUNNING, self.number, "没有在选岗。")
        if self.current is not None:
            left = max(0.0, (self.deadline - self.at).total_seconds())
            expect(abs(left - line["seconds"]) <= SLACK, self.number, "剩余时间不符。")
            self.remaining = line["seconds"]
        self.state, self.deadline = SessionState.PAUSED, None

    def _resumed(self, line):
        expect(self.state == SessionState.PAUSED, self.number, "没有暂停。")
        if self.current is not None:
            expect(line["seconds"] == self.remaining, self.number, "剩余时间不符。")
            self.deadline = self.at + timedelta(seconds=line["seconds"])
        self.state, self.remaining = SessionState.RUNNING, None

    def _stopped(self, line):
        expect(self.deadline is not None, self.number, "没有在计时。")
        expect(line["seconds"] > self.rules["outage_seconds"], self.number, "中断太短，不补时间。")
        self.deadline += timedelta(seconds=line["seconds"])

    def _undo_proposed(self, line):
        turn = self.turns[line["turn"]]
        same = turn.state == TurnState.CHOSEN and turn.post == line["post"]
        expect(same and line["turn"] not in self.proposed, self.number, "没有可以撤销的选择。")
        self.proposed[line["turn"]] = line["officer"]

    def _undo_ends(self, line):
        proposer = self.proposed.pop(line["turn"], None)
        expect(proposer, self.number, "没有人提议撤销。")
        expect(line["officer"] not in ("", proposer), self.number, "提议人和确认人是同一个人。")

    def _undone(self, line):
        self._undo_ends(line)
        turn = self.turns[line["turn"]]
        expect(turn.post == line["post"], self.number, "撤销的岗位不对。")
        self.taken[turn.post] -= 1
        turn.state, turn.post, turn.calls = TurnState.RETURNED, None, 0

    def _unreached(self, line):
        turn = self.turns[line["turn"]]
        expect(turn.state in OPEN_TURNS, self.number, "这一位已经选过。")
        turn.state = TurnState.UNREACHED
        if line["turn"] == self.current:
            self._free()

    def _closed(self, line):
        live = self.state in (SessionState.RUNNING, SessionState.PAUSED)
        expect(live and self.current is None and not self.proposed, self.number, "还不能结束。")
        left = [at for at, turn in self.turns.items() if turn.state in OPEN_TURNS]
        expect(not left, self.number, "还有人没有结果。")
        digest = selection_record.result_digest(self.result())
        expect(line["result"] == digest, self.number, "结果与记录不符。")
        self.state = SessionState.CLOSED

    def _free(self):
        self.current = self.deadline = self.remaining = None


STEPS = {
    RecordAct.OPENED: Replay._opened,
    RecordAct.CALLED: Replay._called,
    RecordAct.CHOSE: Replay._chose,
    RecordAct.PASSED: Replay._passed,
    RecordAct.MISSED: Replay._missed,
    RecordAct.RETURNED: Replay._returned,
    RecordAct.ABSENT: Replay._absent,
    RecordAct.OUT: Replay._out,
    RecordAct.PAUSED: Replay._paused,
    RecordAct.RESUMED: Replay._resumed,
    RecordAct.STOPPED: Replay._stopped,
    RecordAct.UNDO_PROPOSED: Replay._undo_proposed,
    RecordAct.UNDO_REFUSED: Replay._undo_ends,
    RecordAct.UNDONE: Replay._undone,
    RecordAct.UNREACHED: Replay._unreached,
    RecordAct.CLOSED: Replay._closed,
}


def replay(published):
    """Replay a published record (a dictionary); returns the Replay. Raises ReplayError."""
    if published.get("format") != selection_record.FORMAT:
        raise ReplayError("不是选岗记录，或是另一种格式。")
    try:
        found = Replay(published["frozen"])
        for entry in published["record"]:
            found.read(entry["line"], entry["hash"])
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise ReplayError(f"记录不完整或格式不对（{wrong!r}）。") from wrong
    if found.head != published["hash"]:
        raise ReplayError("最后的校验值不符。")
    if [list(pair) for pair in found.result()] != published["result"]:
        raise ReplayError("重新计算的结果与公布的不同。")
    return found
