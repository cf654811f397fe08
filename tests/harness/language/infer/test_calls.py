"""Calls of functions, equations, subjects and claims."""

import pytest

from harness.language.infer import Scope, TypeRefused, infer
from harness.language.syntax import parse


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
        ('find(name="a", names=texts("b"), layer=n).key', "text", True),
        ('find(name="a", names=texts("b"), layer=n).names', "list of texts", True),
        ('find(name="a", names=texts("b"), layer=n).names == texts("b", "a")', "truth value", True),
        ('find(name="a", names=texts("b"), layer=n).count', "integer number", True),
        ('find(name="a", names=texts("b"), layer=n).found', "truth value", True),
        ('find(name="a", names=texts("b"), layer=n).key == fill("blk.{n}", n=n)', "truth value", True),
        ('find(name="a", names=texts("b"), layer=n, scores=2 * scores).found', "truth value", True),
        ('raises(find(name="a", names=texts("b"), layer=-1, x=x[:-1]), "NotFound")', "claim", True),
    ],
)
def test_what_comes_from_a_subject_is_known(typed, text, kind, observed):
    inferred = typed(text)
    assert (str(inferred), inferred.observed) == (kind, observed)


@pytest.mark.parametrize(
    "text, part, said",
    [
        ("softmx(x)", "softmx(x)", "unknown function 'softmx'"),
        ("relu(x, x)", "relu(x, x)", "relu(x) with 2 arguments"),
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
        ("find(x=x)", "find(x=x)", "find() needs name"),
        ('find(name="a", names=texts("b"), layer="c")', "'c'", "layer is given something of another type"),
        ('find(name=texts("a"), names=texts("b"), layer=1)', "texts('a')", "name is given something of another type"),
        ('find(name="a", names=texts("b"), layer=1, scores=best)', "best", "scores is given something of another type"),
        ('raises(find(name="a", names=texts("b"), layer=1), 3)', "3", "raises takes texts"),
        ("fill('{n}', m=1)", "fill('{n}', m=1)", "fill takes no argument named 'm'"),
    ],
)
def test_the_innermost_part_is_blamed(refused, text, part, said):
    blamed, message = refused(text)
    assert blamed == part
    assert said in message


def test_an_equation_does_not_judge():
    with pytest.raises(TypeRefused, match="an equation computes"):
        infer(parse("close(1, 1)"), Scope({}, {}))
