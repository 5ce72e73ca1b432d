//! Logits to calibrated probabilities and decisions. The only place that compares with a threshold.

use super::Scores;
use super::heads::{Head, Heads};

/// Scores a row of logits. The probability is `1 / (1 + exp(-(scale * logit + bias)))` (Platt 1999),
/// and a label is decided where it is at least the threshold.
pub fn decide(heads: &Heads, logits: &[f32]) -> Scores {
    let (themes, theme_set) = side(&heads.themes, logits);
    let (concerns, concern_set) = side(&heads.concerns, logits);
    Scores { themes, concerns, theme_set, concern_set }
}

/// The scores of an answer without content: nothing scored, nothing decided.
pub fn nothing(heads: &Heads) -> Scores {
    let zeros = |heads: &[Head]| vec![0.0; heads.len()].into_boxed_slice();
    Scores { themes: zeros(&heads.themes), concerns: zeros(&heads.concerns), theme_set: 0, concern_set: 0 }
}

fn side(heads: &[Head], logits: &[f32]) -> (Box<[f32]>, u64) {
    let mut set = 0;
    let scores = heads
        .iter()
        .enumerate()
        .map(|(i, head)| {
            let score = probability(head, logits.get(head.column).copied().unwrap_or(f32::NEG_INFINITY));
            set |= u64::from(score >= head.threshold) << i;
            score
        })
        .collect();
    (scores, set)
}

fn probability(head: &Head, logit: f32) -> f32 {
    let z = f64::from(head.scale) * f64::from(logit) + f64::from(head.bias);
    (1.0 / (1.0 + (-z).exp())) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(column: usize, scale: f32, bias: f32, threshold: f32) -> Head {
        Head { column, scale, bias, threshold }
    }

    #[test]
    fn probabilities_are_platts() {
        let heads = Heads {
            themes: vec![head(1, 1.0, 0.0, 0.5), head(0, 2.0, -1.0, 0.5)],
            concerns: vec![head(2, 1.0, 0.0, 0.88)],
        };
        let scores = decide(&heads, &[1.0, 0.0, 2.0]);
        assert_eq!(scores.themes[0], 0.5);
        assert!((scores.themes[1] - 0.731_058_6).abs() < 1e-7, "sigmoid(1)");
        assert!((scores.concerns[0] - 0.880_797_1).abs() < 1e-7, "sigmoid(2)");
        assert_eq!((scores.theme_set, scores.concern_set), (0b11, 1), "at the threshold is decided");
    }

    #[test]
    fn extremes_stay_numbers() {
        let heads = Heads { themes: vec![head(0, 3.0, 0.0, 1.0), head(1, 3.0, 0.0, 0.0)], concerns: vec![] };
        let scores = decide(&heads, &[1e30, -1e30]);
        assert_eq!((&*scores.themes, scores.theme_set), ([1.0, 0.0].as_slice(), 0b11));
        let none = nothing(&heads);
        assert_eq!((&*none.themes, none.theme_set), ([0.0, 0.0].as_slice(), 0));
    }
}
