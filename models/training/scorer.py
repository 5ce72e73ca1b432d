"""Owns running the exported model: text in, logits out, as the program does it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

import common


class Scorer:
    """A model folder, loaded."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("optimization.disable_specified_optimizers", "SkipLayerNormFusion")
        self.session = ort.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.tok = common.tokenizer(folder / "tokenizer.json")

    def pieces(self, texts: list[str]) -> list[tuple[int, list[int]]]:
        """(index of the text, window) of every window."""
        return [(i, w) for i, ids in enumerate(common.encode(self.tok, texts)) for w in common.windows(ids)]

    def run(self, batch: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
        """(unit vectors, logits of themes and concerns) of a batch of windows."""
        ids, mask = common.pad(batch)
        vector, themes, concerns = self.session.run(
            ["embedding", "theme_logits", "concern_logits"], {"input_ids": ids, "attention_mask": mask}
        )
        return vector, np.concatenate([themes, concerns], 1)

    def logits(self, texts: list[str], max_tokens: int = 512) -> np.ndarray:
        """f32[texts, labels]; a long text takes the maximum over its windows."""
        pieces, out = self.pieces(texts), None
        for batch in common.batches_by_length([len(w) for _, w in pieces], max_tokens):
            _, logits = self.run([pieces[b][1] for b in batch])
            if out is None:
                out = np.full((len(texts), logits.shape[1]), -np.inf, np.float32)
            for b, row in zip(batch, logits, strict=True):
                out[pieces[b][0]] = np.maximum(out[pieces[b][0]], row)
        return out


def speed(scorer: Scorer, texts: list[str]) -> tuple[float, float]:
    """(texts a second, mean tokens a text), tokenising included, in batches sorted by length."""
    tokens = np.mean([len(w) for _, w in scorer.pieces(texts)])
    start = time.perf_counter()
    scorer.logits(texts)
    return len(texts) / (time.perf_counter() - start), float(tokens)
