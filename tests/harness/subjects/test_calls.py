"""What a subject may do wrong in a call, and how each is told."""

from collections.abc import Mapping

import numpy as np
import pytest

from harness.language import types as T
from harness.language.arithmetic import float32
from harness.language.exact.region import Bounded
from harness.language.sizes import Size
from harness.language.syntax import parse
from harness.subjects.calls import Calls, Falsified, as_argument, call_of, check_array, zeroed
from harness.subjects.interrupt import Interrupted
from tests.harness import calls_in_turn as turn


@pytest.fixture
def case(make_case):
    return make_case([1, 2, 3, 4, 5], [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]])


def returning(**fields):
    return lambda **arguments: fields


GOOD = np.array([55, 35], np.float32)
WRONG = {
    "type": (returning(out=GOOD.astype(np.float64)), "product().out has another type", "float32", "float64"),
    "integers": (returning(out=GOOD.astype(np.int32)), "product().out has another type", "float32", "int32"),
    "byte order": (returning(out=GOOD.astype(">f4")), "product().out has another type", "float32", ">f4"),
    "list of floats": (returning(out=[55.0, 35.0]), "product().out has another type", "float32", "float64"),
    "ragged": (returning(out=[[1.0], [2.0, 3.0]]), "product().out has another type", "float32", "object"),
    "nothing": (returning(out=None), "product().out has another type", "float32", "object"),
    "too short": (returning(out=GOOD[:1]), "product().out has another shape", "(2,)", "(1,)"),
    "an axis more": (returning(out=GOOD[None]), "product().out has another shape", "(2,)", "(1, 2)"),
    "other name": (returning(output=GOOD), "product returned no 'out'", "out: real[rows]", "output"),
    "no name": (returning(), "product returned no 'out'", "out: real[rows]", "an empty mapping"),
    "one more": (
        returning(out=GOOD, other=GOOD),
        "product returned 'other', which the contract does not list",
        "out",
        "out, other",
    ),
    "no mapping": (lambda **arguments: GOOD, "product returned no mapping of names to arrays", "a mapping", "ndarray"),
    "None": (lambda **arguments: None, "product returned no mapping of names to arrays", "a mapping", "NoneType"),
}


def test_a_result_in_a_narrower_format_may_be_what_the_contract_means(judge, case):
    judged = judge(1, case, product=returning(out=GOOD.astype(np.float16)))
    assert judged.evidence.expected == "float32; where that is right, the contract says so: `dtype: f16` in `returns`"
    assert judged.evidence.got == "float16"


@pytest.mark.parametrize("name", WRONG)
def test_wrong_results_are_named(judge, case, name):
    function, reason, expected, got = WRONG[name]
    judged = judge(1, case, product=function)
    assert judged.holds is False
    assert (judged.evidence.reason, judged.evidence.expected, judged.evidence.got) == (reason, expected, got)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_result_that_is_not_finite_is_beyond_every_bound(judge, case, value):
    judged = judge(1, case, product=returning(out=np.array([55, value], np.float32)))
    assert judged.holds is False and judged.evidence.index == (1,)


@pytest.mark.parametrize("ids", [[2], [-1], [2**40]])
def test_ids_out_of_range_are_refused_before_they_index_anything(judge, case, ids):
    function = returning(out=GOOD, squares=GOOD * GOOD, best=np.array(ids))
    judged = judge(3, case, staged=function)
    assert judged.evidence.reason == "staged().best leaves its range"
    assert judged.evidence.expected == "0 to 1"


def raising(error):
    def function(**arguments):
        raise error

    return function


def recursing(**arguments):
    return recursing(**arguments)


@pytest.mark.parametrize(
    "error", [ValueError("no"), KeyboardInterrupt(), SystemExit(3), RecursionError(), GeneratorExit()]
)
def test_every_error_of_a_subject_is_its_own(judge, case, error):
    judged = judge(1, case, product=raising(error))
    assert judged.evidence.reason == "product() raised an error"
    assert judged.evidence.got.startswith(type(error).__name__)


class Endless(Mapping):
    """A mapping whose names have no end; `read` counts those that were looked at."""

    read = 0

    def __getitem__(self, name):
        raise KeyError(name)

    def __contains__(self, name):
        return False

    def __iter__(self):
        while True:
            self.read += 1
            yield f"out{self.read}"

    def __len__(self):
        return 1 << 62


class Unreadable(dict):
    def __getitem__(self, name):
        raise SystemExit(3)


class NoArray:
    def __array__(self, *_, **__):
        raise SystemExit(3)


