"""Text in Python's expression syntax, read by Python's own parser and rebuilt from the nodes of the language.

Everything else is refused by name. Nothing is ever evaluated by Python: `evaluate.py` walks the nodes.
"""

from __future__ import annotations

import ast
import tokenize
import warnings
from itertools import accumulate

from harness.language.operators import SYMBOLS
from harness.language.syntax.nodes import (
    SCAN,
    STORED,
    THREADED,
    Binary,
    Call,
    Compare,
    Index,
    Logic,
    Name,
    NewAxis,
    Node,
    Number,
    OtherAxes,
    ResultField,
    Scan,
    Slice,
    Text,
    Threaded,
    Unary,
)

MAX_LENGTH = 2_000
MAX_NODES = 400
MAX_DEPTH = 40
MAX_INTEGER = 2**62
NUMBERS = {"inf": float("inf")}  # numbers that are written as words, so that no name can be one of them


class SyntaxRefused(Exception):
    """The text is not in the grammar; `offset` counts characters from its start."""

    def __init__(self, message: str, offset: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.hint = message, offset, hint


_SPOKEN = {
    "Lambda": "a lambda", "IfExp": "a conditional expression (use where(...))", "Dict": "a dictionary",
    "Set": "a set", "List": "a list", "Tuple": "a tuple", "ListComp": "a comprehension",
    "GeneratorExp": "a comprehension", "SetComp": "a comprehension", "DictComp": "a comprehension",
    "JoinedStr": "an f-string", "Attribute": "an attribute of something that is no subject's result",
    "Call": "a call of something that is no name", "Starred": "* before an argument", "NamedExpr": ":=",
    "Constant": "this constant",
    "BinOp": "this operator (** is written as pow(x, n))", "Compare": "a comparison with in or is",
    "UnaryOp": "unary +", "Await": "await", "Yield": "yield",
}  # fmt: skip


def parse(text: str) -> Node:
    """Parse one expression; raises SyntaxRefused with the offending offset."""
    if len(text) > MAX_LENGTH:
        raise SyntaxRefused(
            f"expression of {len(text)} characters", hint=f"the limit is {MAX_LENGTH}; name parts of it"
        )
    if not text.strip():
        raise SyntaxRefused("empty expression")
    flat = text.replace("\r", " ").replace("\n", " ").replace("\t", " ")
    lead = len(flat) - len(flat.lstrip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `1is 2` and the like warn; they are refused below anyway
            tree = ast.parse(flat.strip(), mode="eval")
    except SyntaxError as error:
        raise SyntaxRefused(f"not an expression: {error.msg}", lead + max(0, (error.offset or 1) - 1)) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise SyntaxRefused(f"not an expression: {str(error) or 'nested too deeply'}") from None
    if "#" in flat:
        _refuse_comment(flat.strip(), lead)
    if not flat.isascii():
        _refuse_lookalikes(flat.strip(), lead)
    return _Builder(flat.strip(), lead).build(tree.body)


def _refuse_comment(text: str, lead: int) -> None:
    """A comment would swallow every line after it, since an expression is read as one line."""
    for token in tokenize.generate_tokens(iter([text]).__next__):
        if token.type == tokenize.COMMENT:
            raise SyntaxRefused("a comment inside an expression", lead + token.start[1], "put it beside the YAML key")


def _refuse_lookalikes(text: str, lead: int) -> None:
    """Python takes `ſum` for `sum`; and of two letters that look alike only one has been declared."""
    for token in tokenize.generate_tokens(iter([text]).__next__):
        strange = next((part for part in token.string if not part.isascii()), "")
        if token.type == tokenize.NAME and strange:
            place = lead + token.start[1] + token.string.index(strange)
            raise SyntaxRefused(f"{strange!r} (U+{ord(strange):04X}) in a name", place, "names are of ASCII letters")


class _Builder:
    """Python's syntax tree to ours, counting nodes and depth."""

    def __init__(self, text: str, lead: int) -> None:
        self.lead, self.count = lead, 0
        # ast reports offsets in UTF-8 bytes; places are in characters.
        self.ascii = text.isascii()
        widths = () if self.ascii else (len(character.encode()) for character in text)
        self.offsets = list(accumulate(widths, initial=0))

    def character(self, byte: int) -> int:
        return self.lead + (byte if self.ascii else self.offsets.index(byte))

    def build(self, tree: ast.expr, depth: int = 0) -> Node:
        start = self.character(tree.col_offset)
        span = {"start": start, "stop": self.character(tree.end_col_offset or tree.col_offset)}
        self.count += 1
        if self.count > MAX_NODES:
            raise SyntaxRefused(f"more than {MAX_NODES} parts in one expression", start, "name parts of it")
        if depth > MAX_DEPTH:
            raise SyntaxRefused(f"nested deeper than {MAX_DEPTH}", start, "name parts of it")

        def sub(part: ast.expr) -> Node:
            return self.build(part, depth + 1)

        match tree:
            case ast.Constant(value=bool() | None as constant):
                raise SyntaxRefused(f"{constant} has no meaning here", start)
            case ast.Constant(value=(int() | float()) as number):
                return Number(self.number(number, start), **span)
            case ast.Constant(value=str() as text):
                return Text(text, **span)
            case ast.Name(id=name):
                return Number(NUMBERS[name], **span) if name in NUMBERS else Name(name, **span)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in SYMBOLS:
                inner = sub(operand)
                if isinstance(op, ast.USub) and isinstance(inner, Number):
                    return Number(-inner.value, **span)
                return Unary(SYMBOLS[type(op)], inner, **span)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in SYMBOLS:
                return Binary(SYMBOLS[type(op)], sub(left), sub(right), **span)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in SYMBOLS:
                return Compare(SYMBOLS[type(op)], sub(left), sub(right), **span)
            case ast.Compare(left=first, ops=ops, comparators=rest) if all(type(op) in SYMBOLS for op in ops):
                terms = [sub(first), *(sub(term) for term in rest)]
                pairs = zip(ops, terms, terms[1:], strict=False)
                parts = tuple(Compare(SYMBOLS[type(op)], a, b, start=a.start, stop=b.stop) for op, a, b in pairs)
                return Logic("and", parts, **span)
            case ast.BoolOp(op=op, values=values):
                return Logic(SYMBOLS[type(op)], tuple(sub(value) for value in values), **span)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
                for keyword in keywords:
                    if keyword.arg is None:
                        place = self.character(keyword.col_offset)
                        raise SyntaxRefused("** has no meaning here", place, "name each argument")
                named = tuple((keyword.arg or "", sub(keyword.value)) for keyword in keywords)
                if len({name for name, _ in named}) < len(named):
                    raise SyntaxRefused("an argument is named twice", start, "remove one of them")
                if name == SCAN and args:  # with named arguments alone it is an equation or a subject of that name
                    return self.scan([sub(arg) for arg in args], named, start, span["stop"])
                if name == THREADED and args:
                    return self.threaded([sub(arg) for arg in args], named, start, span["stop"])
                words = args[1:] if name == STORED else []
                formats = [word for part in words for word in self.formats(part, depth + 1)]
                values = args[:1] if words else args
                return Call(name, (*(sub(arg) for arg in values), *formats), named, **span)
            case ast.Attribute(value=ast.Call() as call, attr=attribute):
                return ResultField(sub(call), attribute, **span)
            case ast.Subscript(value=value, slice=index):
                items = index.elts if isinstance(index, ast.Tuple) else [index]
                if not items:
                    raise SyntaxRefused("an index with nothing in it", start)
                return Index(sub(value), tuple(self.item(item, depth + 1) for item in items), **span)
        what = _SPOKEN.get(type(tree).__name__, type(tree).__name__)
        raise SyntaxRefused(f"{what} is not part of the language", start, "`harness explain language` tells what is")

    def scan(self, nexts: list[Node], named: tuple[tuple[str, Node], ...], start: int, stop: int) -> Node:
        """A recurrence: what the next states are, the index with the number of steps, and the first states."""
        if len(named) != len(nexts) + 1:
            states = max(len(named) - 1, 0)
            what = f"{SCAN} of {len(nexts)} expressions with {states} states"
            raise SyntaxRefused(what, start, f"write {SCAN}(decay[t] * h + x[t], t=tokens, h=h0): one for each state")
        (index, length), *starts = named
        return Scan(tuple(nexts), index, length, tuple(starts), start=start, stop=stop)

    def threaded(self, called: list[Node], named: tuple[tuple[str, Node], ...], start: int, stop: int) -> Node:
        """Calls one after the other: the call of each, the index with their number, and what is fed to the next."""
        if len(called) != 1 or not named:
            hint = f"write {THREADED}(step(x=x[t]), t=tokens, state=state)"
            raise SyntaxRefused(f"{THREADED} needs one call of a subject and the number of steps", start, hint)
        (index, length), *fed = named
        for argument, result in fed:
            if not isinstance(result, Name):
                what = f"{THREADED}: the argument {argument} is fed with a result of the call before"
                raise SyntaxRefused(what, result.start, f"name the result: {argument}={argument}")
        results = tuple((argument, result.id) for argument, result in fed if isinstance(result, Name))
        return Threaded(called[0], index, length, results, start=start, stop=stop)

    def formats(self, tree: ast.expr, depth: int) -> list[Node]:
        """The number formats of `stored(x, bf16)` or `stored(x, [f32, bf16])`: they are words, not names."""
        found: list[Node] = []
        for part in tree.elts if isinstance(tree, ast.List) else [tree]:
            node = self.build(part, depth)
            found.append(Text(node.id, start=node.start, stop=node.stop) if isinstance(node, Name) else node)
        if not found:
            raise SyntaxRefused("an empty list", self.character(tree.col_offset), "name the formats: [f32, bf16]")
        return found

    def item(self, tree: ast.expr, depth: int) -> Node:
        start = self.character(tree.col_offset)
        span = {"start": start, "stop": self.character(tree.end_col_offset or tree.col_offset)}
        match tree:
            case ast.Constant(value=value) if value is Ellipsis:
                return OtherAxes(**span)
            case ast.Constant(value=None):
                return NewAxis(**span)
            case ast.Slice(lower=lower, upper=upper, step=None):
                first = self.build(lower, depth) if lower else None
                last = self.build(upper, depth) if upper else None
                return Slice(first, last, **span)
            case ast.Slice():
                raise SyntaxRefused("a slice with a step is not part of the language", start, "reshape, then index")
        return self.build(tree, depth)

    def number(self, value: int | float, start: int) -> int | float:
        if isinstance(value, int) and abs(value) > MAX_INTEGER:
            raise SyntaxRefused("an integer beyond 2**62", start, "write it as a real number, such as 1e20")
        if isinstance(value, float) and (value != value or abs(value) == float("inf")):
            raise SyntaxRefused("a number beyond float64", start, "the largest is about 1.8e308; or write inf")
        return value
