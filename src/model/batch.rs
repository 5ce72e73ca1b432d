//! Texts as token ids, windows of a model's length, and batches of about the same length. Owns how
//! a text is cut and which windows share a batch; it runs no model.

use std::collections::HashSet;
use std::ops::Range;

use rayon::prelude::*;
use tokenizers::pipeline::{EncodeOptions, Override, PipelineToken, PipelineTokenizer};

use super::runtime::Batch;

/// Padded tokens of a batch: the fastest on small encoders, and little memory.
const BATCH_TOKENS: usize = 512;
/// The part of a window that the next one repeats: a quarter.
const OVERLAP: usize = 4;
/// Texts that one thread tokenises at a time.
const CHUNK: usize = 256;

/// A tokenizer.json with the lengths of a model.
pub struct Tokeniser {
    inner: PipelineTokenizer,
    options: EncodeOptions,
    prefix: Vec<i64>,
    suffix: Vec<i64>,
    pad: i64,
    /// Tokens of a window without the special ones.
    body: usize,
}

/// The tokens of some texts, one after the other.
#[derive(Debug, Default)]
pub struct Tokens {
    ids: Vec<PipelineToken>,
    /// Where each text ends in `ids`.
    ends: Vec<usize>,
}

/// A stretch of a text that the model sees at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The text's index.
    pub text: usize,
    /// Its place in the tokens of all texts.
    place: Range<usize>,
}

impl Tokeniser {
    /// Reads a tokenizer.json, of today's form or an older one. Its own truncation and padding are
    /// not used. `max_tokens` counts the special tokens.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(json: &str, max_tokens: usize, pad: u32) -> Result<Self, String> {
        let canonical = tokenizers::canonicalize_str(json).map_err(|e| format!("is not a tokenizer: {e}"))?;
        let inner = tokenizers::from_json(&canonical).map_err(|e| format!("is not a tokenizer: {e}"))?;
        let template = &inner.get_post_processor().single;
        let ids =
            |run: &[(PipelineToken, u8)]| run.iter().map(|(t, _)| i64::from(t.id())).collect::<Vec<_>>();
        let (prefix, suffix) = (ids(&template.prefix), ids(&template.suffix));
        let body = max_tokens.saturating_sub(prefix.len() + suffix.len());
        if body < OVERLAP {
            return Err("adds more special tokens than the model's windows hold".to_string());
        }
        let options = EncodeOptions {
            add_special_tokens: false,
            // "[SEP]" in an answer is what somebody typed.
            encode_special_tokens: true,
            padding: Override::Off,
            truncation: Override::Off,
        };
        Ok(Tokeniser { inner, options, prefix, suffix, pad: i64::from(pad), body })
    }

    /// The tokens of each text, on all of rayon's threads.
    ///
    /// # Errors
    /// The index of the first text that cannot be tokenised.
    pub fn encode(&self, texts: &[&str]) -> Result<Tokens, usize> {
        let parts: Vec<Result<Tokens, usize>> =
            texts.par_chunks(CHUNK).enumerate().map(|(i, part)| self.encode_part(part, i * CHUNK)).collect();
        let mut all = Tokens::default();
        for part in parts {
            let part = part?;
            let offset = all.ids.len();
            all.ids.extend(part.ids);
            all.ends.extend(part.ends.iter().map(|e| e + offset));
        }
        Ok(all)
    }

    fn encode_part(&self, texts: &[&str], first: usize) -> Result<Tokens, usize> {
        let mut out = Tokens::default();
        for (i, text) in texts.iter().enumerate() {
            self.inner.encode_into(text, &self.options, &mut out.ids).map_err(|_| first + i)?;
            out.ends.push(out.ids.len());
        }
        Ok(out)
    }

    /// Most tokens of a window, without the special ones.
    pub fn longest(&self) -> usize {
        self.body
    }

    /// Tokens of a window with the special ones.
    fn padded(&self, window: &Window) -> usize {
        self.prefix.len() + window.place.len() + self.suffix.len()
    }

    /// Writes a batch into `ids` and `mask`.
    pub fn fill<'b>(
        &self,
        tokens: &Tokens,
        batch: &[Window],
        ids: &'b mut Vec<i64>,
        mask: &'b mut Vec<i64>,
    ) -> Batch<'b> {
        let columns = batch.iter().map(|w| self.padded(w)).max().unwrap_or(0);
        ids.clear();
        mask.clear();
        for (row, window) in batch.iter().enumerate() {
            ids.extend(&self.prefix);
            let body = tokens.ids.get(window.place.clone()).unwrap_or_default();
            ids.extend(body.iter().map(|t| i64::from(t.id())));
            ids.extend(&self.suffix);
            mask.resize(ids.len(), 1);
            ids.resize((row + 1) * columns, self.pad);
            mask.resize((row + 1) * columns, 0);
        }
        Batch { ids, mask, rows: batch.len(), columns }
    }
}

impl Tokens {
    /// How many texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many tokens.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    fn of(&self, range: &Range<usize>) -> &[u32] {
        PipelineToken::cast_slice(self.ids.get(range.clone()).unwrap_or_default())
    }
}