def test_of_an_endless_mapping_one_name_more_is_read_than_was_declared(judge, case):
    returned = Endless()
    evidence = judge(1, case, product=lambda **_: returned).evidence
    assert (evidence.reason, evidence.got, returned.read) == ("product returned no 'out'", "out1, out2", 2)


def test_results_that_cannot_be_read(judge, case):
    evidence = judge(1, case, product=lambda **_: Unreadable(out=1)).evidence
    assert (evidence.reason, evidence.got) == ("product returned what cannot be read", "SystemExit: 3")
    evidence = judge(1, case, product=lambda **_: {"out": NoArray()}).evidence
    assert (evidence.reason, evidence.got) == ("product().out has another type", "object")


def test_infinite_recursion(judge, case):
    assert judge(1, case, product=recursing).evidence.got.startswith("RecursionError: maximum recursion depth")


def test_the_users_own_interrupt_is_no_verdict(judge, case):
    with pytest.raises(Interrupted):
        judge(1, case, product=raising(Interrupted()))


def test_a_changed_argument_is_told(judge, case):
    def function(*, x, m, size):
        x[0] = 0
        return {"out": GOOD}

    assert judge(1, case, product=function).evidence.reason == "product() changed its argument x"
    assert case.inputs["x"][0] == 1  # and does not reach the case


def test_a_changed_argument_is_told_of_a_call_that_raises(judge, case):
    def function(*, x, m, size):
        x[0] = 0
        raise ValueError("x has 5 entries, expected 5")

    assert judge(4, case, product=function).evidence.reason == "product(x=x[:-1]) changed its argument x"


def test_returning_an_argument_is_allowed(make_case, judge):
    case = make_case([3], [[1]])
    assert judge(1, case, product=lambda *, x, m, size: {"out": x}).holds


def test_a_buffer_that_is_used_again_is_told(judge, case):
    buffer = np.zeros(2, np.float32)
    calls = []

    def function(**arguments):
        calls.append(arguments)
        buffer[:] = GOOD * len(calls)
        return {"out": buffer}

    judged = judge(2, case, product=function)
    assert len(calls) == 2
    assert judged.holds is False


def test_a_stale_buffer_shows_even_where_the_claim_holds(make_case, judge):
    buffer = np.zeros(1, np.float32)

    def function(*, x, m, size):
        buffer[:] += 1
        return {"out": buffer}

    judged = judge(2, make_case([1], [[1]]), product=function)
    assert judged.evidence.reason in ("not identical", "a later call changed an earlier result of product().out")


def in_one_buffer():
    buffer = np.zeros(4, np.float32)

    def function(*, x, m, size):
        buffer[1:3] = GOOD if x.any() else 0
        return {"out": buffer[1:3]}

    return function


def test_a_buffer_that_is_used_again_is_told_of_every_claim(judge, case):
    assert judge(1, case, product=in_one_buffer()).holds  # one call alone has no later one
    judged = judge(1, case, disturb=True, product=in_one_buffer())
    assert judged.evidence.reason == "a later call changed an earlier result of product().out"
    assert judged.evidence.any_claim


def test_a_buffer_that_is_used_again_is_told_where_nothing_is_decided(make_case, judge):
    case = make_case([0.1, 0.3, 1], [[3, 0, 1], [0, 1, 1]])  # 1.3 and 1.3, but for rounding
    buffers = {"out": np.zeros(2, np.float32), "squares": np.zeros(2, np.float32), "best": np.zeros(1, np.int64)}

    def function(*, x, m, k):
        buffers["out"][:] = x.sum()
        return buffers

    assert judge(7, case, staged=function).holds is None
    assert judge(7, case, disturb=True, staged=function).evidence.reason.startswith("a later call changed")


def test_a_result_that_is_known_already_may_be_returned_again(judge, case):
    known = {"out": GOOD}
    assert judge(1, case, disturb=True, product=lambda **arguments: known).holds


def test_nothing_is_claimed_of_the_calls_that_disturb(judge, case):
    def function(*, x, m, size):
        if not x.any():
            raise ValueError("no zeros")
        return {"out": GOOD}

    assert judge(1, case, disturb=True, product=function).holds


def remembering():
    """What it made of an array is kept by the place where the array lies."""
    seen = {}

    def function(*, x, m, size):
        del m, size
        place = x.__array_interface__["data"][0]
        kept, made = seen.setdefault(
            place, (x, GOOD if x.any() else 0 * GOOD)
        )  # the array is kept, so none comes there
        del kept
        return {"out": made}

    return function


