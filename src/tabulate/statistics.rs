//! The formulas, each with its source: plain numbers in, plain numbers out. Shares are from 0 to 1
//! here. It knows nothing of tables, rounds nothing and hides nothing.

use std::f64::consts::PI;

/// The 97.5% point of the standard normal distribution, for 95% intervals.
pub const Z95: f64 = 1.959_963_984_540_054;

/// The Wilson score interval (95%) of `count` in `base`; `None` without a base.
///
/// Source: Wilson, "Probable inference, the law of succession, and statistical inference",
/// JASA 22 (1927) 209-212; recommended by Brown, Cai and DasGupta, Statistical Science 16 (2001)
/// 101-133. Both may be fractional: an effective base is.
pub fn wilson(count: f64, base: f64) -> Option<(f64, f64)> {
    if base.is_nan() || base <= 0.0 {
        return None;
    }
    let (p, zz) = (count / base, Z95 * Z95);
    let centre = (p + zz / (2.0 * base)) / (1.0 + zz / base);
    let half = Z95 / (1.0 + zz / base) * (p * (1.0 - p) / base + zz / (4.0 * base * base)).sqrt();
    let lower = if count <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let upper = if count >= base { 1.0 } else { (centre + half).min(1.0) };
    Some((lower, upper))
}

/// The standard error of a weighted mean in a group, by linearisation (Taylor), as if respondents
/// were drawn with replacement.
///
/// `spread` is the sum over the group of `w^2 (y - mean)^2`, `total_weight` the sum of `w` over the
/// group, `respondents` the number of all respondents of the survey, whose scores outside the group
/// are zero. `None` with fewer than two respondents or without weight.
///
/// Source: Woodruff, JASA 66 (1971) 411-414; Binder, International Statistical Review 51 (1983)
/// 279-292; Särndal, Swensson and Wretman, Model Assisted Survey Sampling (1992), 5.6 and 2.9.
pub fn linearised_error(spread: f64, total_weight: f64, respondents: u64) -> Option<f64> {
    if respondents < 2 || total_weight <= 0.0 {
        return None;
    }
    let n = respondents as f64;
    Some((n / (n - 1.0) * spread.max(0.0)).sqrt() / total_weight)
}

/// `spread` of [`linearised_error`] for a yes/no split with weighted share `p`: `yes_w2` is the sum
/// of squared weights of those with yes, `no_w2` of the others.
pub fn split_spread(p: f64, yes_w2: f64, no_w2: f64) -> f64 {
    (1.0 - p) * (1.0 - p) * yes_w2.max(0.0) + p * p * no_w2.max(0.0)
}

/// The logit interval (95%) of a weighted share with standard error `error`, with Student's t on one
/// less than the `base` respondents. `None` where the share is 0 or 1: it has no logit.
///
/// Source: Korn and Graubard, Survey Methodology 24 (1998) 193-201; `svyciprop(method = "logit")`
/// of R's survey package.
pub fn logit_interval(share: f64, error: f64, base: u64) -> Option<(f64, f64)> {
    if share.is_nan() || share <= 0.0 || share >= 1.0 || base < 2 {
        return None;
    }
    let centre = (share / (1.0 - share)).ln();
    let half = t95(base - 1) * error / (share * (1.0 - share));
    let back = |x: f64| 1.0 / (1.0 + (-x).exp());
    Some((back(centre - half), back(centre + half)))
}

/// Kish's effective base: `(sum w)^2 / sum w^2`. `None` without weight.
///
/// Source: Kish, Survey Sampling (1965), 11.7; Journal of Official Statistics 8 (1992) 183-200.
pub fn effective_base(weight: f64, squared: f64) -> Option<f64> {
    (squared > 0.0).then(|| weight * weight / squared)
}

/// The two-sided p-value that two shares are equal: the z test with the pooled share, on bases that
/// may be effective ones. 1 where both are 0 or both are 1; `None` without a base.
///
/// Source: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (3rd ed. 2003), 3.2;
/// on effective bases, Kish (1965), 14.1.
pub fn two_shares(p1: f64, base1: f64, p2: f64, base2: f64) -> Option<f64> {
    if base1.is_nan() || base2.is_nan() || base1 <= 0.0 || base2 <= 0.0 {
        return None;
    }
    let pooled = (p1 * base1 + p2 * base2) / (base1 + base2);
    let variance = pooled * (1.0 - pooled) * (1.0 / base1 + 1.0 / base2);
    if variance <= 0.0 {
        return Some(1.0);
    }
    Some(two_sided((p1 - p2) / variance.sqrt()))
}

/// The probability that a standard normal number lies further from 0 than `z`.
pub fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// p-values adjusted for their number, in the order given: the step-up procedure that controls the
/// false discovery rate.
///
/// Source: Benjamini and Hochberg, JRSS B 57 (1995) 289-300.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    let at = |i: usize| p.get(i).copied().unwrap_or(1.0);
    order.sort_by(|&a, &b| at(b).total_cmp(&at(a)).then(b.cmp(&a)));
    let mut out = vec![1.0; p.len()];
    let mut smallest = 1.0f64;
    for (above, &i) in order.iter().enumerate() {
        let rank = p.len() - above;
        smallest = smallest.min(at(i) * p.len() as f64 / rank as f64);
        if let Some(slot) = out.get_mut(i) {
            *slot = smallest;
        }
    }
    out
}

