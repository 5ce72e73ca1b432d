"""Owns the fine-tuning: from data/ and the base weights to work/<name>.safetensors and its log.

    python3 train.py accurate [--set key=value]... [--rows N] [--out NAME]

Never reads the test set.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import math
import random
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import common
import measures
import model as network
from sources import Coded, Taught, pool


def shuffled_batches(lengths: list[int], settings: dict, rng: random.Random) -> list[list[int]]:
    """Batches of similar length in random order: indices are shuffled, sorted in pools, cut."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    out = []
    for start in range(0, len(order), 1024):
        pool = order[start : start + 1024]
        parts = common.batches_by_length([lengths[i] for i in pool], settings["batch_tokens"])
        out += [[pool[j] for j in part] for part in parts]
    rng.shuffle(out)
    return out


def parameter_groups(net: network.Classifier, settings: dict) -> list[dict]:
    """Layer-wise learning rates: lower layers move less."""
    depth = len(net.layers)
    groups: dict[tuple, list] = {}
    for name, value in net.named_parameters():
        if not value.requires_grad:
            continue
        if name.startswith(("themes.", "concerns.")):
            rate = settings["head_rate"]
        else:
            level = int(name.split(".")[1]) if name.startswith("layers.") else -1
            rate = settings["rate"] * settings["layer_decay"] ** (depth - 1 - level)
        decay = 0.0 if value.ndim == 1 else settings["weight_decay"]
        groups.setdefault((rate, decay), []).append(value)
    return [{"params": p, "lr": r, "peak": r, "weight_decay": d} for (r, d), p in groups.items()]


def schedule(done: float, warm_up: float) -> float:
    """Linear warm-up, then cosine to zero; `done` from 0 to 1."""
    if done < warm_up:
        return max(done, 1e-3) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (done - warm_up) / (1 - warm_up)))


def binary_loss(logits: Tensor, truth: Tensor, weight: Tensor, settings: dict) -> Tensor:
    """Weighted, smoothed, optionally focal binary cross-entropy, summed over labels, mean over rows."""
    s = settings["smoothing"]
    soft = truth * (1 - s) + (1 - truth) * s / 10
    loss = F.binary_cross_entropy_with_logits(logits, soft, reduction="none", pos_weight=weight)
    if settings["focus"]:
        p = torch.sigmoid(logits.detach())
        loss = loss * torch.where(truth > 0.5, 1 - p, p) ** settings["focus"]
    return loss.sum(1).mean()