def test_values_that_are_remembered_by_their_place_are_told(judge, case):
    assert judge(1, case, product=remembering()).holds
    judged = judge(1, case, disturb=True, product=remembering())
    assert judged.evidence.reason == "product() gave another result in arrays that had held other values"
    assert judged.evidence.any_claim


def test_an_error_for_values_that_are_remembered_is_told(judge, case):
    def function(*, x, m, size):
        if not refused and not x.any():
            refused.append(x)
        if refused and x is refused[0]:
            raise ValueError("zeros")
        return {"out": GOOD}

    refused = []
    assert "other values" in judge(1, case, disturb=True, product=function).evidence.reason


def test_other_bits_in_every_call_are_not_taken_for_a_memory(judge, case):
    def function(*, x, m, size):
        calls.append(1)
        return {"out": GOOD * np.float32(len(calls))}

    calls = []
    assert judge(1, case, disturb=True, product=function).holds


def test_the_users_own_interrupt_ends_a_disturbing_call_too(judge, case):
    def function(*, x, m, size):
        if not x.any():
            raise Interrupted
        return {"out": GOOD}

    with pytest.raises(Interrupted):
        judge(1, case, disturb=True, product=function)


def test_a_claim_that_fails_is_told_before_its_calls_are_disturbed(judge, case):
    wrong = np.zeros(2, np.float32)
    judged = judge(1, case, disturb=True, product=lambda **arguments: {"out": wrong})
    assert judged.evidence.reason == "beyond the derived bound" and not judged.evidence.any_claim


def test_zeros_stand_for_arrays_and_tensors_alone():
    ones, zeros = np.ones(3, np.int32), np.zeros(2, np.float32)
    assert zeroed(ones).tolist() == [0, 0, 0] and zeroed(ones).dtype == np.int32 and ones.all()
    assert zeroed(("q8", (1, 3), b"\1\2")) == ("q8", (1, 3), b"\0\0")
    for value in (zeros, 3, "text", ["a"], ("q8", (1, 3), b"\0\0")):
        assert zeroed(value) is value


def test_the_same_call_is_executed_once_and_again_once_more(judge, case):
    calls = []

    def function(**arguments):
        calls.append(
            {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in arguments.items()}
        )
        return {"out": GOOD}

    judge(1, case, product=function)
    assert len(calls) == 1
    judge(2, case, product=function)
    assert len(calls) == 3
    assert calls[1]["x"].tobytes() == calls[2]["x"].tobytes() and calls[1]["m"] == calls[2]["m"]


def test_arguments_are_float32_integers_and_blocks(judge, case):
    seen = {}

    def function(**arguments):
        seen.update(arguments)
        return {"out": GOOD}

    judge(1, case, product=function)
    assert seen["x"].dtype == np.float32 and seen["x"].flags.c_contiguous and seen["x"].flags.writeable
    assert seen["size"] == 5 and type(seen["size"]) is int
    dtype, shape, data = seen["m"]
    assert (dtype, shape, len(data)) == ("q8", (2, 5), 2 * 2 * 6)


def test_as_argument_rounds_to_float32_and_keeps_declared_integers():
    exact = Bounded(np.array([1.0, 0.1]), float32())
    assert as_argument(exact, "f32").tolist() == [1.0, float(np.float32(0.1))]
    assert as_argument(np.array([1, 2]), "u8").dtype == np.uint8
    assert as_argument(Bounded(0.1, float32()), "f32").shape == ()  # a single number is no array of one
    assert as_argument(7, "") == 7


def test_call_of_looks_inside_again():
    assert call_of(parse("again(route())")) == call_of(parse("route()"))


def test_fits_accepts_what_is_declared():
    check_array("r", np.zeros((2, 3), np.float32), T.Array("real", (Size.of(2), Size.of("n") * 3)), {"n": 1})
    check_array("r", np.zeros(0, np.uint8), T.Array("int", (Size.of(0),), low=Size.of(0), high=Size.of(3)), {})
    with pytest.raises(Falsified):
        check_array("r", np.zeros(2, np.float32), T.Array("real", (Size.of("(n // 3)"),)), {"n": 9})


