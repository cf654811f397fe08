"""Questions about the table: what a tensor is called, whether it must be there, which of its names is in a file."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from impl.errors import InvalidShape, UnknownRole, UnknownTensor
from impl.tensor_names.aliases import normalise_architecture
from impl.tensor_names.table import EXPERT, GLOBAL, ROLES, STORED_TRANSPOSED, Role

_PREFIX = "model."


@dataclass(frozen=True, slots=True)
class Templates:
    """Names of one role in one architecture.

    names: Hugging Face templates in the order in which they are tried, possibly none. gguf: template, or "".
    """

    names: tuple[str, ...]
    gguf: str


def templates(architecture: str, role: str) -> Templates:
    """The templates of ``role``. Any spelling of an architecture will do; UnknownRole for what is no role."""
    entry = _entry(role)
    return Templates(entry.names.get(normalise_architecture(architecture), ()), entry.gguf)


def is_required(architecture: str, role: str) -> bool:
    """Whether a model of ``architecture`` is incomplete without ``role``."""
    return normalise_architecture(architecture) in _entry(role).required


def expected_shape(role: str) -> tuple[str, ...]:
    """Row-major shape of the GGUF tensor in dimension names; the same for every architecture.

    Hugging Face tensors have it, too, but those of a stacked role (without its first dimension, ``experts``) and
    those that ``is_transposed`` names.
    """
    return _entry(role).shape


def is_stacked(role: str) -> bool:
    """Whether one GGUF tensor holds one Hugging Face tensor per expert: expert e is its slice [e]."""
    return _entry(role).kind == EXPERT


def is_transposed(architecture: str, role: str) -> bool:
    """Whether Hugging Face stores the transpose of what GGUF stores."""
    _entry(role)
    return role in STORED_TRANSPOSED.get(normalise_architecture(architecture), ())


def candidates(architecture: str, role: str, layer: int | None = None, expert: int | None = None) -> tuple[str, ...]:
    """Every name that ``resolve`` tries, in its order: Hugging Face's, GGUF's, Hugging Face's without "model.".

    Without an expert, the names of single experts are left out, and the stack remains. Raises InvalidShape where a
    role needs a layer and there is none, and for a negative layer or expert.
    """
    entry = _entry(role)
    for what, value in (("layer", layer), ("expert", expert)):
        if value is not None and value < 0:
            raise InvalidShape(f"{role}: {what} must be at least 0, got {value}")
    if layer is None and entry.kind != GLOBAL:
        raise InvalidShape(f"{role}: there is one per layer, but no layer was given")
    own = [
        name.format(n=layer, e=expert)
        for name in templates(architecture, role).names
        if expert is not None or "{e}" not in name
    ]
    gguf = [entry.gguf.format(n=layer)] if entry.gguf else []
    bare = [name.removeprefix(_PREFIX) for name in own if name.startswith(_PREFIX)]
    return (*own, *gguf, *bare)


def resolve(architecture: str, role: str, layer: int | None, expert: int | None, available: Container[str]) -> str:
    """The first name of ``role`` that is among ``available``; errors as ``candidates``.

    Raises UnknownTensor with every name that was tried where none is.
    """
    tried = candidates(architecture, role, layer, expert)
    for name in tried:
        if name in available:
            return name
    raise UnknownTensor(role, normalise_architecture(architecture), tried)


def _entry(role: str) -> Role:
    try:
        return ROLES[role]
    except KeyError:
        raise UnknownRole(role, tuple(ROLES)) from None