class Trainer:
    """State of one training run."""

    def __init__(self, settings: dict, source: Coded | Taught, dev: list[dict]) -> None:
        self.settings, self.source, self.book = settings, source, common.codebook()
        self.rng = random.Random(settings["seed"])
        self.tok = common.tokenizer(common.base_folder(settings["family"]) / "tokenizer.json")
        self.net = self.build()
        if settings["freeze_words"]:
            self.net.words.weight.requires_grad_(False)
            self.net.positions.weight.requires_grad_(False)
        for layer in self.net.layers[: settings["frozen_layers"]]:
            layer.requires_grad_(False)
        self.average: dict[str, Tensor] | None = None
        self.averaged = 0
        self.truth = common.targets(dev, self.book)
        self.dev_ids = common.encode(self.tok, [r["text"] for r in dev])
        self.weights = self.class_weights()

    def build(self) -> network.Classifier:
        s = self.settings
        net = network.Classifier(s["family"], s["layers"], len(self.book.themes), len(self.book.concerns), s)
        network.load_base(net, s["family"], common.base_folder(s["family"]), s.get("layer_of"))
        share = np.clip(self.source.share(), 1e-3, 0.5)
        bias = torch.from_numpy(np.log(share / (1 - share)))
        cut = len(self.book.themes)
        with torch.no_grad():
            net.themes.out.bias.copy_(bias[:cut])
            net.concerns.out.bias.copy_(bias[cut:])
        return net

    def class_weights(self) -> tuple[Tensor, Tensor]:
        """Weight of a positive: the set one times the square root of the label's rarity."""
        share = np.maximum(self.source.share(), 1e-4)
        w = torch.from_numpy(np.sqrt(np.median(share) / share)).float() * self.settings["positive_weight"]
        cut = len(self.book.themes)
        return w[:cut], w[cut:]

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The network with its products in bfloat16, which takes half the time; results in f32."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vector, themes, concerns = self.net(ids, mask)
        return vector, themes.float(), concerns.float()

    def loss(self, ids: Tensor, mask: Tensor, truth: Tensor) -> Tensor:
        s, cut = self.settings, len(self.book.themes)
        _, themes, concerns = self.forward(ids, mask)
        loss = binary_loss(themes, truth[:, :cut], self.weights[0], s)
        loss = loss + s["concern_weight"] * binary_loss(concerns, truth[:, cut:], self.weights[1], s)
        if s["rdrop"]:
            _, again, concerns2 = self.forward(ids, mask)
            loss = loss + s["rdrop"] * (((torch.sigmoid(themes) - torch.sigmoid(again)) ** 2).sum(1).mean()
                                        + ((torch.sigmoid(concerns) - torch.sigmoid(concerns2)) ** 2).sum(1).mean())
        return loss

    def texts(self) -> tuple[list[list[int]], Tensor]:
        """Token ids (cut at MAX_TOKENS) and targets of an epoch."""
        texts, truth = self.source.epoch(self.rng)
        ids = common.encode(self.tok, texts)
        most = common.MAX_TOKENS
        return [x[: most - 1] + x[-1:] if len(x) > most else x for x in ids], torch.from_numpy(truth)

    def step(self, batch: tuple[Tensor, Tensor, Tensor], optimiser: torch.optim.Optimizer, factor: float) -> float:
        """One update; returns the loss."""
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * factor
        loss = self.loss(*batch)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        optimiser.step()
        return loss.item()

    def epoch(self, optimiser: torch.optim.Optimizer, number: int) -> float:
        """One pass; returns the mean loss. The schedule goes by the share of the whole run that is done."""
        ids, truth = self.texts()
        parts = shuffled_batches([len(x) for x in ids], self.settings, self.rng)
        losses = []
        self.net.train()
        for k, part in enumerate(parts):
            done = (number + k / len(parts)) / self.settings["epochs"]
            i, m = (torch.from_numpy(x) for x in common.pad([ids[b] for b in part]))
            losses.append(self.step((i, m, truth[part]), optimiser, schedule(done, self.settings["warm_up"])))
        return float(np.mean(losses))

    def fold_in(self) -> None:
        """Running mean of the weights."""
        state = self.net.state_dict()
        if self.average is None:
            self.average = {k: v.clone() for k, v in state.items()}
        else:
            for k, v in state.items():
                self.average[k] += (v - self.average[k]) / (self.averaged + 1)
        self.averaged += 1

    def run(self) -> tuple[network.Classifier, list[dict]]:
        """All epochs; the averaged weights, and a log."""
        s = self.settings
        optimiser = torch.optim.AdamW(parameter_groups(self.net, s), betas=(0.9, 0.98), eps=1e-6, fused=True)
        log, start = [], time.time()
        for epoch in range(s["epochs"]):
            loss = self.epoch(optimiser, epoch)
            if epoch + 1 > s["average_from"] * s["epochs"]:
                self.fold_in()
            entry = {"epoch": epoch + 1, "loss": round(loss, 4), "seconds": round(time.time() - start)}
            log.append(entry | dev_figures(self.net, self.dev_ids, self.truth, len(self.book.themes)))
            print(json.dumps(log[-1]), flush=True)
        net = copy.deepcopy(self.net)
        if self.average is not None:
            net.load_state_dict(self.average)
        log.append({"epoch": "average"} | dev_figures(net, self.dev_ids, self.truth, len(self.book.themes)))
        print(json.dumps(log[-1]), flush=True)
        return net.eval(), log