def test_an_error_that_another_trial_of_the_case_met_is_not_asked_for_again(tiny, case, subject):
    asked = []

    def product(**arguments):
        asked.append(1)
        raise ValueError(f"refused {len(asked)}")

    raised, told = {}, []
    for kept in (raised, raised, None):
        calls = Calls(tiny, case, subject(product=product), lambda node: pytest.fail("no argument is replaced"))
        calls.raised = kept
        with pytest.raises(Falsified) as failed:
            calls.results(parse("product()"))
        told.append(failed.value.evidence.got)
    assert told == ["ValueError: refused 1", "ValueError: refused 1", "ValueError: refused 2"]
    assert all(error.__traceback__ is None for error in raised.values()), "its frames would hold the arguments"


def test_calls_in_turn_are_fed_with_what_the_one_before_returned():
    given = []

    def noted(*, x, s, place):
        given.append((s.tolist(), x.tolist(), place))
        return turn.step(x=x, s=s, place=place)

    calls = turn.trial("finite(step().y)", noted).calls
    results = calls.results(parse(turn.CALLS))
    assert results["s"].tolist() == turn.STATES[-1]
    assert results["y"].tolist() == [[2 * a + t, 2 * b + t] for t, (a, b) in enumerate(turn.STATES)]
    assert [state for state, _, _ in given] == [[8, 16], *turn.STATES[:-1]]
    assert [(x, place) for _, x, place in given] == [([2 * t, 2 * t + 1], t) for t in range(4)]
    assert calls.results(parse(turn.CALLS)) is results and len(given) == 4
    calls.results(parse(f"again({turn.CALLS})"))
    assert len(given) == 8


def test_the_bits_of_a_fed_state_are_those_that_were_returned():
    """A state that is off by one unit in the last place stays so; nothing puts the exact value back."""
    seen = []

    def off(*, x, s, place):
        seen.append(s)
        return {"s": np.nextafter(turn.step(x=x, s=s, place=place)["s"], np.float32(np.inf)), "y": s}

    results = turn.trial("finite(step().y)", off).calls.results(parse(turn.CALLS))
    assert seen[1].tolist() == np.nextafter(np.float32([4, 9]), np.float32(np.inf)).tolist()
    assert results["y"][1].tolist() == seen[1].tolist()


@pytest.mark.parametrize(
    "wrong, reason",
    [
        (lambda s: 1 / 0, "in step t = 2: step(x=xs[t], place=t) raised an error"),
        (lambda s: {"s": s, "y": s[:1]}, "in step t = 2: step().y has another shape"),
        (lambda s: {"s": s.astype(np.float64), "y": s}, "in step t = 2: step().s has another type"),
        (lambda s: {"s": s}, "in step t = 2: step returned no 'y'"),
    ],
)
def test_what_a_call_in_turn_does_wrong_is_told_with_its_step(wrong, reason):
    calls = turn.trial(
        "finite(step().y)", lambda *, x, s, place: wrong(s) if place == 2 else turn.step(x=x, s=s, place=place)
    ).calls
    with pytest.raises(Falsified) as caught:
        calls.results(parse(turn.CALLS))
    assert caught.value.evidence.reason == reason


def test_a_state_that_later_calls_change_is_noticed():
    buffer = np.zeros(2, np.float32)

    def reused(*, x, s, place):
        buffer[:] = turn.step(x=x, s=s, place=place)["s"]
        return {"s": buffer, "y": 2 * buffer + np.float32(place)}

    judged = turn.trial(f"finite({turn.CALLS}.y)", reused).judge()
    assert judged.holds is False and "a later call changed an earlier result" in judged.evidence.reason


def test_a_subject_that_keeps_its_own_state_is_noticed_when_all_calls_are_made_again():
    kept = {}

    def hidden(*, x, s, place):
        kept["s"] = turn.step(x=x, s=kept.get("s", s), place=place)["s"]
        return {"s": kept["s"].copy(), "y": 2 * kept["s"] + np.float32(place)}

    assert turn.trial(f"close({turn.CALLS}.y, ys)", hidden).judge().holds is True  # nothing was kept before
    kept.clear()
    claim = f"identical(again({turn.CALLS}).y, {turn.CALLS}.y)"
    assert turn.trial(claim, hidden).judge().holds is False
    assert turn.trial(claim, disturb=True).judge().holds is True


def test_results_in_reused_arrays_are_asked_for_after_calls_in_turn_too():
    known = {}

    def by_address(*, x, s, place):
        made = known.setdefault(s.__array_interface__["data"][0], turn.step(x=x, s=s, place=place))
        return {name: value.copy() for name, value in made.items()}

    held = []
    judged = turn.trial(
        f"close({turn.CALLS}.y, ys)", lambda **given: held.append(given) or by_address(**given), disturb=True
    ).judge()
    assert judged.holds is False and "in arrays that had held other values" in judged.evidence.reason
