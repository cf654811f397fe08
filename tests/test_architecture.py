"""Who may import whom, and what each file owes: checked on the source text, without importing anything.

The line load -> check -> compile -> search -> judge -> report is `LAYERS` below, left to right.
"""

import ast
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("harness", "impl")

# A module belongs to the layer that names the longest prefix of it. It imports from its own layer and from
# those left of it; layers on one step stand beside each other and do not import each other.
LAYERS = (
    ("harness.findings", "harness.printable", "harness.strict_json"),
    ("harness.shipped",),
    ("harness.language",),
    ("harness.contract",),
    ("harness.program",),
    ("harness.judge", "harness.model_files"),
    ("harness.subjects",),
    ("harness.search",),
    ("harness.run",),
    ("harness.teeth",),
    ("harness.report",),
    ("harness.gate",),
    ("harness.session",),
    ("harness.configuration",),
    ("harness.commands",),
    ("harness.cli", "harness.pytest_plugin"),
    ("harness.__main__",),
)

# What importing a module must not load, however indirectly: {module or package: packages}.
MUST_NOT_LOAD = {
    "harness.language.functions": {"numpy", "hypothesis"},  # which finds its files by itself, so no import names them
    "harness.gate": {"numpy", "hypothesis"},
    "harness.report": {"numpy", "hypothesis", "jinja2", "jsonschema"},
    "harness.configuration": {"numpy", "hypothesis", "numba", "rich", "jsonschema"},
    "harness.commands": {"numpy", "hypothesis", "numba", "rich", "jsonschema"},
    "harness.cli": {"numpy", "hypothesis", "numba", "rich", "jsonschema"},
    "harness.pytest_plugin": {"numpy", "hypothesis", "numba", "rich", "jsonschema"},
}

# Modules of the packages above that are themselves loaded late, where their work is needed: {module: reason}.
LOADED_LATE: dict[str, str] = {
    "harness.gate.meaning.equations.every_number": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.stored_numbers": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.admitted": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.block": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.cases": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.refusals.calls": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.claims.claim_cases": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.claims.conditions": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.claims.allowed_errors": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.refusals.wrong_arguments": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.claims.claim": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.counts": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.refused_cases": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.functions": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.equation": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.all_values": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.claims.parts": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.points": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.claims.raised": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.refusals.refusal": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.claims.results": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.sides": "evaluates both versions; loaded when an expression changed",
    "harness.gate.meaning.equations.expression_diff": "evaluates both versions; loaded when an expression changed",
}

