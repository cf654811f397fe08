"""What there is to know of a function of the language: one record."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from harness.language.types import Type

if TYPE_CHECKING:
    from harness.language.evaluate import Domain

Value = Any
ENTRYWISE = "entry by entry"  # with NumPy's broadcasting
LAST_AXIS = "along the last axis"
NAMED_AXIS = "along the axis that the call names"
ROWS_OF_FIRST = "from the rows of its first argument"

# The manual's sections of functions, in its order.
SUMS = "Sums and extremes"
PRODUCTS = "Products of arrays"
SINGLE = "Functions of single numbers"
ROUNDING = "Rounding and number formats"
ROWS = "Functions of rows"
ORDER = "Order and choice"
PLACES = "Where entries are"
KNOWN = "What is known of a value"
TEXTS_AND_BYTES = "Texts and bytes"
GROUPS = (SUMS, PRODUCTS, SINGLE, ROUNDING, ROWS, ORDER, PLACES, KNOWN, TEXTS_AND_BYTES)

InBatch = Callable[["Domain", str, list[Value], dict[str, Value]], Value]


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function. Its file says everything but how its bound is attacked (tests/harness/language/soundness).

    NumPy and what evaluates are imported inside the rules that use them: checking a contract needs the types alone.
    """

    name: str

    # The manual's section, and its row there: a call as a reader writes it, what it means, and what bounds it ("" for
    # texts and bytes).
    group: str
    form: str
    meaning: str
    bound: str

    # A call of x[n], w[k, n], s (reals), i[n] (integers), t[k, n] (a tensor in blocks), word, words; and its type.
    example: tuple[str, str]

    # From the types of the arguments to the type of the result, or Mismatch. A parameter `ranges` gets the ranges of
    # the dimensions. `keywords`: the parameters that a call may name.
    type_rule: Callable[..., Type]
    keywords: tuple[str, ...] = ()

    # The value with its bound, and the value in plain float32: rule(domain, *arguments, **keywords). Arguments come
    # as the domain has them; domain.real and domain.whole convert them.
    exact: Callable[..., Value]
    single: Callable[..., Value]

    # How it is called where the arrays have an axis of many blocks in front; None: not in equations of block formats.
    in_batch: InBatch | None = None

    # How rows of its result follow from the same rows of its arguments alone (below); "": they do not.
    by_rows: str = ""

    # It asks how its argument is stored, and gets an input as it is stored; in a domain an array is only numbers.
    of_stored: bool = False

    # What somebody may write instead by mistake: functions of the language or of mutants (mutate/faulty.py). Where
    # there are none, `no_neighbours` says why.
    neighbours: tuple[str, ...] = ()
    no_neighbours: str = ""

    # What mutants ask besides.
    reduces: bool = False  # several entries become one: dividing by it is a normalisation
    keeps_values: bool = False  # left out, the values are the same
    repeatable: bool = False  # somebody may apply it twice by mistake
    product: bool = False  # it multiplies its two arguments, each of which a kernel may hold in fewer bits
    joins: bool = False  # its arguments may come in another order
    mistakable: tuple[int, int] | None = None  # two arguments that may be taken for each other

    @property
    def row(self) -> str:
        """The function's row in docs/language.md."""
        return f"| {' | '.join(self.cells)} |"

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of that row."""
        return (f"`{self.form}`", self.meaning, *([self.bound] if self.bound else []))

    @cached_property
    def parameters(self) -> tuple[inspect.Parameter, ...]:
        """What a call may give, in order, without `ranges`."""
        found = inspect.signature(self.type_rule).parameters.values()
        return tuple(parameter for parameter in found if parameter.name != "ranges")

    @cached_property
    def needs_ranges(self) -> bool:
        """Whether the type depends on the ranges of the dimensions."""
        return "ranges" in inspect.signature(self.type_rule).parameters


def by_name(records: Iterable[Function]) -> dict[str, Function]:
    """The records by name. A file may import the record of another; two records of one name are a mistake."""
    found: dict[str, Function] = {}
    for record in records:
        if found.setdefault(record.name, record) is not record:
            raise ValueError(f"two records of a function {record.name}")
    return found
