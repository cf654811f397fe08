"""Calls of a subject: their arguments come from the case, their results are checked before a claim uses them."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from typing import Any

import numpy as np

from harness.judge.claims import Evidence
from harness.language import rounding
from harness.language import types as T
from harness.language.behind import FAR, Behind, both_ends
from harness.language.called import subject_call, threaded
from harness.language.dtypes import DTYPES, FLOAT32, Dtype, is_whole, of_array
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.region import Bounded
from harness.language.integer_arithmetic import IntegerOutOfRange
from harness.language.packed import Packed
from harness.language.places import OutsideAxis
from harness.language.syntax import Call, Name, Node, Threaded, spell
from harness.language.undecided import Undecided
from harness.printable import printable
from harness.program.case import Case
from harness.program.integers import extent
from harness.program.model import Program
from harness.subjects.errors import error_text
from harness.subjects.guarded import Guarded, guarded
from harness.subjects.interrupt import Interrupted
from harness.subjects.memory import placed
from harness.subjects.poison import output_buffers, unwritten
from harness.subjects.subject import Subject, as_array

AFTER_REFUSED = "after a call that is refused"
CHAIN = 16  # errors that led to an error, one after the other
LARGE = 1 << 24  # bytes of a tensor that is not replaced by zeros: a model's own weights


class Falsified(Exception):
    """The subject did what no claim allows: an unexpected error, a wrong shape, a changed input."""

    def __init__(self, reason: str, expected: str, got: str) -> None:
        super().__init__(reason)
        self.evidence = Evidence(reason, expected, got, any_claim=True)


class Malformed(Falsified):
    """A result, but not of the declared names, types and shapes."""


class OutOfMemory(Exception):
    """The subject ran out of memory: that says something of the machine, and nothing of the claim."""


@dataclass(frozen=True)
class ReturnedValue:
    """A result as the subject returned it, and a copy of its content at that time."""

    what: str
    original: Any
    content: object


@dataclass(frozen=True)
class StepOfCalls:
    """One of several calls in turn: what it was given in place of arguments, what it was fed, and what it returned."""

    given: Mapping[str, Any]
    fed: Mapping[str, np.ndarray]
    results: dict[str, Any]


class Calls:
    """The calls of one trial. Equal calls in a claim are executed once, except inside `again(...)`.

    `value` evaluates an expression that a claim gives in place of an argument; in one step of calls in turn, with the
    value of their index.
    """

    def __init__(self, program: Program, case: Case, subject: Subject, value: Callable[..., Any]) -> None:
        self.program, self.case, self.subject, self.value = program, case, subject, value
        self.raised: dict[Node, BaseException] | None = None  # errors of calls that another trial of the case made
        self.replaced: dict[Call, dict[str, Any]] = {}  # what calls give in place of arguments
        self.done: dict[Node, dict[str, Any]] = {}
        self.steps: dict[Threaded, list[StepOfCalls]] = {}
        self.order: dict[Node, list[str]] = {}  # the names of results as the subject returned them
        self.returned: list[ReturnedValue] = []
        self.guards: list[tuple[Call, Guarded]] = []  # of every array that a call wrote into
        self.not_filled: set[str] = set()  # output buffers with entries that were never written
        self.seconds = 0.0  # in the subject's own code

    def results(self, node: Node) -> dict[str, Any]:
        """What the subject returns, by field, checked for names, types and shapes."""
        call = call_of(node)
        if self.raised is not None and node in self.raised:
            raise _unexpected(call, self.raised[node])
        if node not in self.done:
            self.done[node] = self._made(node)
        return self.done[node]

    def _made(self, node: Node) -> dict[str, Any]:
        """The results of a call that is executed now, or of calls in turn."""
        call, sequence = call_of(node), threaded(node)
        if sequence is not None:
            return self._in_turn(node, sequence)
        returned = self._execute(call)
        results = self._checked(call, returned)
        self.order[node] = list(returned)
        return results

    def _in_turn(self, node: Node, sequence: Threaded) -> dict[str, Any]:
        """Calls one after the other, each with what the one before returned, bit for bit."""
        call, fed = call_of(sequence), dict(sequence.fed)
        steps: list[StepOfCalls] = []
        for number in range(int(self.value(sequence.length))):
            before = {name: steps[-1].results[result] for name, result in fed.items()} if steps else {}
            own = {sequence.index: number}
            given = {name: self.value(value, own) for name, value in call.keywords}
            try:
                returned = self._execute(call, {**given, **before})
                results = self._checked(call, returned)
            except Falsified as falsified:
                raise at_step(falsified, sequence, number) from falsified.__cause__
            steps.append(StepOfCalls(given, before, results))
            self.order[node] = list(returned)
        self.steps[sequence] = steps
        last = set(fed.values())
        return {
            field: value if field in last else np.stack([step.results[field] for step in steps])
            for field, value in steps[-1].results.items()
            if all(field in step.results for step in steps)
        }

    def equation_of(self, node: Node, field: str) -> str:
        """The equation of a result."""
        return self.program.contract.subjects[call_of(node).name].returns[field].text.strip()

    def in_order(self, node: Node) -> None:
        """Malformed where the results of a call are not in the order in which the contract lists them."""
        self.results(node)
        call, got = call_of(node), self.order[node]
        subject = self.program.scope.subjects[call.name]
        wanted = [name for name in subject.returns if name in got or name not in subject.optional]
        if got != wanted:
            what = f"{call.name} returned its stages in another order"
            raise Malformed(what, ", ".join(wanted), printable(", ".join(got)))

    def arguments(self, call: Call, values: Mapping[str, Any] | None = None, other: bool = False) -> dict[str, Any]:
        """The keyword arguments of a call as the subject gets them; every array is a new copy. Output buffers are last.

        `values` are given in place of arguments: those of the call's own expressions, where nothing is said.
        `other`: output buffers hold other numbers before the call than usual.
        """
        replaced = self._replaced(call) if values is None else values
        given, subject = self.case.given(), self.program.scope.subjects[call.name]
        arguments = {}
        for name, carried in subject.arguments.items():
            if name in replaced:
                value = replaced[name]
            else:
                value = given[carried] if carried in given else self.value(Name(carried))
            if isinstance(value, Bounded) and not value.exact and self._is_whole(carried):
                raise Undecided(f"{name} depends on a comparison closer than the bound")
            arguments[name] = as_argument(value, self._dtype(carried))
        memory = self.case.memory if self.case.memory in self.program.contract.subjects[call.name].memory else ""
        if memory:
            arguments = {
                name: value if name in subject.updates else placed(value, memory) for name, value in arguments.items()
            }
        if not subject.updates:
            return arguments
        return arguments | self._written(call, {**arguments, **self._buffers(call, other)}, memory)

    def _written(self, call: Call, arguments: Mapping[str, Any], memory: str = "") -> dict[str, Any]:
        """The arrays that a call writes into, among these arguments, in memory of their own with guard bytes around."""
        made = {
            name: guarded(name, arguments[name], memory) for name in self.program.scope.subjects[call.name].updates
            if isinstance(arguments[name], np.ndarray)  # of a call with wrong arguments it may be anything
        }  # fmt: skip
        self.guards += [(call, part) for part in made.values()]
        return {name: part.array for name, part in made.items()}

    def _buffers(self, call: Call, other: bool) -> dict[str, np.ndarray]:
        """The output buffers of a call, by name, with what they hold before it."""
        subject = self.program.scope.subjects[call.name]
        return output_buffers(subject, self.case, self._sizes(), other) if subject.buffers else {}

    def _replaced(self, call: Call) -> dict[str, Any]:
        """What a call gives in place of arguments, by name; evaluated once, although each execution has its copy."""
        if call not in self.replaced:
            self.replaced[call] = {name: self.value(node) for name, node in call.keywords}
        return self.replaced[call]

    def disturb(self) -> None:
        """Call every function once more, with zeros for its arrays or tensors: a reused result buffer is overwritten.

        Nothing is claimed of these calls, so whatever they return or raise is right. Then the same arrays are filled
        with the values of the case, and the result must be that of the case: a subject may not reuse what it computed
        from an array's earlier values. The check is skipped where new arrays with these values give other bits, too,
        and in other memory than the usual: there a sum may be taken in another order.
        """
        for node in list(self.done):
            call, given, results = self._first(node)
            arguments = self.arguments(call, given)
            used = zeroed_arguments(arguments, self._lows(call))
            if all(used[name] is value for name, value in arguments.items()):
                continue
            used |= self._written(call, used)
            self._contents(call, used)
            self.unchanged()  # before the next call, which may put the right values back
            if self.case.memory:
                continue
            for name, value in arguments.items():
                if used[name] is value:
                    continue
                if isinstance(value, np.ndarray):
                    np.copyto(used[name], value)
                else:
                    used[name] = value
            wanted = {field: content(value) for field, value in results.items()}
            if self._contents(call, used) != wanted and self._contents(call, self.arguments(call, given)) == wanted:
                what = f"{spell(call)} gave another result in arrays that had held other values"
                raise Falsified(what, "the result of the values in them", "another")

    def _first(self, node: Node) -> tuple[Call, Mapping[str, Any] | None, Mapping[str, Any]]:
        """An execution, with what it was given in place of arguments and its results; of calls in turn the first."""
        call, sequence = call_of(node), threaded(node)
        if sequence is None:
            return call, None, self.done[node]
        first = self.steps[sequence][0]
        return call, first.given, first.results

    def _lows(self, call: Call) -> dict[str, int]:
        """The low ends of the arguments of a call that have a range: a kernel may read wherever an id points."""
        carried = self.program.scope.subjects[call.name].arguments
        parts = {name: self.program.inputs[value] for name, value in carried.items() if value in self.program.inputs}
        ends = {name: part.ends(self.case.dimensions) for name, part in parts.items()}
        return {name: found[0] for name, found in ends.items() if found is not None}

    def after(self, node: Node, refused: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The results of a call after calls of its function with these arguments, whatever those return or raise."""
        call = call_of(node)
        for arguments in refused:
            self._contents(call, arguments)
        self.unchanged()
        try:
            return self._made(node)
        except Falsified as falsified:
            evidence = falsified.evidence
            told = Falsified(f"{AFTER_REFUSED}: {evidence.reason}", evidence.expected, evidence.got)
            raise told from falsified.__cause__

    def _contents(self, call: Call, arguments: Mapping[str, Any]) -> object:
        """The content of the results of one more execution, or its error as text."""
        subject = self.program.scope.subjects[call.name]
        try:
            returned = self._called(call, arguments)
            left_out = {name for name in subject.optional if name not in returned}
            kinds = {name: kind for name, kind in subject.returns.items() if name not in left_out}
            results = {name: (arguments if name in subject.updates else returned)[name] for name in kinds}
            return {
                field: content(as_array(results[field]) if isinstance(kind, T.Array) else results[field])
                for field, kind in kinds.items()
            }
        except Interrupted:
            raise
        except BaseException as error:
            check_memory(call, error)
            return error_text(error)

    def reads_buffers(self, node: Node) -> bool:
        """Whether the results of a call are others where its output buffers held others before, and else the same."""
        call, given, _ = self._first(node)
        if not self.program.scope.subjects[call.name].buffers:
            return False
        usual, other, again = (
            self._contents(call, self.arguments(call, given, other=held)) for held in (False, True, False)
        )
        return usual == again != other

    def unchanged(self) -> None:
        """Falsified if a later call changed an earlier result, or wrote around one: results belong to the caller."""
        self._check_guards()
        for part in self.returned:
            if content(part.original) != part.content:
                raise Falsified(
                    f"a later call changed an earlier result of {part.what}", "a result that stays", "changed"
                )

    def _is_whole(self, carried: str) -> bool:
        """Whether an argument is made of integers; the exact value of such an equation may be a real one, in doubt."""
        kind = self.program.scope.names.get(carried)
        return isinstance(kind, T.Array) and kind.kind == "int"

    def _dtype(self, carried: str) -> str:
        """The number format of an argument: that of the input in this case, or of the equation."""
        value = self.case.inputs.get(carried)
        if isinstance(value, np.ndarray) and (found := of_array(value.dtype)) is not None:
            return found.name
        kind = self.program.scope.names.get(carried)
        return kind.dtype if isinstance(kind, T.Array) else ""

    def _format(self, call: Call, field: str) -> Dtype:
        """The number format of a result of real numbers in this case."""
        found = self.program.scope.subjects[call.name].format_of(field, self.case.inputs)
        return DTYPES[found or FLOAT32.name]

    def _execute(self, call: Call, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a call returned, in its order, and after that what it updated; `values` are given as arguments."""
        results = self._executed(call, self.arguments(call, values))
        suspect = {
            name: found for name, held in self._buffers(call, other=False).items()
            if held.shape == results[name].shape and (found := unwritten(results[name], held)).any()
        }  # fmt: skip
        if suspect:  # other results follow, or nothing was written there
            again = self._executed(call, self.arguments(call, values, other=True))
            others = self._buffers(call, other=True)
            for name, found in suspect.items():
                never = found & unwritten(again[name], others[name])
                if (never | (found & ~unwritten(again[name], results[name]))).any():  # or in the second call alone
                    self.not_filled.add(f"{call.name}().{name}")
                results[name] = np.where(never, again[name], results[name])
        return results

    def _executed(self, call: Call, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """One execution, with everything checked that is not about the values of its results."""
        subject = self.program.scope.subjects[call.name]
        before = {name: content(value) for name, value in arguments.items() if isinstance(value, np.ndarray | list)}
        try:
            returned = self._called(call, arguments)
        except Interrupted:
            raise
        except BaseException as error:  # also SystemExit and KeyboardInterrupt, which the subject itself raised
            check_memory(call, error)
            if isinstance(error, IntegerOutOfRange | OutsideAxis):
                self._ask_equations(call)
            self._check_guards()
            buffers = subject.buffers  # they may hold anything: nobody reads what a refused call left there
            left = {name: held for name, held in before.items() if name not in buffers}
            self._check_arguments_unchanged(call, arguments, left, error)
            if self.raised is not None:
                self.raised[call] = _without_frames(error)
            raise _unexpected(call, error) from error
        self._check_guards()
        self._check_arguments_unchanged(
            call, arguments, {name: held for name, held in before.items() if name not in subject.updates}
        )
        return self._entries(call, returned) | {name: arguments[name] for name in subject.updates}

    def _check_guards(self) -> None:
        """Falsified if something was written around an array that a call was given to write into."""
        for call, guard in self.guards:
            if (touched := guard.touched()) is not None:
                what = f"{spell(call)} wrote outside {guard.name}, {touched.where}"
                raise Falsified(what, f"nothing written but entries of {guard.name}", touched.holds)

    def _ask_equations(self, call: Call) -> None:
        """Undecided where the results have no value by their equations either: the case is not judged.

        The reference ends so. For another subject it is an error like any other, unless the equations end so, too.
        """
        for source in self.program.contract.subjects[call.name].returns.values():
            if (equation := source.text.strip()) in self.program.equations:
                self.value(Name(equation))

    def _called(self, call: Call, arguments: Mapping[str, Any]) -> Any:
        """What the subject returns, on the clock."""
        updates = self.program.scope.subjects[call.name].updates
        if updates:  # as views: whatever a subject does to one, such as giving it another shape, the array stays
            views = {name: arguments[name][...] for name in updates if isinstance(arguments[name], np.ndarray)}
            arguments = {**arguments, **views}
        started = perf_counter()
        try:
            return self.subject.call(self.program, call.name, arguments, self.case.dimensions)
        finally:
            self.seconds += perf_counter() - started

    def _check_arguments_unchanged(
        self, call: Call, arguments: Mapping[str, Any], before: Mapping[str, object],
        error: BaseException | None = None,
    ) -> None:  # fmt: skip
        """Falsified if a call changed an argument, whatever it returned or raised: arguments belong to the caller."""
        for name, previous in before.items():
            if content(arguments[name]) != previous:
                got = "changed" if error is None else f"changed, and then {error_text(error)}"
                raise Falsified(f"{spell(call)} changed its argument {name}", "arguments left alone", got)

    def _checked(self, call: Call, returned: Mapping[str, Any]) -> dict[str, Any]:
        """The returned values, arrays copied; Malformed where a name, type or shape is not the declared one."""
        results, subject = {}, self.program.scope.subjects[call.name]
        for field, kind in subject.returns.items():
            if field not in returned:
                if field in subject.optional:
                    continue
                names = printable(", ".join(str(name) for name in returned if name not in subject.updates))
                raise Malformed(f"{call.name} returned no {field!r}", f"{field}: {kind}", names or "an empty mapping")
            what = f"{call.name}().{field}"
            if not isinstance(kind, T.Array):
                results[field] = checked_text(what, returned[field], kind)
                self.returned.append(ReturnedValue(what, returned[field], content(returned[field])))
                continue
            value = as_array(returned[field])
            told = f"{what}, which was not written everywhere," if what in self.not_filled else what
            check_array(told, value, kind, self._sizes(), self._format(call, field))
            # Integers of four bits are packed away in a type of their own, which NumPy cannot compute with.
            results[field] = value.astype(np.int8) if kind.kind == "int" and value.dtype.kind == "V" else value.copy()
            self.returned.append(ReturnedValue(what, value, content(value)))
        return results

    def _entries(self, call: Call, returned: Any) -> dict[str, Any]:
        """What was returned, in its order, in a mapping of Python's own.

        It is read once, and one name more than was declared is enough: a mapping may run the subject's code, without
        end. Malformed where it cannot be read, and where there are results that the contract does not list: who asks
        for some gets no others.
        """
        subject = self.program.scope.subjects[call.name]
        declared = [name for name in subject.returns if name not in subject.updates]
        if returned is None and not declared:
            return {}
        try:
            if not isinstance(returned, Mapping):
                if not declared:
                    what = f"{call.name} returned something, and the contract lists only what it updates"
                    raise Malformed(what, "None", type(returned).__name__)
                what = f"{call.name} returned no mapping of names to arrays"
                raise Malformed(what, "a mapping", type(returned).__name__)
            first = list(islice(returned, len(declared) + 1))
            found = {name: returned[name] for name in first if name in declared}
            surplus = {str(name): None for name in first if name not in declared}
        except (Interrupted, Malformed):
            raise
        except BaseException as error:
            check_memory(call, error)
            raise Malformed(f"{call.name} returned what cannot be read", "a mapping", error_text(error)) from None
        if surplus and found.keys() >= set(declared) - set(subject.optional):  # else a name that is missing says more
            name = next(iter(surplus))
            why = "updates and does not return" if name in subject.updates else "does not list"
            what = f"{call.name} returned {printable(repr(name), 80)}, which the contract {why}"
            raise Malformed(what, ", ".join(declared) or "nothing", printable(", ".join(map(str, first))))
        return {**found, **surplus}

    def _sizes(self) -> dict[str, int]:
        return {name: value for name, value in self.case.given().items() if isinstance(value, int)}


def _unexpected(call: Call, error: BaseException) -> Falsified:
    """An error where a result is claimed."""
    told = Falsified(f"{spell(call)} raised an error", "a result", error_text(error))
    told.__cause__ = error
    return told


def _without_frames(error: BaseException) -> BaseException:
    """An error that holds none of the arrays that were in use where it was raised."""
    for part in _led_to(error):
        BaseException.with_traceback(part, None)  # whatever its class makes of attributes
    return error


def _led_to(error: BaseException) -> Iterator[BaseException]:
    """The error, then those that led to it, the last first; a subject may have made them a circle."""
    part: BaseException | None = error
    for _ in range(CHAIN):
        if part is None:
            return
        yield part
        part = part.__cause__ or part.__context__


def content(value: Any) -> object:
    """The content of an array (of a large one, its ends), a list (a copy) or a text, to be compared later."""
    return both_ends(value) if isinstance(value, np.ndarray) else list(value) if isinstance(value, list) else value


def zeroed_arguments(arguments: Mapping[str, Any], lows: Mapping[str, int]) -> dict[str, Any]:
    """Arguments with zeros for arrays, or with the low end of their range; if that changes none, for tensors, too."""
    arrays_zeroed = {
        name: zeroed(value, lows.get(name, 0)) if isinstance(value, np.ndarray) else value
        for name, value in arguments.items()
    }
    if any(arrays_zeroed[name] is not value for name, value in arguments.items()):
        return arrays_zeroed
    return {name: zeroed(value, lows.get(name, 0)) for name, value in arguments.items()}


def zeroed(value: Any, low: int = 0) -> Any:
    """Zeros, or `low`, in place of an array or tensor; the value itself if it is so already, large or anything else."""
    match value:
        case np.ndarray() if value.nbytes <= FAR and (value != low).any():
            return np.full_like(value, low) if low else np.zeros_like(value)
        case (str() as dtype, tuple() as shape, data) if len(data) < LARGE and np.frombuffer(data, np.uint8).any():
            return dtype, shape, bytes(len(data))
    return value


call_of = subject_call


def at_step(falsified: Falsified, sequence: Threaded, number: int) -> Falsified:
    """What a call in turn did wrong, with the number of its step."""
    evidence = falsified.evidence
    kind = type(falsified) if isinstance(falsified, Malformed) else Falsified
    return kind(f"{step_of(sequence, number)}: {evidence.reason}", evidence.expected, evidence.got)


def step_of(sequence: Threaded, number: int) -> str:
    """A step of calls in turn, for a reader."""
    return f"in step {sequence.index} = {number}"


def as_argument(value: Any, dtype: str) -> Any:
    """A value as a subject gets it: numbers of the declared type, (dtype, shape, bytes), a copy of a list.

    Without a type, real numbers are float32.
    """
    match value:
        case Behind():
            return value.laid_out(as_argument(value.value, dtype))
        case Packed():
            return value.for_subject()
        case Bounded():
            held = DTYPES[dtype] if dtype else FLOAT32
            return np.asarray(rounding.stored(value.v, held, value.ar.saturates), order="C")
        case Choice() | Truth():
            return np.array(value.decided())
        case np.ndarray() if dtype and not DTYPES[dtype].is_real and is_whole(value.dtype):
            return _stored_as(value, DTYPES[dtype])
        case np.ndarray():
            return np.array(value, order="C")
        case list():
            return list(value)
    return value


def _stored_as(value: np.ndarray, dtype: Dtype) -> np.ndarray:
    """Integers in the type of an argument; Undecided where it does not hold them: NumPy keeps the low bits silently."""
    if value.dtype != dtype.numpy and value.size:
        for number in (int(value.min()), int(value.max())):
            if number not in dtype.integers:
                raise Undecided(f"{dtype.name} does not hold {number}, which the claim passes")
    return np.array(value, dtype.numpy, order="C")


def checked_text(what: str, value: Any, kind: T.Type) -> Any:
    """A returned text or list of texts; Malformed if it is not of the declared type."""
    if isinstance(kind, T.Word) and isinstance(value, str):
        return value
    if isinstance(kind, T.Words) and isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return list(value)
    raise Malformed(f"{what} has another type", str(kind), printable(repr(value)))


def _wanted(value: np.ndarray, dtype: Dtype) -> str:
    """The number format that a result must have. Of one that is narrower: how a contract would say so."""
    got = of_array(value.dtype)
    narrower = got is not None and got.is_real and got.bits < dtype.bits and dtype.numpy != value.dtype
    said = f"; where that is right, the contract says so: `dtype: {got.name}` in `returns`" if got and narrower else ""
    return f"{dtype.numpy.name}{said}"


def check_array(what: str, value: np.ndarray, kind: T.Array, sizes: Mapping[str, int], dtype: Dtype = FLOAT32) -> None:
    """Malformed if a returned array has not the declared type and shape, or an index outside its range.

    dtype: the number format of real numbers.
    """
    if kind.kind == "real" and value.dtype != dtype.numpy:
        raise Malformed(f"{what} has another type", _wanted(value, dtype), str(value.dtype))
    if kind.kind == "bool" and value.dtype.kind != "b":
        raise Malformed(f"{what} has another type", "true or false", str(value.dtype))
    if kind.kind == "int" and not is_whole(value.dtype):
        raise Malformed(f"{what} has another type", "integers", str(value.dtype))
    shape = tuple(extent(size, sizes) for size in kind.shape)
    if value.shape != shape:
        raise Malformed(f"{what} has another shape", str(shape), str(value.shape))
    if kind.low is not None and kind.high is not None and value.size:
        low, high = extent(kind.low, sizes), extent(kind.high, sizes)
        if value.min() < low or value.max() > high:
            raise Malformed(f"{what} leaves its range", f"{low} to {high}", printable(str(value.tolist())))


def check_memory(call: Call, error: BaseException) -> None:
    """OutOfMemory if that is what an error, or one that led to it, is about."""
    for cause in _led_to(error):
        if isinstance(cause, MemoryError) or (isinstance(cause, OSError) and cause.errno == errno.ENOMEM):
            raise OutOfMemory(f"{spell(call)} ran out of memory: {error_text(error)}") from error
