"""The type of a recurrence, and what may be read in one of its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from harness.language import types as T
from harness.language.infer.scope import Scope, Typed, TypeRefused
from harness.language.rules.fitting import scalar_size
from harness.language.sizes import Size, at_least_zero, largest
from harness.language.syntax import Call, Node, Scan, Threaded, spell, walk
from harness.language.types import Mismatch

MOST_STEPS = 4096  # of one recurrence: each is evaluated by itself, so the cost of a case grows with them


InnerTyped = Callable[[Node, Scope], T.Type]  # the type of a part in another scope


def scan(node: Scan, scope: Scope, typed: Typed, inner: InnerTyped) -> T.Array:
    """The last state after each step: one axis of steps before those of the state."""
    length = steps(node, scope, typed)
    within, kinds = _reached(node, scope, typed, inner)
    for (name, _), following, kind in zip(node.starts, node.nexts, kinds, strict=True):
        state = within.names[name]
        if kind.shape != state.shape:
            hint = f"the state {name} keeps its shape from its first value on"
            refused = Mismatch(f"the next {name} has another shape", T.show(state.shape), T.show(kind.shape), hint)
            raise TypeRefused(refused, following)
        inner(following, within)
    last = within.names[node.starts[-1][0]]
    assert isinstance(last, T.Array)
    seen = any(part.observed for part in kinds)
    return T.Array(
        last.kind, (length, *last.shape), observed=seen, dtype=kinds[-1].dtype if last.kind == "real" else ""
    )


def within_step(node: Scan, scope: Scope, typed: Typed, inner: InnerTyped) -> Scope:
    """What the next states of a recurrence may refer to."""
    return _reached(node, scope, typed, inner)[0]


def _reached(node: Scan, scope: Scope, typed: Typed, inner: InnerTyped) -> tuple[Scope, Sequence[T.Array]]:
    """The scope of one step, and the types of the next states in it.

    A state that begins as the integer 0 and goes on as a real number is real; its number format is one that it keeps.
    """
    _own_names(node, scope)
    length = steps(node, scope, typed)
    step = T.Array("int", low=Size.of(0), high=length - 1)
    states = {name: _state(typed(first), first) for name, first in node.starts}
    while True:
        names = {**scope.names, node.index: step, **states}
        within = replace(scope, names=names, subjects={}, noted=None, stepping=True)
        kinds = [_state(inner(following, within), following) for following in node.nexts]
        joined = {name: _joined(states[name], kind) for name, kind in zip(states, kinds, strict=True)}
        if joined == states:
            return replace(within, noted=scope.noted), kinds
        states = joined


def own_names(node: Scan | Threaded, scope: Scope) -> None:
    """Mismatch where steps are within steps, or where a name that has a meaning in them alone has one already."""
    if scope.stepping:
        raise Mismatch(
            "steps within a step", hint="give what is inside an equation of its own before, or one state more"
        )
    for name in sorted(node.bound):
        if name in scope.names or name in scope.subjects:
            raise Mismatch(
                f"{name!r} has a meaning in this contract already", "a new name for the index and each state"
            )


def _own_names(node: Scan, scope: Scope) -> None:
    own_names(node, scope)
    for following in node.nexts:
        for part in walk(following):
            if isinstance(part, Call) and part.name in scope.subjects:
                hint = f"write threaded({part.name}(...), {node.index}={spell(node.length)}, ...)"
                raise TypeRefused(Mismatch("a step of a recurrence calls no subject", hint=hint), part)
            if isinstance(part, Call) and part.name in scope.recurrent and part.name in scope.names:
                message = f"{part.name} is made of a recurrence, and every step would go through all of it"
                raise TypeRefused(
                    Mismatch(message, hint="name its value as an equation, without replacing anything"), part
                )


def steps(node: Scan | Threaded, scope: Scope, typed: Typed, limit: int = MOST_STEPS) -> Size:
    """The number of steps, which follows from the dimensions and stays within a limit."""
    length = scalar_size(typed(node.length), "the number of steps")
    if not at_least_zero(length, scope.ranges):
        raise Mismatch(
            "the number of steps may be negative", got=str(length), hint="bound the dimensions so that it cannot"
        )
    most = largest(length, scope.ranges)
    if most is None or most > limit:
        got = f"{length}, which may be {most}" if most is not None else f"{length}, which has no bound"
        raise Mismatch("too many steps", f"at most {limit}", got, "narrow its dimensions")
    return length


def _state(kind: T.Type, node: Node) -> T.Array:
    """What is kept of a type from one step to the next."""
    if not isinstance(kind, T.Array):
        raise TypeRefused(Mismatch(f"a {kind} is no state", "numbers or truth values", spell(node)), node)
    return T.Array(kind.kind, kind.shape, observed=kind.observed, dtype=kind.dtype if kind.kind == "real" else "")


def _joined(state: T.Array, following: T.Array) -> T.Array:
    if "bool" in (state.kind, following.kind) and state.kind != following.kind:
        raise Mismatch("a state of another kind", str(state), str(following))
    kind = state.kind if state.kind == following.kind else "real"
    observed = state.observed or following.observed
    return T.Array(kind, state.shape, observed=observed, dtype=state.dtype if state.dtype == following.dtype else "")