@torch.no_grad()
def predict(net: network.Classifier, ids: list[list[int]]) -> np.ndarray:
    """Logits f32[texts, themes + concerns]; the maximum over a long text's windows."""
    net.eval()
    pieces = [(i, w) for i, x in enumerate(ids) for w in common.windows(x)]
    width = net.themes.out.out_features + net.concerns.out.out_features
    out = np.full((len(ids), width), -np.inf, np.float32)
    for batch in common.batches_by_length([len(w) for _, w in pieces], 4096):
        i, m = (torch.from_numpy(x) for x in common.pad([pieces[b][1] for b in batch]))
        _, themes, concerns = net(i, m)
        logits = torch.cat([themes, concerns], 1).float().numpy()
        for b, row in zip(batch, logits, strict=True):
            out[pieces[b][0]] = np.maximum(out[pieces[b][0]], row)
    return out


def dev_figures(net: network.Classifier, ids: list[list[int]], truth: np.ndarray, cut: int) -> dict:
    """Average precision, best micro F1 and macro F1 there; concerns: share flagged at recall 0.97."""
    score = predict(net, ids)
    threshold, micro = measures.best_global(truth[:, :cut], score[:, :cut])
    said = score[:, :cut] >= threshold
    concern, any_truth = score[:, cut:].max(1), truth[:, cut:].max(1)
    figures = {
        "ap": measures.average_precision(truth[:, :cut], score[:, :cut]),
        "micro": micro,
        "macro": measures.macro_f1(truth[:, :cut], said),
        "concern_ap": measures.average_precision(truth[:, cut:], score[:, cut:]),
        "flagged_at_97": measures.share_at_recall(any_truth, concern, 0.97),
    }
    return {k: round(v, 4) for k, v in figures.items()}


def load_trained(name: str) -> tuple[network.Classifier, dict]:
    """work/<name>.safetensors and the settings it was trained with."""
    settings, book = json.loads((common.WORK / f"{name}.json").read_text())["settings"], common.codebook()
    net = network.Classifier(settings["family"], settings["layers"], len(book.themes), len(book.concerns), settings)
    return network.load(net, common.WORK / f"{name}.safetensors"), settings


def teacher_scores(names: list[str], texts: list[str]) -> np.ndarray:
    """Mean probability of the teachers, f32[texts, labels]."""
    total = 0.0
    for name in names:
        net, settings = load_trained(name)
        tok = common.tokenizer(common.base_folder(settings["family"]) / "tokenizer.json")
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = predict(net, common.encode(tok, texts))
        total = total + 1 / (1 + np.exp(-logits))
    return (total / len(names)).astype(np.float32)


def taught(rows: list[dict], book: common.Codebook, settings: dict, noise: dict) -> Taught:
    """The pool with the teachers' scores; scored once a teacher and pool, then kept in work/."""
    texts, codes = pool(rows, book, noise, settings["seed"], settings["copies"])
    key = hashlib.sha256("\n".join([*settings["teacher"], *texts]).encode()).hexdigest()[:16]
    path = common.WORK / f"pool_{key}.npy"
    if not path.exists():
        np.save(path, teacher_scores(settings["teacher"], texts))
    return Taught(texts, np.load(path), codes, settings)


def parse_value(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="section of config.toml")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--rows", type=int, help="train on a random subset of this size")
    parser.add_argument("--out", help="file name in work/ (default: name)")
    return parser.parse_args()


def main() -> None:
    args, conf = arguments(), common.config()
    settings, noise = conf[args.name], conf["augment"]
    for item in args.set:
        key, value = item.split("=", 1)
        (noise if key in noise else settings)[key] = parse_value(value)
    common.seed_everything(settings["seed"], settings["threads"])
    rows, book = common.read_split("train"), common.codebook()
    if args.rows:
        rows = random.Random(settings["seed"]).sample(rows, args.rows)
    source = taught(rows, book, settings, noise) if "teacher" in settings else Coded(rows, book, settings, noise)
    net, log = Trainer(settings, source, common.read_split("dev")).run()
    out = common.WORK / f"{args.out or args.name}.safetensors"
    network.save(net, out)
    out.with_suffix(".json").write_text(json.dumps({"settings": settings, "augment": noise, "log": log}, indent=1) + "\n")


if __name__ == "__main__":
    main()