# Modules with public functions and no test file of their own: {path: reason}.
TESTED_ELSEWHERE: dict[str, str] = {
    "harness/session.py": "from order to files, with the fixtures of records, tests/harness/report/test_session.py",
    "harness/commands/gate.py": "run as a user does, tests/harness/gate/test_gate.py",
    "harness/commands/release.py": "run as a user does, tests/harness/gate/test_gate.py",
    "harness/program/check/dependencies.py": "each finding is in tests/harness/contract/unsound/dependencies.yaml",
    "harness/program/check/memory.py": "each finding is in tests/harness/contract/unsound/subjects.yaml",
    "harness/program/check/naming.py": "each finding is in tests/harness/contract/unsound/naming.yaml",
    "impl/kernels/plain/q4_k.py": "by its products, tests/impl/kernels/plain/test_products.py",
    "impl/kernels/plain/q6_k.py": "by its products, tests/impl/kernels/plain/test_products.py",
    "impl/kernels/products.py": "by a matrix times a vector, tests/impl/kernels/test_matvec.py",
    "impl/kernels/vector/emit.py": "by what is written with it, tests/impl/kernels/vector/test_products.py",
    "impl/kernels/vector/q4_k.py": "by its products, tests/impl/kernels/vector/test_products.py",
    "impl/kernels/vector/q6_k.py": "by its products, tests/impl/kernels/vector/test_products.py",
    "impl/kernels/vector/router.py": "by the product that calls it, tests/impl/kernels/vector/test_products.py",
    "impl/kernels/vector/rows.py": "by its products, tests/impl/kernels/vector/test_products.py",
    "harness/program/check/unused.py": "each finding is in tests/harness/contract/unsound/unused.yaml",
    "harness/contract/arithmetic.py": "each finding is in tests/harness/contract/wrong/metadata.yaml",
    "harness/contract/folder.py": "with what reads folders, tests/harness/contract/test_read.py",
    "harness/gate/base.py": "on whole projects, tests/harness/gate/test_gate.py",
    "harness/gate/candidates.py": "on whole projects, tests/harness/gate/test_gate.py",
    "harness/gate/change.py": "with what it is used by, tests/harness/gate/test_comparison.py",
    "harness/gate/decide.py": "on whole projects, tests/harness/gate/test_gate.py",
    "harness/gate/dependencies.py": "on whole projects, tests/harness/gate/test_gate.py",
    "harness/gate/evaluation.py": "on pairs of contracts, tests/harness/gate/test_pairs.py",
    "harness/gate/releases/freeze.py": "on whole projects, tests/harness/gate/test_gate.py",
    "harness/gate/git.py": "on whole projects, tests/harness/gate/test_refs.py and test_growth.py",
    "harness/gate/releases/listed.py": "on whole projects, tests/harness/gate/test_gate.py",
    "harness/gate/waivers.py": "on whole projects, tests/harness/gate/test_gate.py",
    "harness/gate/meaning/claims/allowed_errors.py": "on claims, tests/harness/gate/meaning/claims/test_claim.py",
    "harness/gate/meaning/claims/claim_cases.py": "on claims, tests/harness/gate/meaning/claims/test_claim.py",
    "harness/gate/meaning/claims/conditions.py": "on claims, tests/harness/gate/meaning/claims/test_claim.py",
    "harness/gate/meaning/claims/parts.py": "on claims, tests/harness/gate/meaning/claims/test_claim.py",
    "harness/gate/diff/assurance.py": "each change is a pair, tests/harness/gate/edits/assurance.yaml",
    "harness/gate/diff/claims.py": "each change is a pair, tests/harness/gate/edits/claims.yaml",
    "harness/gate/diff/defaults.py": "each change is a pair, tests/harness/gate/edits/named_tables.yaml, tables.yaml",
    "harness/gate/diff/dimensions.py": "each change is a pair, tests/harness/gate/edits/dimensions.yaml",
    "harness/gate/diff/equations.py": "each change is a pair, tests/harness/gate/edits/equations.yaml",
    "harness/gate/diff/falsifiers.py": "each change is a pair, tests/harness/gate/edits/falsifiers.yaml",
    "harness/gate/diff/formats.py": "each change is a pair, tests/harness/gate/edits/formats.yaml",
    "harness/gate/diff/inputs.py": "each change is a pair, tests/harness/gate/edits/inputs.yaml",
    "harness/gate/diff/metadata.py": "each change is a pair, tests/harness/gate/edits/metadata.yaml",
    "harness/gate/diff/model.py": "each change is a pair, tests/harness/gate/edits/model.yaml",
    "harness/gate/diff/named_tables.py": "each change is a pair, tests/harness/gate/edits/named_tables.yaml",
    "harness/gate/diff/names.py": "each change is a pair, tests/harness/gate/edits/",
    "harness/gate/diff/obligations.py": "each change is a pair, tests/harness/gate/edits/obligations.yaml",
    "harness/gate/diff/refusals.py": "each change is a pair, tests/harness/gate/edits/refusals.yaml",
    "harness/gate/diff/subjects.py": "each change is a pair, tests/harness/gate/edits/subjects.yaml",
    "harness/gate/diff/tables.py": "each change is a pair, tests/harness/gate/edits/tables.yaml",
    "harness/gate/views/__init__.py": "with the record, tests/harness/gate/views/test_console.py",
}

