"""ggml's graph of the layer on the same weights in the same place, through the libraries that llama-cpp-python bundles.

The graph is that of llama.cpp's ``build_moe_ffn`` for Qwen3-MoE: softmax over the router's logits, the first TOP_K
of their argsort, renormalised weights, ``mul_mat_id`` for up and gate, swiglu, ``mul_mat_id`` for down, weights, sum.
It is built once per target and planned once per number of threads; a call computes the plan. Weights are not repacked:
their tensors point into the layer's own buffer. Only functions with opaque pointers are used, so that no layout of a
structure of ggml matters but that of ``ggml_init_params``.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.layer_model import (
    EXPERTS,
    HIDDEN,
    QTYPES,
    ROUTER_BYTES,
    ROWS_COLS,
    TOP_K,
    Floats,
    Model,
    Target,
)
from impl.ggml_types import F32

FEATURES: Final = ("avx2", "fma", "f16c", "avx512", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_int8", "neon",
                   "dotprod", "matmul_int8", "sve", "llamafile")  # fmt: skip
MOST_NODES: Final = 128
SMALLEST_SUM: Final = 6.103515625e-5  # of weights, as in llama.cpp

P, INT, I64, SIZE, F = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64, ctypes.c_size_t, ctypes.c_float
SIGNATURES: Final[dict[str, tuple[Any, list[Any]]]] = {
    "ggml_new_tensor_2d": (P, [P, INT, I64, I64]),
    "ggml_new_tensor_3d": (P, [P, INT, I64, I64, I64]),
    "ggml_mul_mat": (P, [P, P, P]),
    "ggml_mul_mat_id": (P, [P, P, P, P]),
    "ggml_soft_max": (P, [P, P]),
    "ggml_argsort_top_k": (P, [P, P, INT]),
    "ggml_top_k": (P, [P, P, INT]),  # before there was argsort_top_k, this was it
    "ggml_get_rows": (P, [P, P, P]),
    "ggml_reshape_2d": (P, [P, P, I64, I64]),
    "ggml_reshape_3d": (P, [P, P, I64, I64, I64]),
    "ggml_sum_rows": (P, [P, P]),
    "ggml_clamp": (P, [P, P, F, F]),
    "ggml_div": (P, [P, P, P]),
    "ggml_mul": (P, [P, P, P]),
    "ggml_add": (P, [P, P, P]),
    "ggml_swiglu_split": (P, [P, P, P]),
    "ggml_view_2d": (P, [P, P, I64, I64, SIZE, SIZE]),
    "ggml_set_input": (None, [P]),
    "ggml_set_output": (None, [P]),
    "ggml_tensor_overhead": (SIZE, []),
    "ggml_graph_overhead_custom": (SIZE, [SIZE, ctypes.c_bool]),
    "ggml_new_graph_custom": (P, [P, SIZE, ctypes.c_bool]),
    "ggml_build_forward_expand": (None, [P, P]),
    "ggml_graph_n_nodes": (INT, [P]),
    "ggml_version": (ctypes.c_char_p, []),
    "ggml_backend_cpu_init": (P, []),
    "ggml_backend_cpu_set_n_threads": (None, [P, INT]),
    "ggml_backend_cpu_buffer_type": (P, []),
    "ggml_backend_cpu_buffer_from_ptr": (P, [P, SIZE]),
    "ggml_backend_tensor_alloc": (INT, [P, P, P]),
    "ggml_backend_tensor_set": (None, [P, P, SIZE, SIZE]),
    "ggml_backend_tensor_get": (None, [P, P, SIZE, SIZE]),
    "ggml_backend_graph_plan_create": (P, [P, P]),
    "ggml_backend_graph_plan_compute": (INT, [P, P]),
    "ggml_gallocr_new": (P, [P]),
    "ggml_gallocr_alloc_graph": (ctypes.c_bool, [P, P]),
}


class Unavailable(Exception):
    """Why ggml cannot be measured here."""


class _InitParams(ctypes.Structure):
    _fields_ = [("mem_size", SIZE), ("mem_buffer", P), ("no_alloc", ctypes.c_bool)]


class Library:
    """The functions of the bundled libraries by name."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("llama_cpp")
        if spec is None or not spec.submodule_search_locations:
            raise Unavailable("the package llama-cpp-python is not installed")
        self.folder = Path(next(iter(spec.submodule_search_locations))) / "lib"
        self._libraries = []
        for stem in ("ggml-base", "ggml-cpu"):
            found = sorted(self.folder.glob(f"*{stem}.*"))
            if not found:
                raise Unavailable(f"llama-cpp-python bundles no {stem} in {self.folder}")
            self._libraries.append(ctypes.CDLL(str(found[0]), mode=ctypes.RTLD_GLOBAL))
        self.init = self._function("ggml_init", P, [_InitParams])

    def __getattr__(self, name: str) -> Any:
        """A function of SIGNATURES, without its prefix."""
        result, arguments = SIGNATURES[f"ggml_{name}"]
        function = self._function(f"ggml_{name}", result, arguments)
        setattr(self, name, function)
        return function

    def _function(self, name: str, result: Any, arguments: list[Any]) -> Any:
        for library in self._libraries:
            if hasattr(library, name):
                function = getattr(library, name)
                function.restype, function.argtypes = result, arguments
                return function
        raise Unavailable(f"the bundled ggml has no {name}: its interface has changed")

    def has(self, name: str) -> bool:
        return any(hasattr(library, f"ggml_{name}") for library in self._libraries)

    def features(self) -> dict[str, bool]:
        """What this build uses of the CPU."""
        return {name: bool(self._function(f"ggml_cpu_has_{name}", INT, [])()) for name in FEATURES
                if self.has(f"cpu_has_{name}")}  # fmt: skip