/// Every text's windows, in order: one for most; overlapping ones, the last at the text's end, for
/// a text that is longer than the model sees. A stretch that repeats word for word within a text is
/// taken once.
pub fn windows(tokeniser: &Tokeniser, tokens: &Tokens) -> Vec<Window> {
    let body = tokeniser.body;
    let step = body - body / OVERLAP;
    let mut out = Vec::with_capacity(tokens.len());
    let mut start = 0;
    for (text, &end) in tokens.ends.iter().enumerate() {
        if end - start <= body {
            out.push(Window { text, place: start..end });
        } else {
            let last = end - body;
            let places = (start..last).step_by(step).chain([last]).map(|s| s..s + body);
            let mut seen = HashSet::new();
            let fresh = places.filter(|place| seen.insert(tokens.of(place)));
            out.extend(fresh.map(|place| Window { text, place }));
        }
        start = end;
    }
    out
}

/// Sorts the windows, longest first (those of one text stay in order), and cuts them into batches
/// of about 512 padded tokens. The result depends on the windows alone.
pub fn batches(tokeniser: &Tokeniser, windows: &mut [Window]) -> Vec<Range<usize>> {
    windows.sort_by_key(|w| std::cmp::Reverse(w.place.len()));
    let mut out = Vec::new();
    let mut start = 0;
    while let Some(longest) = windows.get(start) {
        let rows = (BATCH_TOKENS / tokeniser.padded(longest).max(1)).max(1);
        let end = (start + rows).min(windows.len());
        out.push(start..end);
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bundle::{Bundle, tests::tiny};

    fn tokeniser() -> Tokeniser {
        let bundle = Bundle::open(&tiny()).unwrap();
        Tokeniser::load(&bundle.tokenizer, bundle.labels.max_tokens, bundle.labels.pad_token_id).unwrap()
    }

    fn ids(t: &Tokeniser, text: &str) -> Vec<u32> {
        let tokens = t.encode(&[text]).unwrap();
        tokens.of(&(0..tokens.count())).to_vec()
    }

    #[test]
    fn words_become_pieces() {
        let t = tokeniser();
        assert_eq!(ids(&t, "School"), ids(&t, "  school "), "case and space do not matter");
        assert_eq!(ids(&t, "bullying").len(), 2, "bully, ##ing");
        assert_eq!(ids(&t, "").len(), 0);
        assert_eq!(ids(&t, &"x".repeat(100_000)).len(), 1, "a word of 100 kB is one unknown word");
    }

    #[test]
    fn special_tokens_in_a_text_are_text() {
        let t = tokeniser();
        let typed = ids(&t, "[SEP] [PAD]");
        assert!(!typed.contains(&(t.suffix[0] as u32)) && !typed.contains(&(t.pad as u32)), "{typed:?}");
    }

    #[test]
    fn long_texts_lose_nothing() {
        let t = tokeniser();
        for length in [t.body, t.body + 1, 3 * t.body - 1, 500] {
            let words = ["school", "home", "mum", "help", "me"];
            let text = (0..length).map(|i| words[(i * i * 7919 / 13 + i) % 5]).collect::<Vec<_>>().join(" ");
            let tokens = t.encode(&["mum", &text]).unwrap();
            let cut = windows(&t, &tokens);
            let mut covered = vec![false; tokens.count()];
            for w in &cut {
                assert!(w.place.len() <= t.body);
                w.place.clone().for_each(|i| covered[i] = true);
            }
            assert!(covered.iter().all(|c| *c), "{length}");
        }
    }

    #[test]
    fn a_text_pasted_a_thousand_times_is_cheap() {
        let t = tokeniser();
        let tokens = t.encode(&["mum ".repeat(100_000).as_str()]).unwrap();
        assert_eq!((tokens.count(), windows(&t, &tokens).len()), (100_000, 1));
    }

    #[test]
    fn batches_are_sorted_full_and_whole() {
        let t = tokeniser();
        let texts: Vec<String> = (0..1000).map(|i| "mum ".repeat(i * 7919 % 13 + 1)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let tokens = t.encode(&texts).unwrap();
        let mut all = windows(&t, &tokens);
        let parts = batches(&t, &mut all);
        assert_eq!(parts.iter().map(|p| p.len()).sum::<usize>(), 1000);
        let (mut ids, mut mask) = (Vec::new(), Vec::new());
        for part in &parts {
            let batch = t.fill(&tokens, &all[part.clone()], &mut ids, &mut mask);
            assert_eq!(batch.ids.len(), batch.rows * batch.columns);
            assert_eq!(batch.mask.len(), batch.ids.len());
            assert!(batch.ids.len() <= BATCH_TOKENS);
            let real: i64 = batch.mask.iter().sum();
            assert_eq!(real as usize, all[part.clone()].iter().map(|w| t.padded(w)).sum::<usize>());
            assert!(batch.ids.iter().zip(batch.mask).all(|(id, m)| *m == 1 || *id == t.pad));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_tokenised(text in "(\\PC|\\PC|[\u{0}-\u{2ff}]|\u{1f600}|\u{200d}|\u{301}){0,80}") {
            proptest::prop_assert!(tokeniser().encode(&[&text]).is_ok());
        }
    }
}
