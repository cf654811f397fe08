"""Types of whole expressions in their scope; shapes are held against what NumPy really returns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language import types as T
from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.exact.primitives import Undecided
from harness.language.infer import Scope, SubjectType, TypeRefused, infer
from harness.language.single import Single
from harness.language.sizes import Range, Size
from harness.language.syntax import parse, spell


@given(st.data())
def test_the_inferred_shape_is_the_shape_at_run_time(well_typed, data):
    case = data.draw(well_typed)
    node = parse(case.text)
    kind = infer(node, case.scope)
    assert [str(size) for size in kind.shape] == list(case.shape)
    shape = tuple(case.dimensions[d] for d in case.shape)
    for domain in (Single(), Exact(float32())):
        try:
            value = evaluate(node, Bindings(domain, {}, {}, case.given))
        except Undecided:
            continue
        assert np.shape(getattr(value, "v", value)) == shape, (case.text, domain)


INDICES = ["0", "-1", "1:", ":-1", "0:2", ":", "None", "...", "ids", "a - 1", "1:a"]


@given(st.lists(st.sampled_from(INDICES), min_size=1, max_size=4), st.integers(2, 5), st.integers(3, 4))
def test_an_index_that_is_accepted_has_numpys_shape(items, a, b):
    ids = T.Array("int", (Size.of(2),), below=Size.of(2))
    names = {"x": T.Array("real", (Size.of("a"), Size.of("b"), Size.of("a"))), "ids": ids, "a": T.dimension("a")}
    ranges = {"a": Range(Size.of(2), Size.of(5)), "b": Range(Size.of(3), Size.of(4))}
    node = parse(f"x[{', '.join(items)}]")
    try:
        kind = infer(node, Scope(names, ranges))
    except TypeRefused:
        return
    given_ = {"x": np.zeros((a, b, a), np.float32), "ids": np.array([1, 0]), "a": a}
    value = evaluate(node, Bindings(Single(), {}, {}, given_))
    sizes = [eval(str(size), {"a": a, "b": b}) for size in kind.shape]
    assert list(value.shape) == sizes, spell(node)


def array(kind: str, *shape, **more) -> T.Array:
    return T.Array(kind, tuple(map(Size.of, shape)), **more)


SCOPE = Scope(
    names={
        "n": T.dimension("n"), "k": T.dimension("k"), "threads": T.dimension("threads"),
        "x": array("real", "n"), "w": array("real", "n", "n"),
        "t": T.Blocks(("q4_k",), (Size.of("n"), Size.of("n"))), "u": T.Blocks(("q6_k",), (Size.of("n"), Size.of("n"))),
        "scores": array("real", "n"), "chosen": array("int", "k", below=Size.of("n"), choice=True),
        "best": array("real", "k"),
    },
    ranges={
        "n": Range(Size.of(1), Size.of(8)), "k": Range(Size.of(1), Size.of("n")),
        "threads": Range(Size.of(1), Size.of(2)),
    },
    depends={
        "scores": frozenset({"w", "x"}), "chosen": frozenset({"w", "x", "k", "scores"}),
        "best": frozenset({"w", "x", "k", "scores", "chosen"}),
    },
    subjects={
        "rank": SubjectType(
            {"x": "x", "w": "w", "t": "t", "k": "k", "threads": "threads"},
            {"best": array("real", "k", observed=True), "chosen": array("int", "k", below=Size.of("n"), observed=True)},
        )
    },
    shaping=frozenset({"n", "k"}),
    judging=True,
)  # fmt: skip


def refused(text: str) -> tuple[str, str]:
    """The part that does not fit, and what is said of it."""
    with pytest.raises(TypeRefused) as caught:
        infer(parse(text), SCOPE)
    return spell(caught.value.node), str(caught.value)


@pytest.mark.parametrize(
    "text, kind, observed",
    [
        ("best", "real[k]", False),
        ("rank().best", "real[k]", True),
        ("again(rank()).best", "real[k]", True),
        ("rank(x=2 * x, threads=2).chosen", "integer[k]", True),
        ("best(chosen=rank().chosen)", "real[k]", True),
        ("best(scores=x)", "real[k]", False),
        ("scores[rank().chosen]", "real[k]", True),
        ("rank().best - best", "real[k]", True),
        ("close(rank().best, best)", "claim", True),
        ("raises(rank(w=w[:-1], k=0))", "claim", True),
        ("close(rank().best, best) and all(rank().best > 0)", "claim", True),
    ],
)
def test_what_comes_from_a_subject_is_known(text, kind, observed):
    inferred = infer(parse(text), SCOPE)
    assert (str(inferred), inferred.observed) == (kind, observed)


@pytest.mark.parametrize(
    "text, part, said",
    [
        ("1 + (scor + 1)", "scor", "unknown name 'scor'"),
        ("x + rank", "rank", "is a subject"),
        ("x + sum", "sum", "is a function"),
        ("softmx(x)", "softmx(x)", "unknown function 'softmx'"),
        ("relu(x, x)", "relu(x, x)", "relu(x) with 2 arguments"),
        ("rank().bets", "rank().bets", "returns no 'bets'"),
        ("relu(x).best", "relu(x).best", "has no .best"),
        ("best(rank().chosen)", "best(rank().chosen)", "is an equation"),
        ("best()", "best()", "is an equation"),
        ("scores(best=best)", "scores(best=best)", "does not depend on 'best'"),
        ("best(scores=2 * best)", "2 * best", "another type"),
        ("best(k=1)", "best(k=1)", "k is a dimension"),
        ("rank(x)", "rank(x)", "takes its arguments from the case"),
        ("rank(y=x)", "rank(y=x)", "has no argument 'y'"),
        ("rank(k=1)", "rank(k=1)", "shapes depend on k"),
        ("rank(t=u)", "u", "another type"),
        ("rank(x=x > 0)", "x > 0", "cannot be an argument"),
        ("rank(x=rank())", "rank()", "cannot be an argument"),
        ("raises(x)", "raises(x)", "needs a call of a subject"),
        ("raises(rank(), k)", "k", "texts in quotes"),
        ("again(again(rank())).best", "again(rank())", "needs a call of a subject"),
        ("x[n]", "n", "may lie outside"),
        ("x[k]", "k", "may lie outside"),
        ("x[-2]", "-2", "may lie outside"),
        ("x[arange(k + 1)]", "arange(k + 1)", "not known to lie"),
        ("x[best]", "best", "where an index is needed"),
        ("x[:k + 1]", ":k + 1", "may leave its axis"),
        ("x[0, 0]", "x[0, 0]", "more indices than axes"),
        ("w[chosen, 0]", "w[chosen, 0]", "beside a single index"),
        ("w[chosen, chosen]", "w[chosen, chosen]", "more than one index array"),
        ("t[0, 0]", "0", "stored in blocks"),
        ("t[:, 1:]", "1:", "stored in blocks"),
        ("t[..., None]", "t[..., None]", "takes no new axes"),
        ("rank()[0]", "rank()[0]", "no entries to take"),
    ],
)
def test_the_innermost_part_is_blamed(text, part, said):
    assert refused(text)[0] == part
    assert said in refused(text)[1]


def test_an_equation_does_not_judge():
    with pytest.raises(TypeRefused, match="an equation computes"):
        infer(parse("close(x, x)"), Scope(SCOPE.names, SCOPE.ranges))


def test_a_chained_index_is_the_way_out_of_a_mixed_one():
    assert str(infer(parse("w[0][chosen]"), SCOPE)) == "real[k]"
