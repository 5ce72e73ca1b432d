"""Owns the ONNX file: from work/<name>.safetensors to model.onnx and tokenizer.json in an output folder.

    python3 export.py NAME OUT

Integer products with one activation scale per token (row), so that a text's result does not depend on
the texts beside it in a batch: a row x is quantised as round(x / s) + 128 with s = max|x| / 127, the
weight matrix per output column as round(w / t) with t = max|column| / 127, and
y[i, j] = s[i] t[j] sum((x_q - 128) w_q) + bias. Standard operators and ONNX Runtime's com.microsoft ones.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

import common

MICROSOFT = "com.microsoft"
WIDTH, HEADS, EPS = 384, 12, 1e-12


class Graph:
    """Collects nodes and constants; every method returns the name of what it made."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def const(self, name: str, value: np.ndarray) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def ints(self, *values: int) -> str:
        return self.const("i_" + "_".join(str(v).replace("-", "m") for v in values), np.array(values, np.int64))

    def op(self, kind: str, inputs: list[str], out: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [out], name=out, domain=domain, **attributes))
        return out

    def norm(self, x: str, weight: np.ndarray, bias: np.ndarray, out: str) -> str:
        inputs = [x, self.const(out + ".w", weight), self.const(out + ".b", bias)]
        return self.op("LayerNormalization", inputs, out, axis=-1, epsilon=EPS)


