"""Owns labels.json: calibration and thresholds, from the exported model's scores on the development set.

    python3 calibrate.py FOLDER

Never reads the test set.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import common
import measures
from scorer import Scorer

PRIOR = 8.0  # strength of a label's pull to the common calibration, in the loss' units
SHRINK = 25.0  # development positives at which a label's own threshold counts half
RECALL = 0.97


def log_loss(z: np.ndarray, truth: np.ndarray) -> float:
    return float((np.logaddexp(0, z) - truth * z).sum())


def platt(logit: np.ndarray, truth: np.ndarray, start: np.ndarray, prior: float) -> np.ndarray:
    """(log scale, bias) minimising the log loss plus prior times the squared distance to `start`."""

    def loss(p: np.ndarray) -> float:
        return log_loss(np.exp(p[0]) * logit + p[1], truth) + prior * float(((p - start) ** 2).sum())

    return minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-7}).x


def calibrations(logits: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """f64[labels, 2]: scale and bias of each, shrunk to the common one."""
    common_fit = platt(logits.ravel(), truth.ravel(), np.zeros(2), 1e-3)
    fits = [platt(logits[:, j], truth[:, j], common_fit, PRIOR) for j in range(logits.shape[1])]
    return np.array([[np.exp(a), b] for a, b in fits])


def probabilities(logits: np.ndarray, fits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(logits * fits[:, 0] + fits[:, 1])))


def best_threshold(truth: np.ndarray, p: np.ndarray) -> float:
    """Centre of the thresholds whose F1 is within 1% of the best: steadier than the peak itself."""
    grid = np.linspace(0.05, 0.9, 171)
    said = p[:, None] >= grid[None, :]
    t = np.broadcast_to(truth[:, None], said.shape)
    score = measures.f1(*measures.counts(t, said))
    return float(grid[score >= score.max() * 0.99].mean())


def theme_thresholds(truth: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Per theme, shrunk to the common one where the development set holds few."""
    overall = best_threshold(truth.ravel(), p.ravel())
    own = np.array([best_threshold(truth[:, j], p[:, j]) for j in range(p.shape[1])])
    weight = truth.sum(0) / (truth.sum(0) + SHRINK)
    return weight * own + (1 - weight) * overall


def concern_thresholds(truth: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Per concern, together: the highest with which RECALL of the rows that disclose are flagged.

    One level u for all; each concern's threshold is the u-quantile of its scores among its own
    positives, so that no concern pays for another.
    """
    rows = truth.max(1) > 0.5
    best = np.zeros(p.shape[1])
    for u in np.linspace(0.0, 0.3, 301):
        cut = np.array([np.quantile(p[truth[:, j] > 0.5, j], u) for j in range(p.shape[1])]) - 1e-6
        seen = (p >= cut).any(1)[rows].mean()
        if seen >= RECALL:
            best = cut
    return best


def labels(book: common.Codebook, logits: np.ndarray, truth: np.ndarray) -> dict:
    """The content of labels.json."""
    cut = len(book.themes)
    fits = np.concatenate([calibrations(logits[:, :cut], truth[:, :cut]), calibrations(logits[:, cut:], truth[:, cut:])])
    p = probabilities(logits, fits)
    limits = np.concatenate([theme_thresholds(truth[:, :cut], p[:, :cut]), concern_thresholds(truth[:, cut:], p[:, cut:])])
    made = [
        {"id": k, "threshold": round(float(t), 5), "scale": round(float(a), 5), "bias": round(float(b), 5)}
        for k, t, (a, b) in zip(book.theme_ids + book.concern_ids, limits, fits, strict=True)
    ]
    head = {"version": book.version, "max_tokens": common.MAX_TOKENS, "pad_token_id": common.PAD}
    return head | {"themes": made[:cut], "concerns": made[cut:]}


def main() -> None:
    folder, book = Path(sys.argv[1]), common.codebook()
    dev = common.read_split("dev")
    logits = Scorer(folder, threads=2).logits([r["text"] for r in dev]).astype(np.float64)
    made = labels(book, logits, common.targets(dev, book))
    (folder / "labels.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{folder / 'labels.json'}: from {len(dev)} development answers")


if __name__ == "__main__":
    main()
