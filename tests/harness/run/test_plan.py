import dataclasses
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.findings import HandledError
from harness.program.collection import load
from harness.run.plan import Offer, Order, bound, check_selection, dealt, inapplicable, lacking, make_plan, selected
from harness.search.outcome import NOT_RUN


@pytest.fixture(scope="module")
def programs():
    return load((CONTRACTS,))


ALL = Offer(None, {})
ROOT = Path(__file__).parents[3]
CONTRACTS = str(ROOT / "contracts")
MODEL = str(ROOT / "tests/data/peers/tiny_qwen3moe.gguf")


def test_everything_that_is_claimed_is_a_task(programs):
    plan = make_plan(Order((CONTRACTS,), "my.engine"), programs, ALL)
    assert len(plan.tasks) == sum(len(program.falsifiers) for program in programs) and not plan.decided
    assert not (plan.not_offered or plan.unknown_claims or plan.not_applicable or plan.declined)


def test_what_is_not_claimed_is_listed(programs):
    plan = make_plan(Order((CONTRACTS,), "my.engine"), programs, Offer(("moe-router",), {}))
    assert {contract for contract, _ in plan.tasks} == {"moe-router"}
    assert plan.not_offered == [program.id for program in programs if program.id != "moe-router"]


def test_what_is_claimed_but_lacking_is_not_run_and_says_why(programs):
    offer = Offer(("moe-router",), {"moe-router": ("route",)})
    plan = make_plan(Order((CONTRACTS,), "my.engine"), programs, offer)
    assert set(plan.decided) == set(plan.tasks)
    assert {(outcome.verdict, outcome.reason) for outcome in plan.decided.values()} == {
        (NOT_RUN, "my.engine claims moe-router but offers no route()")
    }
    assert lacking(Order((), "e"), "c", "F", ("one", "two")).reason == "e claims c but offers no one, two()"


def test_a_claim_that_no_contract_has_is_unknown(programs):
    plan = make_plan(Order((CONTRACTS,), "my.engine"), programs, Offer(("moe-router", "moe-routr"), {}))
    assert plan.unknown_claims == ["moe-routr"]


def test_claims_of_neighbours_of_a_single_file_are_known(programs):
    router = [program for program in programs if program.id == "moe-router"]
    plan = make_plan(
        Order((str(ROOT / "contracts/moe-router-v2.yaml"),), "my.engine"),
        router,
        Offer(("moe-router", "ggml-blocks", "other"), {}),
    )
    assert plan.unknown_claims == ["other"]


@pytest.mark.parametrize("text", ["moe-router-001", "FALSIFY-MOE-ROUTER-001", "RENORMALISED TOP-K", "", "moe-router"])
def test_selection_looks_at_contract_id_and_rule(programs, text):
    (router,) = (program for program in programs if program.id == "moe-router")
    assert selected(Order((), "my.engine", select=text), router, router.falsifiers[0])


def test_a_selection_of_nothing_is_a_mistake(programs):
    check_selection(Order((), "my.engine", select="router"), programs)
    with pytest.raises(HandledError, match="--select 'rooter' matches no falsifier"):
        check_selection(Order((), "my.engine", select="rooter"), programs)


def given(**changed):
    base = {"kinds": (), "dtypes": (), "integers": (), "minimum": None, "maximum": None, "excluded": ()}
    return SimpleNamespace(**base | changed)


def expression(text):
    return SimpleNamespace(text=text)


@pytest.mark.parametrize(
    ("name", "narrowed", "reason"),
    [
        ("gate", given(kinds=("zeros",)), "asks for another gate than the model's"),
        ("gate", given(dtypes=("q4_k",)), "asks for another gate than the model's"),
        ("gate", given(excluded=("large",)), ""),
        ("x", given(kinds=("zeros",)), ""),
        ("experts", given(integers=(1,)), "asks for experts = 1, the model has 8"),
        ("experts", given(integers=(4, 8)), ""),
        ("k", given(minimum=expression("experts")), "asks for k >= 8, the model has 2"),
        ("k", given(maximum=expression("1")), "asks for k <= 1, the model has 2"),
        ("k", given(maximum=expression("threads")), ""),
        ("threads", given(minimum=expression("2")), ""),
    ],
)
def test_falsifiers_that_say_nothing_about_a_model(programs, name, narrowed, reason):
    (layer,) = (program for program in programs if program.id == "qwen3-moe-ffn")
    source = dataclasses.replace(layer.falsifiers[0].source, given={name: narrowed})
    falsifier = dataclasses.replace(layer.falsifiers[0], source=source)
    assert inapplicable(Order((CONTRACTS,), "my.engine", model=MODEL), layer, falsifier) == reason
    assert inapplicable(Order((CONTRACTS,), "my.engine"), layer, falsifier) == ""


def test_contracts_without_a_model_section_do_not_apply_to_one(programs):
    (router,) = (program for program in programs if program.id == "moe-router")
    assert (
        inapplicable(Order((), "my.engine", model=MODEL), router, router.falsifiers[0])
        == "the contract has no `model` section"
    )


def test_the_model_is_bound_once():
    order = Order((CONTRACTS,), "my.engine", model=MODEL)
    fixed, layers = bound(order, "qwen3-moe-ffn")
    assert fixed == {"hidden": 256, "intermediate": 256, "experts": 8, "k": 2}
    assert [layer.layer for layer in layers] == [0, 1]
    assert bound(order, "qwen3-moe-ffn") is bound(order, "qwen3-moe-ffn")


@pytest.mark.parametrize("of", [1, 2, 3, 11])
def test_parts_are_a_partition(of):
    tasks = [("tiny", f"FALSIFY-TINY-{number:03}") for number in range(10)]
    parts = [dealt(tasks, (index, of)) for index in range(1, of + 1)]
    assert sorted(key for part in parts for key in part) == tasks
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
