"""Owns the network: a BERT-like encoder in plain torch, mean pooling, and the heads for themes and concerns.

Weights are read from a published checkpoint (BERT or MPNet) and written to safetensors under our names,
so that export.py needs nothing of this file but the file it writes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of an encoder; `buckets` > 0: MPNet's relative position bias."""

    width: int
    heads: int
    inner: int
    eps: float
    vocab: int
    first_position: int
    buckets: int


SHAPES = {
    "minilm": Shape(384, 12, 1536, 1e-12, 30522, 0, 0),
    "mpnet": Shape(768, 12, 3072, 1e-5, 30527, 2, 32),
}


def dropped(x: Tensor, share: float) -> Tensor:
    """Dropout from one random byte a value: a quarter of the time of `F.dropout` on a processor."""
    cut = round(share * 256)
    words = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), None)
    keep = words.view(torch.uint8)[: x.numel()].view(x.shape) >= cut
    return x * keep.to(x.dtype) * (256 / (256 - cut))


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        width, self.heads = shape.width, shape.heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.attention_out = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, shape.eps)
        self.inner, self.outer = nn.Linear(width, shape.inner), nn.Linear(shape.inner, width)
        self.norm = nn.LayerNorm(width, shape.eps)
        self.dropout = dropout

    def drop(self, x: Tensor) -> Tensor:
        return dropped(x, self.dropout) if self.training else x

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, s, w = x.shape
        q, k, v = (f(x).view(b, s, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        scores = (q @ k.transpose(2, 3)).float() * (w // self.heads) ** -0.5 + bias
        a = (torch.softmax(scores, -1).to(v.dtype) @ v).transpose(1, 2).reshape(b, s, w)
        x = self.attention_norm(x + self.drop(self.attention_out(a)))
        return self.norm(x + self.drop(self.outer(F.gelu(self.inner(x)))))


class Head(nn.Module):
    """Logits from the pooled vector: linear, or through one hidden layer where `hidden` > 0."""

    def __init__(self, width: int, outputs: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, hidden) if hidden else None
        self.out = nn.Linear(hidden or width, outputs)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        x = F.dropout(x, self.dropout, self.training)
        if self.hidden is not None:
            x = F.dropout(F.gelu(self.hidden(x)), self.dropout, self.training)
        return self.out(x)


def bucket(distance: Tensor, buckets: int, furthest: int = 128) -> Tensor:
    """Relative position bucket of T5 and MPNet: near distances each, far ones in logarithmic steps."""
    half, n = buckets // 2, -distance
    side, n = (n < 0).long() * half, n.abs()
    exact = half // 2
    far = exact + (torch.log(n.float().clamp(min=1) / exact) / math.log(furthest / exact) * (half - exact)).long()
    return side + torch.where(n < exact, n, far.clamp(max=half - 1))


class Classifier(nn.Module):
    """Token ids -> (mean vector, theme logits, concern logits)."""

    def __init__(self, family: str, layers: int, themes: int, concerns: int, settings: dict) -> None:
        super().__init__()
        self.shape = shape = SHAPES[family]
        self.words = nn.Embedding(settings.get("vocab", shape.vocab), shape.width)
        self.positions = nn.Embedding(512 + shape.first_position, shape.width)
        self.norm = nn.LayerNorm(shape.width, shape.eps)
        self.relative = nn.Embedding(shape.buckets, shape.heads) if shape.buckets else None
        self.dropout = settings["dropout"]
        self.layers = nn.ModuleList(Layer(shape, self.dropout) for _ in range(layers))
        self.themes = Head(shape.width, themes, settings["theme_hidden"], settings["head_dropout"])
        self.concerns = Head(shape.width, concerns, settings["concern_hidden"], settings["head_dropout"])

    def attention_bias(self, mask: Tensor) -> Tensor:
        """What is added to attention scores: far below zero at padding; MPNet's bias by distance."""
        bias = torch.zeros(mask.shape).masked_fill(mask == 0, -1e4)[:, None, None, :]
        if self.relative is None:
            return bias
        at = torch.arange(mask.shape[1])
        return bias + self.relative(bucket(at[None, :] - at[:, None], self.shape.buckets)).permute(2, 0, 1)[None]

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Mean of the last layer's token vectors, f32[batch, width]."""
        first = self.shape.first_position
        x = self.norm(self.words(ids) + self.positions.weight[first : first + ids.shape[1]])
        x = dropped(x, self.dropout) if self.training else x
        bias = self.attention_bias(mask)
        for layer in self.layers:
            x = layer(x, bias)
        m = mask[..., None].float()
        return (x.float() * m).sum(1) / m.sum(1)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The heads read the unit vector times sqrt(width): what users' own heads read, at a fit scale."""
        vector = F.normalize(self.encode(ids, mask), dim=-1)
        scaled = vector * self.shape.width**0.5
        return vector, self.themes(scaled), self.concerns(scaled)


BERT = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attention_out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "norm": "output.LayerNorm",
}
MPNET = BERT | {
    "query": "attention.attn.q",
    "key": "attention.attn.k",
    "value": "attention.attn.v",
    "attention_out": "attention.attn.o",
    "attention_norm": "attention.LayerNorm",
}


def checkpoint_name(name: str, family: str) -> str:
    """Our parameter name -> the published checkpoint's."""
    parts = name.split(".")
    if parts[0] == "layers":
        return f"encoder.layer.{parts[1]}.{(MPNET if family == 'mpnet' else BERT)[parts[2]]}.{parts[3]}"
    if parts[0] == "relative":
        return "encoder.relative_attention_bias.weight"
    top = {"words": "word_embeddings", "positions": "position_embeddings", "norm": "LayerNorm"}
    return f"embeddings.{top[parts[0]]}.{parts[1]}"


def load_base(model: Classifier, family: str, folder: Path, layer_of: list[int] | None = None) -> None:
    """The published weights; `layer_of` says which of its layers each of ours starts from."""
    published = load_file(str(folder / "model.safetensors"))
    token_type = published.get("embeddings.token_type_embeddings.weight", torch.zeros(1, 1))[0]
    state = model.state_dict()
    for name in state:
        if name.startswith(("themes.", "concerns.")):
            continue
        source = name
        if layer_of and name.startswith("layers."):
            _, number, rest = name.split(".", 2)
            source = f"layers.{layer_of[int(number)]}.{rest}"
        value = published[checkpoint_name(source, family)]
        state[name] = value + token_type if name == "positions.weight" else value
    model.load_state_dict(state)


def save(model: Classifier, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, str(path))


def load(model: Classifier, path: Path) -> Classifier:
    model.load_state_dict(load_file(str(path)))
    return model.eval()