/// The complementary error function, to about 1e-13 of its value at worst.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.6 and 7.1.14.
pub fn erfc(x: f64) -> f64 {
    if x < 0.0 {
        return 2.0 - erfc(-x);
    }
    if x > 27.0 {
        return 0.0;
    }
    if x < 2.0 { 1.0 - erf_series(x) } else { erfc_fraction(x) }
}

fn erf_series(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= 2.0 * x * x / (2 * n + 1) as f64;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    2.0 / PI.sqrt() * (-x * x).exp() * sum
}

fn erfc_fraction(x: f64) -> f64 {
    let tail = (1..=120).rev().fold(x, |below, k| x + k as f64 / 2.0 / below);
    (-x * x).exp() / PI.sqrt() / tail
}

/// The 97.5% point of Student's t with `degrees` of freedom (at least 1).
///
/// Source: Abramowitz and Stegun (1964), 26.7.5 for 200 and more, else the root of 26.7.3-4.
pub fn t95(degrees: u64) -> f64 {
    let v = degrees.max(1) as f64;
    let z = Z95;
    if degrees >= 200 {
        let g1 = (z.powi(3) + z) / 4.0;
        let g2 = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
        let g3 = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
        let g4 = (79.0 * z.powi(9) + 776.0 * z.powi(7) + 1482.0 * z.powi(5) - 1920.0 * z.powi(3) - 945.0 * z)
            / 92160.0;
        return z + g1 / v + g2 / v.powi(2) + g3 / v.powi(3) + g4 / v.powi(4);
    }
    let (mut low, mut high) = (1.9, 13.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if t_between(middle, degrees.max(1)) < 0.95 { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The probability that Student's t lies within `t` of 0 (Abramowitz and Stegun, 26.7.3-4).
fn t_between(t: f64, degrees: u64) -> f64 {
    let angle = (t / (degrees as f64).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let even = degrees.is_multiple_of(2);
    let (mut term, mut sum) = if even { (1.0, 1.0) } else { (cosine, cosine) };
    if degrees == 1 {
        return 2.0 * angle / PI;
    }
    let mut k = if even { 1 } else { 2 };
    while k + 2 < degrees {
        term *= cosine * cosine * k as f64 / (k + 1) as f64;
        sum += term;
        k += 2;
    }
    if even { sine * sum } else { 2.0 / PI * (angle + sine * sum) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 1e-11 * expected.abs().max(1e-3),
            "{found:?} is not {expected:?}"
        );
    }

    // statsmodels 0.15: proportion_confint(count, base, 0.05, "wilson").
    #[test]
    fn wilson_agrees_with_statsmodels() {
        let known = [
            (7.0, 25.0, 0.14283853850956557, 0.4757660519036158),
            (11.0, 15.0, 0.48049565944019423, 0.8910254667430763),
            (0.0, 7.0, 0.0, 0.3543304350666875),
            (7.0, 7.0, 0.6456695649333125, 1.0),
        ];
        for (count, base, lower, upper) in known {
            let found = wilson(count, base).unwrap();
            near(found.0, lower);
            near(found.1, upper);
        }
        assert_eq!(wilson(0.0, 0.0), None);
    }

    // scipy 1.17: stats.t.ppf(0.975, degrees).
    #[test]
    fn t_agrees_with_scipy() {
        let known = [
            (1, 12.706204736174694),
            (2, 4.302652729749462),
            (3, 3.1824463052837078),
            (4, 2.7764451051977934),
            (7, 2.364624251592784),
            (30, 2.0422724563012378),
            (199, 1.9719565442517533),
            (200, 1.9718962236339088),
            (2114, 1.9610867882053145),
            (599_999, 1.9599679383398678),
        ];
        known.iter().for_each(|&(degrees, t)| near(t95(degrees), t));
    }

    // scipy 1.17: 2 * stats.norm.sf(z).
    #[test]
    fn two_sided_agrees_with_scipy() {
        let known = [
            (0.0, 1.0),
            (0.5, 0.6170750774519738),
            (1.96, 0.04999579029644087),
            (-2.9, 0.003731626600768075),
            (5.0, 5.733031437583866e-07),
        ];
        known.iter().for_each(|&(z, p)| near(two_sided(z), p));
        assert!((two_sided(9.0) / 2.2571768119076647e-19 - 1.0).abs() < 1e-11);
    }

    // statsmodels 0.15: multipletests(p, method="fdr_bh") and proportions_ztest([7, 11], [25, 15]).
    #[test]
    fn tests_agree_with_statsmodels() {
        let found = benjamini_hochberg(&[0.001, 0.2, 0.04, 0.013, 0.04, 0.9]);
        found.iter().zip([0.006, 0.24, 0.06, 0.039, 0.06, 0.9]).for_each(|(f, e)| near(*f, e));
        near(two_shares(7.0 / 25.0, 25.0, 11.0 / 15.0, 15.0).unwrap(), 0.005269602916376417);
        assert_eq!(two_shares(0.0, 9.0, 0.0, 5.0), Some(1.0));
        assert_eq!(two_shares(0.5, 0.0, 0.5, 5.0), None);
        assert!(benjamini_hochberg(&[]).is_empty());
    }

    #[test]
    fn what_is_undefined_is_none() {
        assert_eq!(logit_interval(0.0, 0.0, 50), None);
        assert_eq!(logit_interval(0.5, 0.1, 1), None);
        assert_eq!(linearised_error(1.0, 1.0, 1), None);
        assert_eq!(effective_base(0.0, 0.0), None);
    }
}