def quantise_columns(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(int8[in, out], scale f32[out]) of a torch weight f32[out, in]."""
    scale = np.maximum(np.abs(weight).max(1), 1e-8).astype(np.float32) / np.float32(127)
    return np.clip(np.rint(weight / scale[:, None]), -127, 127).astype(np.int8).T, scale


def quantise_rows(g: Graph, x: str) -> tuple[str, str]:
    """(u8 rows, scale f32[rows, 1]) of x f32[rows, n]."""
    size = g.op("ReduceMax", [g.op("Abs", [x], x + ".abs")], x + ".max", axes=[1], keepdims=0)
    scaled = g.op("Mul", [size, g.const("per_127", np.float32(1 / 127))], x + ".s0")
    scale = g.op("Add", [scaled, g.const("tiny", np.float32(1e-9))], x + ".s")
    fill = numpy_helper.from_array(np.array([128], np.uint8))
    zero = g.op("ConstantOfShape", [g.op("Shape", [scale], x + ".n")], x + ".z", value=fill)
    rows = g.op("QuantizeLinear", [x, scale, zero], x + ".q", axis=0)
    return rows, g.op("Unsqueeze", [scale, g.ints(1)], x + ".s1")


def product(g: Graph, x: tuple[str, str], weight: np.ndarray, out: str) -> str:
    """Quantised rows times a torch weight, f32[rows, out], without bias."""
    matrix, scale = quantise_columns(weight)
    inputs = [x[0], g.const(out + ".w", matrix), g.const("one", np.float32(1)), g.const(out + ".t", scale)]
    # A zero point of its own for every weight: the runtime's exact 8-bit path rewrites it in place.
    inputs += [g.const("zero_u8", np.uint8(128)), g.const(out + ".z", np.zeros(len(scale), np.int8))]
    return g.op("Mul", [g.op("MatMulIntegerToFloat", inputs, out + ".mm", MICROSOFT), x[1]], out)


def embeddings(g: Graph, w: dict[str, np.ndarray]) -> str:
    """Flat token vectors f32[batch * seq, 384]; the word table is int8 with a scale per word."""
    table = w["words.weight"]
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8).astype(np.float32) / np.float32(127)
    small = g.const("words", np.clip(np.rint(table / scale), -127, 127).astype(np.int8))
    found = g.op("Cast", [g.op("Gather", [small, "input_ids"], "words.q")], "words.f", to=TensorProto.FLOAT)
    words = g.op("Mul", [found, g.op("Gather", [g.const("words.t", scale), "input_ids"], "words.s")], "words.v")
    shape = g.op("Shape", ["input_ids"], "shape")
    seq = g.op("Slice", [shape, g.ints(1), g.ints(2)], "seq")
    places = g.const("positions", w["positions.weight"])
    placed = g.op("Slice", [places, g.ints(0), seq, g.ints(0)], "positions.v")
    normed = g.norm(g.op("Add", [words, placed], "sum"), w["norm.weight"], w["norm.bias"], "norm")
    g.op("Concat", ["shape", g.ints(WIDTH)], "shape3", axis=0)
    return g.op("Reshape", [normed, g.ints(-1, WIDTH)], "flat")


def attention(g: Graph, w: dict[str, np.ndarray], name: str, x: str) -> str:
    """Self-attention with its residual and norm."""
    names = [f"{name}.{part}" for part in ("query", "key", "value")]
    rows, parts = quantise_rows(g, x), []
    for part in names:
        flat = product(g, rows, w[part + ".weight"], part)
        parts.append(g.op("Reshape", [flat, "shape3"], part + ".3"))
    bias = g.const(name + ".qkv.b", np.concatenate([w[part + ".bias"] for part in names]))
    mixed = g.op("MultiHeadAttention", [*parts, bias, "mask32"], name + ".mha", MICROSOFT, num_heads=HEADS)
    flat = g.op("Reshape", [mixed, g.ints(-1, WIDTH)], name + ".mixed")
    out = product(g, quantise_rows(g, flat), w[name + ".attention_out.weight"], name + ".ao")
    out = g.op("Add", [out, g.const(name + ".ao.b", w[name + ".attention_out.bias"])], name + ".aob")
    summed = g.op("Add", [out, x], name + ".r1")
    return g.norm(summed, w[name + ".attention_norm.weight"], w[name + ".attention_norm.bias"], name + ".n1")


def feed_forward(g: Graph, w: dict[str, np.ndarray], name: str, x: str) -> str:
    """The two dense layers with their residual and norm."""
    wide = product(g, quantise_rows(g, x), w[name + ".inner.weight"], name + ".in")
    wide = g.op("BiasGelu", [wide, g.const(name + ".in.b", w[name + ".inner.bias"])], name + ".gelu", MICROSOFT)
    out = product(g, quantise_rows(g, wide), w[name + ".outer.weight"], name + ".out")
    out = g.op("Add", [out, g.const(name + ".out.b", w[name + ".outer.bias"])], name + ".outb")
    return g.norm(g.op("Add", [out, x], name + ".r2"), w[name + ".norm.weight"], w[name + ".norm.bias"], name + ".n2")


def pooled(g: Graph, x: str) -> str:
    """Mean over the tokens, scaled to length 1: the mean's own divisor cancels."""
    tokens = g.op("Reshape", [x, "shape3"], "tokens")
    mask = g.op("Cast", ["attention_mask"], "mask_f", to=TensorProto.FLOAT)
    row = g.op("Unsqueeze", [mask, g.ints(1)], "mask_row")
    total = g.op("Squeeze", [g.op("MatMul", [row, tokens], "total3"), g.ints(1)], "total")
    square = g.op("ReduceSum", [g.op("Mul", [total, total], "squares"), g.ints(-1)], "square", keepdims=1)
    return g.op("Div", [total, g.op("Sqrt", [square], "length")], "embedding")


def head(g: Graph, w: dict[str, np.ndarray], name: str, x: str, out: str) -> str:
    """A head in fp32; `x` is the unit vector times sqrt(384)."""
    if f"{name}.hidden.weight" in w:
        x = g.op("Gemm", [x, g.const(name + ".hw", w[name + ".hidden.weight"].T),
                          g.const(name + ".hb", w[name + ".hidden.bias"])], name + ".h")
        x = g.op("Gelu", [x], name + ".ha", MICROSOFT)
    weight, bias = g.const(name + ".w", w[name + ".out.weight"].T), g.const(name + ".b", w[name + ".out.bias"])
    return g.op("Gemm", [x, weight, bias], out)


def build(w: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The whole graph."""
    g = Graph()
    g.op("Cast", ["attention_mask"], "mask32", to=TensorProto.INT32)
    x = embeddings(g, w)
    for i in range(1 + max(int(k.split(".")[1]) for k in w if k.startswith("layers."))):
        name = f"layers.{i}"
        x = feed_forward(g, w, name, attention(g, w, name, x))
    scaled = g.op("Mul", [pooled(g, x), g.const("root", np.float32(WIDTH**0.5))], "scaled")
    outs = [("embedding", WIDTH)]
    for part in ("themes", "concerns"):
        outs.append((part[:-1] + "_logits", len(w[part + ".out.bias"])))
        head(g, w, part, scaled, outs[-1][0])
    ins = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "seq"]) for n in ("input_ids", "attention_mask")]
    infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["batch", size]) for n, size in outs]
    graph = helper.make_graph(g.nodes, "bigask", ins, infos, list(g.constants.values()))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="bigask")


def write_tokenizer(path: Path) -> None:
    """tokenizer.json in its canonical form, without padding and truncation."""
    raw = json.loads(common.tokenizer().to_str())
    path.write_text(json.dumps(raw, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def main() -> None:
    name, out = sys.argv[1], Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    model = build(load_file(str(common.WORK / f"{name}.safetensors")))
    onnx.checker.check_model(model)
    (out / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    write_tokenizer(out / "tokenizer.json")
    print(f"{out / 'model.onnx'}: {(out / 'model.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
