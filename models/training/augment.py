"""Owns the noise put on training texts: as children make it, never changing what is said."""

from __future__ import annotations

import random
import re

# What children write for common words; both directions are noise the model must not mind.
SPELLINGS = {
    "because": ["becuase", "cos", "becos", "bc", "becaus", "coz"],
    "friends": ["freinds", "frends", "mates"],
    "people": ["peple", "ppl", "poeple"],
    "really": ["realy", "rly", "reely"],
    "school": ["scool", "skool", "shcool"],
    "should": ["shud", "shuld", "shoud"],
    "would": ["wud", "woud", "wold"],
    "could": ["cud", "coud", "culd"],
    "what": ["wot", "wat"],
    "they": ["thay", "tehy"],
    "their": ["there", "thier"],
    "there": ["their", "ther"],
    "you": ["u", "yu"],
    "your": ["ur", "youre"],
    "are": ["r", "ar"],
    "to": ["too", "2"],
    "teacher": ["techer", "teecher"],
    "teachers": ["techers", "teechers"],
    "something": ["somthing", "sumthing"],
    "someone": ["somone", "sumone"],
    "want": ["wont", "wnt"],
    "when": ["wen", "whn"],
    "with": ["wiv", "wif", "wth"],
    "have": ["hav", "av"],
    "nothing": ["nothin", "nuffin"],
    "anything": ["anythin", "enything"],
    "different": ["diffrent", "difrent"],
    "scared": ["scard", "skared"],
    "brother": ["bruther", "brover"],
    "mum": ["mam", "mom", "mummy"],
    "dad": ["daddy", "dada"],
    "feel": ["fel", "feal"],
    "worry": ["wory", "worrie"],
    "anxiety": ["anxioty", "anxity"],
    "government": ["goverment", "govenment"],
    "bullied": ["bulleyed", "bulied"],
    "bullying": ["bulling", "bullieing"],
    "definitely": ["definately", "defo"],
    "before": ["befor", "b4"],
    "please": ["plz", "pls", "pleas"],
    "about": ["abowt", "abt"],
    "home": ["hom", "howm"],
    "house": ["hous", "howse"],
    "money": ["mony", "munny"],
    "care": ["cair", "car"],
    "social": ["soshal", "socail"],
    "mental": ["mentle", "mentel"],
    "health": ["helth", "heath"],
    "police": ["polise", "pleece"],
    "children": ["childrens", "childen"],
}
SOUNDS = [
    ("ea", "ee"), ("ee", "ea"), ("ie", "ei"), ("ei", "ie"), ("igh", "ie"), ("ou", "ow"), ("ph", "f"),
    ("ck", "k"), ("tion", "shun"), ("ence", "ance"), ("ll", "l"), ("tt", "t"), ("ss", "s"), ("nn", "n"),
    ("mm", "m"), ("rr", "r"), ("ght", "t"), ("wh", "w"), ("kn", "n"), ("wr", "r"), ("le", "el"),
    ("th", "f"), ("er", "a"), ("ing", "in"), ("ed", "d"), ("c", "k"), ("y", "i"), ("e", ""), ("oo", "u"),
]  # fmt: skip
TAGS = ["[name]", "[name]", "[name]", "[school]", "[place]", "[place]", "[phone]", "[email]"]
KEYS = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "t": "r", "s": "d", "l": "k", "h": "j", "r": "t"}


def typo(word: str, rng: random.Random) -> str:
    """One slip in a word: a sound spelt otherwise, or a letter left out, doubled, swapped, beside."""
    low = word.lower()
    if low in SPELLINGS and rng.random() < 0.6:
        return rng.choice(SPELLINGS[low])
    if len(word) < 4:
        return word
    fits = [(a, b) for a, b in SOUNDS if a in low[1:]]
    if fits and rng.random() < 0.5:
        a, b = rng.choice(fits)
        return word[0] + low[1:].replace(a, b, 1)
    i = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:i] + word[i + 1 :]
    if kind == 1:
        return word[:i] + word[i] + word[i:]
    if kind == 2:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return word[:i] + KEYS.get(word[i], word[i]) + word[i + 1 :]


def misspell(text: str, rate: float, rng: random.Random) -> str:
    """A share `rate` of the words misspelt; tags in brackets are left."""
    pieces = re.split(r"(\[[a-z_]+\]|[^\W\d_]+)", text)
    for i in range(1, len(pieces), 2):
        if not pieces[i].startswith("[") and rng.random() < rate:
            pieces[i] = typo(pieces[i], rng)
    return "".join(pieces)


def drop_punctuation(text: str, keep_tags: bool = True) -> str:
    """Letters, digits, spaces, emoji; apostrophes close up, other marks become spaces."""
    text = re.sub(r"(?<=\w)['’](?=\w)", "", text)
    pattern = r"\[[a-z_]+\]|[^\W_]+|[^\x00-\u2fff]+" if keep_tags else r"[^\W_]+|[^\x00-\u2fff]+"
    return " ".join(re.findall(pattern, text))


def insert_tag(text: str, rng: random.Random) -> str:
    """What redaction leaves: a tag for a word with a capital inside the text, or added at an end."""
    tag = rng.choice(TAGS)
    capital = [m for m in re.finditer(r"(?<=[a-z] )[A-Z][a-z]{2,}", text)]
    if capital:
        m = rng.choice(capital)
        return text[: m.start()] + tag + text[m.end() :]
    at = rng.choice([m.start() for m in re.finditer(" ", text)] or [len(text)])
    return f"{text[:at]} {tag}{text[at:]}"


def noisy(text: str, settings: dict, rng: random.Random) -> str:
    """One augmented copy."""
    if rng.random() < settings["tag"]:
        text = insert_tag(text, rng)
    if rng.random() < settings["misspell"]:
        text = misspell(text, rng.uniform(0.05, settings["misspell_rate"]), rng)
    if rng.random() < settings["no_punctuation"]:
        text = drop_punctuation(text)
    elif rng.random() < settings["no_apostrophe"]:
        text = text.replace("'", "").replace("’", "")
    return text


JOINS = [" ", ". ", ", ", " and ", " also ", "\n", " - ", "... ", ". Also ", " plus "]


def joined(a: str, b: str, rng: random.Random) -> str:
    """Two answers as one."""
    return a.rstrip() + rng.choice(JOINS) + b
