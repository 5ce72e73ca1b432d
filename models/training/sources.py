"""Owns what a training epoch is made of: texts and their targets, from coded rows or from a teacher."""

from __future__ import annotations

import random
import re

import numpy as np

import common
from augment import joined, noisy

LONGEST = 400  # characters of a joined text


def definition_rows(book: common.Codebook) -> list[dict]:
    """The codebook's own words as training text."""
    return [
        {"id": f"codebook-{t['id']}", "text": text, "themes": [t["id"]], "concerns": []}
        for t in book.themes
        for text in (t["label"], t["is"])
    ]


class Coded:
    """Coded rows: every row once an epoch, with noise, some joined with another row."""

    def __init__(self, rows: list[dict], book: common.Codebook, settings: dict, noise: dict) -> None:
        self.rows = rows + (definition_rows(book) if settings["definitions"] else [])
        self.truth = common.targets(self.rows, book)
        self.join, self.list, self.noise = settings["join"], settings["list"], noise
        self.short = [i for i, r in enumerate(self.rows) if len(r["text"].split()) <= 4 and r["themes"]]

    def share(self) -> np.ndarray:
        """Mean target of each label."""
        return self.truth.mean(0)

    def epoch(self, rng: random.Random) -> tuple[list[str], np.ndarray]:
        texts, truth = [], self.truth.copy()
        for i in range(len(self.rows)):
            text, truth[i] = self.pair(i, rng) if rng.random() < self.join else self.one(i, rng)
            texts.append(text)
        lists = [self.listed(rng) for _ in range(round(self.list * len(self.rows)))]
        return texts + [t for t, _ in lists], np.concatenate([truth, *[y[None] for _, y in lists]])

    def one(self, i: int, rng: random.Random) -> tuple[str, np.ndarray]:
        return noisy(self.rows[i]["text"], self.noise, rng), self.truth[i]

    def pair(self, i: int, rng: random.Random) -> tuple[str, np.ndarray]:
        """Row `i` joined with another, either way round."""
        k = rng.randrange(len(self.rows))
        if len(self.rows[i]["text"]) + len(self.rows[k]["text"]) > LONGEST:
            return self.one(i, rng)
        both = [self.one(i, rng)[0], self.one(k, rng)[0]]
        rng.shuffle(both)
        return joined(*both, rng), np.maximum(self.truth[i], self.truth[k])

    def listed(self, rng: random.Random) -> tuple[str, np.ndarray]:
        """A list of short answers, as children write what matters to them."""
        at = rng.sample(self.short, rng.randint(2, 6))
        texts = [self.one(i, rng)[0].rstrip(".!, ") for i in at]
        mark = rng.choice([", ", " and ", " ", ". ", ", "])
        last = rng.choice([mark, " and ", ", and "])
        return mark.join(texts[:-1]) + last + texts[-1], self.truth[at].max(0)


class Taught:
    """A teacher's probabilities on a pool of texts, mixed with the codes where there are any."""

    def __init__(self, texts: list[str], soft: np.ndarray, hard: np.ndarray, settings: dict) -> None:
        self.texts = texts
        known = ~np.isnan(hard[:, :1])
        trust = settings["trust"]
        self.truth = np.where(known, trust * soft + (1 - trust) * np.nan_to_num(hard), soft).astype(np.float32)
        self.size = settings["epoch_rows"]

    def share(self) -> np.ndarray:
        return self.truth.mean(0)

    def epoch(self, rng: random.Random) -> tuple[list[str], np.ndarray]:
        at = rng.sample(range(len(self.texts)), min(self.size, len(self.texts)))
        return [self.texts[i] for i in at], self.truth[at]


def fragment(text: str, rng: random.Random) -> str:
    """A part of a text: from one break (sentence, comma, "and", else any word) to another."""
    parts = [p for p in re.split(r"(?<=[.!?;,])\s+|\s+(?=and |but |because |so |cos )", text) if p.strip()]
    if len(parts) < 2:
        parts = text.split()
    if len(parts) < 2:
        return text
    start = rng.randrange(len(parts))
    size = rng.randint(1, max(1, len(parts) - 1))
    return " ".join(parts[start : start + size])


def thinned(text: str, rng: random.Random) -> str:
    """A text with a fifth of its words gone."""
    words = text.split()
    return " ".join(w for w in words if rng.random() > 0.2) or text


def pool(rows: list[dict], book: common.Codebook, noise: dict, seed: int, copies: int) -> tuple[list[str], np.ndarray]:
    """Texts for a teacher to score, with their codes (NaN rows: parts and mixtures that have none)."""
    rng, truth = random.Random(seed), common.targets(rows, book)
    unknown = np.full(truth.shape[1], np.nan, np.float32)
    texts, codes = [r["text"] for r in rows], list(truth)
    for _ in range(copies):
        for i, row in enumerate(rows):
            k = rng.randrange(len(rows))
            other = rows[k]["text"]
            made = [(noisy(row["text"], noise, rng), truth[i])]
            made.append((noisy(fragment(row["text"], rng), noise, rng), unknown))
            made.append((joined(fragment(row["text"], rng), noisy(fragment(other, rng), noise, rng), rng), unknown))
            made.append((noisy(thinned(row["text"], rng), noise, rng), unknown))
            if len(row["text"]) + len(other) < LONGEST:
                both = joined(noisy(row["text"], noise, rng), other, rng)
                made.append((both, np.maximum(truth[i], truth[k])))
            texts += [t for t, _ in made]
            codes += [c for _, c in made]
    return texts, np.array(codes, np.float32)