DYNAMIC_IMPORTS = {"__import__", "import_module"}
PUBLIC_HYPOTHESIS = {"database", "errors", "extra", "stateful", "strategies"}


@dataclass(frozen=True)
class Import:
    """One imported module, where it stands, and whether loading the file executes it."""

    module: str
    line: int
    on_load: bool


@dataclass(frozen=True)
class Module:
    """A Python file of the project, under its dotted name."""

    name: str
    path: Path

    @property
    def relative(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def tree(self) -> ast.Module:
        return parsed(self.path)

    def place(self, line: int) -> str:
        return f"{self.relative}:{line}"


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_below(folder: str) -> list[Module]:
    return [Module(dotted(path), path) for path in sorted((ROOT / folder).rglob("*.py"))]


def is_below(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(prefix + ".")


SHIPPED = {module.name: module for package in PACKAGES for module in modules_below(package)}
HARNESS = [module for module in SHIPPED.values() if is_below(module.name, "harness")]
OWN_CODE = [*SHIPPED.values(), *modules_below("tests")]


def each(modules: list[Module]) -> pytest.MarkDecorator:
    """One test per module, with its path as id."""
    return pytest.mark.parametrize("module", [pytest.param(module, id=module.relative) for module in modules])


@cache
def imports_of(module: Module) -> tuple[Import, ...]:
    return tuple(_imports(module, module.tree, on_load=True))


def _imports(module: Module, node: ast.AST, *, on_load: bool) -> Iterator[Import]:
    match node:
        case ast.Import():
            yield from (Import(alias.name, node.lineno, on_load) for alias in node.names)
        case ast.ImportFrom():
            source = _source(module, node)
            for alias in node.names:
                # `from harness import cli` names a module, `from harness.cli import main` does not.
                inner = f"{source}.{alias.name}"
                yield Import(inner if inner in SHIPPED else source, node.lineno, on_load)
        case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _called(node) in DYNAMIC_IMPORTS:
            yield Import(name, node.lineno, on_load)
        case ast.If() if ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            for statement in node.body:
                yield from _imports(module, statement, on_load=False)
            for statement in node.orelse:
                yield from _imports(module, statement, on_load=on_load)
            return
    within = on_load and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _imports(module, child, on_load=within)


def _source(module: Module, node: ast.ImportFrom) -> str:
    """The module that `from ... import` reads, with leading dots resolved."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    ups = node.level - (module.path.name == "__init__.py")
    base = parts[: len(parts) - ups]
    return ".".join([*base, *([node.module] if node.module else [])])


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def loaded_with(name: str) -> Iterator[str]:
    """A module of ours, and the packages around it, which Python loads first."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        prefix = ".".join(parts[:length])
        if prefix in SHIPPED:
            yield prefix


def chains(starts: Iterable[str], follow: Callable[[str], Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Everything within reach, each as the chain of imports that leads to it, shortest first."""
    seen: set[str] = set()
    pending: deque[tuple[str, ...]] = deque((start,) for start in starts)
    while pending:
        chain = pending.popleft()
        if chain[-1] not in seen:
            seen.add(chain[-1])
            yield chain
            pending.extend((*chain, name) for name in follow(chain[-1]))


def named_on_load(name: str) -> list[str]:
    """The modules that a module of ours imports as soon as it is loaded; those of others are not followed."""
    return [found.module for found in imports_of(SHIPPED[name]) if found.on_load] if name in SHIPPED else []


def loaded_on_load(name: str) -> Iterator[str]:
    """The same, with the packages around each."""
    for module in named_on_load(name):
        yield from loaded_with(module) if module in SHIPPED else [module]


def layer_of(name: str) -> tuple[int, str]:
    """The step on the line and the layer's name there; the bare package stands left of everything."""
    if name == "harness":
        return -1, name
    fitting = [(len(layer), step, layer) for step, row in enumerate(LAYERS) for layer in row if is_below(name, layer)]
    assert fitting, f"{name} stands in no layer: add it to LAYERS"
    _, step, layer = max(fitting)
    return step, layer


def may_import(importer: str, imported: str) -> bool:
    (own_step, own_layer), (step, layer) = layer_of(importer), layer_of(imported)
    return step < own_step or layer == own_layer


@each(list(SHIPPED.values()))
def test_harness_and_impl_do_not_know_each_other(module: Module) -> None:
    other = {"harness": "impl", "impl": "harness"}[module.name.split(".")[0]]
    found = [module.place(found.line) for found in imports_of(module) if found.module.split(".")[0] == other]
    assert not found, f"imports {other}"


@each(HARNESS)
def test_module_imports_only_what_stands_left_of_it(module: Module) -> None:
    layer_of(module.name)
    found = [
        f"{module.place(found.line)} imports {found.module}"
        for found in imports_of(module)
        if is_below(found.module, "harness") and not may_import(module.name, found.module)
    ]
    assert not found


@each(list(SHIPPED.values()))
def test_imports_form_no_circle(module: Module) -> None:
    for chain in chains(named_on_load(module.name), named_on_load):
        assert chain[-1] != module.name, " -> ".join([module.name, *chain])


@pytest.mark.parametrize("place", MUST_NOT_LOAD)
def test_start_up_stays_light(place: str) -> None:
    heavy = MUST_NOT_LOAD[place]
    found = {
        " -> ".join(chain)
        for name in SHIPPED
        if is_below(name, place) and name not in LOADED_LATE
        for chain in chains(loaded_with(name), loaded_on_load)
        if chain[-1].split(".")[0] in heavy
    }
    assert not found, "import these inside the function that needs them"


@each(OWN_CODE)
def test_only_the_public_interface_of_hypothesis(module: Module) -> None:
    found = []
    for each_import in imports_of(module):
        root, *rest = each_import.module.split(".")
        private = rest and (rest[0] not in PUBLIC_HYPOTHESIS or any(part.startswith("_") for part in rest))
        if root == "hypothesis" and private:
            found.append(f"{module.place(each_import.line)} imports {each_import.module}")
    assert not found


@each(OWN_CODE)
def test_file_is_named_for_one_idea(module: Module) -> None:
    assert not module.path.stem.startswith(("util", "helper", "misc", "common"))


@each(list(SHIPPED.values()))
def test_module_says_what_it_is_for(module: Module) -> None:
    assert ast.get_docstring(module.tree), f"{module.relative} has no docstring"


def mirror_of(module: Module) -> Path:
    """The test file of a module: harness/gate/diff.py -> tests/harness/gate/test_diff.py."""
    path = module.path.relative_to(ROOT)
    return ROOT / "tests" / path.parent / f"test_{path.name}"


def has_public_functions(module: Module) -> bool:
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
        for node in module.tree.body
    )


@each([module for module in SHIPPED.values() if has_public_functions(module)])
def test_public_functions_have_a_test_file(module: Module) -> None:
    if module.relative not in TESTED_ELSEWHERE:
        assert mirror_of(module).is_file(), f"expected {mirror_of(module).relative_to(ROOT)}"


def test_exceptions_are_still_needed() -> None:
    for path, reason in TESTED_ELSEWHERE.items():
        module = SHIPPED.get(dotted(ROOT / path))
        assert module is not None, f"{path}: no such file, remove the line"
        assert has_public_functions(module), f"{path}: nothing to test, remove the line"
        assert not mirror_of(module).is_file(), f"{path}: has its test file, remove the line"
        assert reason.strip(), f"{path}: say why"


@pytest.mark.parametrize("name", sorted({*MUST_NOT_LOAD, *LOADED_LATE, *(layer for row in LAYERS for layer in row)}))
def test_tables_name_what_exists(name: str) -> None:
    assert name in SHIPPED, "no such module: mend the tables above"