class GgmlLayers:
    """Graphs for all targets of a model. Nothing is ever freed: they live as long as the process."""

    def __init__(self, model: Model, threads: list[int]) -> None:
        self._ggml = Library()
        self._model = model
        self._buffers = [
            self._ggml.backend_cpu_buffer_from_ptr(layer.data.ctypes.data, layer.data.size) for layer in model.layers
        ]
        self._backends = {}
        for count in threads:
            self._backends[count] = self._ggml.backend_cpu_init()
            self._ggml.backend_cpu_set_n_threads(self._backends[count], count)
        self._graphs: dict[tuple[int, int, int], _Graph] = {}

    @property
    def facts(self) -> dict[str, Any]:
        """Version, features of the build, nodes of the graph."""
        version = self._ggml.version().decode() if self._ggml.has("version") else "unknown"
        nodes = {graph.nodes for graph in self._graphs.values()}
        return {"version": version, "features": self._ggml.features(), "nodes": sorted(nodes)}

    def prepared(self, target: Target, threads: int) -> Callable[[], Any]:
        """A call that computes the target; its input is set now, before the time is taken."""
        graph = self.graph(target)
        graph.set_input(target)
        backend = self._backends[threads]
        plan = graph.plan(threads, backend)
        compute = self._ggml.backend_graph_plan_compute

        def call() -> None:
            if compute(backend, plan):
                raise RuntimeError("ggml could not compute its graph")

        return call

    def output(self, target: Target) -> Floats:
        """What the last call for this target computed, [tokens, hidden]."""
        return self.graph(target).output()

    def graph(self, target: Target) -> _Graph:
        key = target.layer, target.router, target.tokens
        if key not in self._graphs:
            self._graphs[key] = _Graph(self._ggml, self._model, target, self._buffers[target.layer])
        return self._graphs[key]


class _Graph:
    def __init__(self, ggml: Library, model: Model, target: Target, buffer: Any) -> None:
        self._ggml, self._tokens = ggml, target.tokens
        size = ggml.tensor_overhead() * MOST_NODES + ggml.graph_overhead_custom(MOST_NODES, False)
        self._context = ggml.init(_InitParams(size, None, True))
        layer = model.layers[target.layer]
        weights = {"router": ggml.new_tensor_2d(self._context, F32, HIDDEN, EXPERTS)}
        offsets = {"router": target.router * ROUTER_BYTES, **layer.offsets}
        for name, (rows, cols) in ROWS_COLS.items():
            weights[name] = ggml.new_tensor_3d(self._context, QTYPES[name], cols, rows, EXPERTS)
        for name, tensor in weights.items():
            ggml.backend_tensor_alloc(buffer, tensor, layer.data.ctypes.data + offsets[name])
        self._input = ggml.new_tensor_2d(self._context, F32, HIDDEN, self._tokens)
        ggml.set_input(self._input)
        self._graph = ggml.new_graph_custom(self._context, MOST_NODES, False)
        self._output = self._build(weights)
        ggml.set_output(self._output)
        self.nodes = ggml.graph_n_nodes(self._graph)
        self._memory = ggml.gallocr_new(ggml.backend_cpu_buffer_type())
        if not ggml.gallocr_alloc_graph(self._memory, self._graph):
            raise MemoryError("ggml could not allocate its graph")
        self._plans: dict[int, Any] = {}

    def _build(self, weights: dict[str, Any]) -> Any:
        """The nodes of ``build_moe_ffn``, in its order."""
        ggml, c, n = self._ggml, self._context, self._tokens

        def expand(tensor: Any) -> Any:
            ggml.build_forward_expand(self._graph, tensor)
            return tensor

        probs = ggml.soft_max(c, ggml.mul_mat(c, weights["router"], self._input))
        top_k = ggml.argsort_top_k if ggml.has("argsort_top_k") else ggml.top_k
        chosen = top_k(c, probs, TOP_K)
        scale = ggml.reshape_2d(c, ggml.get_rows(c, ggml.reshape_3d(c, probs, 1, EXPERTS, n), chosen), TOP_K, n)
        total = ggml.clamp(c, ggml.sum_rows(c, scale), SMALLEST_SUM, float("inf"))
        scale = expand(ggml.reshape_3d(c, ggml.div(c, scale, total), 1, TOP_K, n))
        hidden = ggml.reshape_3d(c, self._input, HIDDEN, 1, n)
        up = ggml.mul_mat_id(c, weights["up"], hidden, chosen)
        gate = ggml.mul_mat_id(c, weights["gate"], hidden, chosen)
        down = ggml.mul_mat_id(c, weights["down"], ggml.swiglu_split(c, gate, up), chosen)
        experts = expand(ggml.mul(c, down, scale))  # [TOP_K, HIDDEN] float32 for each token, contiguous
        row = 4 * HIDDEN
        views = [expand(ggml.view_2d(c, experts, HIDDEN, n, TOP_K * row, rank * row)) for rank in range(TOP_K)]
        output = views[0]
        for view in views[1:]:
            output = expand(ggml.add(c, output, view))
        return output

    def set_input(self, target: Target) -> None:
        values = np.ascontiguousarray(target.hidden)
        self._ggml.backend_tensor_set(self._input, values.ctypes.data, 0, values.nbytes)

    def output(self) -> Floats:
        values = np.empty((self._tokens, HIDDEN), np.float32)
        self._ggml.backend_tensor_get(self._output, values.ctypes.data, 0, values.nbytes)
        return values

    def plan(self, threads: int, backend: Any) -> Any:
        if threads not in self._plans:
            self._plans[threads] = self._ggml.backend_graph_plan_create(backend, self._graph)
        return self._plans[threads]
