import numpy as np
import pytest

from benchmarks import rounds
from benchmarks.layer_model import TOP_K, Target
from benchmarks.rounds import Contender, Others, Spread, found, measure, paired


class Next:
    """A rotation that hands out the first target."""

    def next(self, targets: list[Target]) -> Target:
        return targets[0]


def target(tokens: int) -> Target:
    return Target(0, 0, np.zeros((tokens, 1), np.float32), np.zeros((tokens, TOP_K), np.int64))


def test_spread_of_known_numbers() -> None:
    spread = Spread.of([5.0, 1.0, 3.0, 2.0, 4.0])
    assert (spread.least, spread.q1, spread.median, spread.q3, spread.count) == (1, 2, 3, 4, 5)
    assert spread.width == pytest.approx(2 / 3)
    assert spread.wide
    assert not Spread.of([10.0, 10.5, 11.0]).wide


def test_a_slow_minute_does_not_move_a_paired_ratio() -> None:
    slowness = np.repeat([1.0, 3.0, 1.0], 10)
    assert paired(list(2.0 * slowness), list(1.0 * slowness)).median == pytest.approx(2)


def test_every_pass_calls_each_contender_once_in_changing_order(monkeypatch) -> None:
    monkeypatch.setattr(rounds, "settle", lambda: None)
    calls = []

    def contender(name: str, tokens: int) -> Contender:
        return Contender(name, 1, tokens, lambda target: lambda: calls.append((name, target.tokens)))

    group = [contender(name, tokens) for tokens in (1, 2) for name in "abc"]
    samples = measure(group, {1: [target(1)], 2: [target(2)]}, Next(), 5, {1: 3}, 0, lambda _: None)
    assert {(one.name, one.tokens): len(times) for one, times in samples.items()} == {
        **{(name, 1): 15 for name in "abc"},
        **{(name, 2): 5 for name in "abc"},
    }
    passes = [calls[at : at + 3] for at in range(0, len(calls), 3)]
    assert all(len({name for name, _ in one}) == 3 and len({tokens for _, tokens in one}) == 1 for one in passes)
    assert len({tuple(one) for one in passes if one[0][1] == 1}) > 1
    assert found(samples, "a", 1, 2) == samples[group[3]]
    assert found(samples, "a", 2, 2) is None


def test_what_others_used(tmp_path, monkeypatch) -> None:
    stat = tmp_path / "stat"
    monkeypatch.setattr(rounds.time, "process_time", lambda: 1.0)
    stat.write_text("cpu 100 0 0 900 0 0 0 0 0 0\ncpu0 ...\n")
    others = Others(stat)
    monkeypatch.setattr(rounds.time, "process_time", lambda: 1.5)
    ticks = rounds.os.sysconf("SC_CLK_TCK")
    stat.write_text(f"cpu {100 + ticks} 0 0 {900 + ticks} 0 0 0 0 0 0\n")  # a second used, half of it by us
    assert others.share() == pytest.approx(0.25)
    assert Others(tmp_path / "none").share() is None
