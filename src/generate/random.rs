//! Numbers from a seed. Owns the promise that a seed gives the same numbers on every machine and in
//! every version; it knows nothing of surveys.

/// A stream of numbers that depends on nothing but what it was made from.
#[derive(Debug, Clone)]
pub struct Draw(u64);

/// SplitMix64's output function (Steele, Lea and Flood 2014): a bijection of 64-bit numbers.
pub fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Draw {
    /// The numbers of one chunk of one stream.
    pub fn new(seed: u64, stream: u64, chunk: u64) -> Self {
        let start = mix(seed ^ 0x6269_6761_736B).wrapping_add(mix(stream.wrapping_add(1)));
        Draw(mix(start.wrapping_add(mix(chunk ^ 0x5eed))))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number from 0 to below `n`; 0 where `n` is 0. The bias is under n / 2^32.
    pub fn below(&mut self, n: usize) -> usize {
        (((self.bits() >> 32) * n as u64) >> 32) as usize
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high.saturating_sub(low) + 1) as usize) as u32
    }

    /// A number from 0 to below 1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// True once in `1 / p`.
    pub fn chance(&mut self, p: f32) -> bool {
        self.unit() < p
    }

    /// Close to the standard normal (the sum of eight uniforms, so within 4.9 of zero): only
    /// additions, and so the same on every machine.
    pub fn normal(&mut self) -> f32 {
        let sum: u64 = [self.bits(), self.bits()]
            .iter()
            .map(|b| (b & 0xFFFF) + ((b >> 16) & 0xFFFF) + ((b >> 32) & 0xFFFF) + (b >> 48))
            .sum();
        (sum as f32 / 65536.0 - 4.0) * 1.224_744_9
    }

    /// One of the items; `None` where there is none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// The index of a weight, as often as its share of the sum; 0 where the sum is 0.
    pub fn weighted(&mut self, weights: impl Iterator<Item = f32> + Clone) -> usize {
        let mut left = self.unit() * weights.clone().sum::<f32>();
        for (i, w) in weights.enumerate() {
            left -= w;
            if left < 0.0 {
                return i;
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of the reference implementation from the state 0.
    #[test]
    fn the_numbers_are_splitmix64s() {
        let mut d = Draw(0);
        assert_eq!([d.bits(), d.bits()], [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4]);
    }

    #[test]
    fn the_numbers_never_change() {
        let mut d = Draw::new(1, 0, 0);
        let first: Vec<usize> = (0..6).map(|_| d.below(1000)).collect();
        assert_eq!(first, [774, 257, 722, 221, 343, 980]);
    }

    #[test]
    fn streams_and_chunks_differ() {
        let of = |s, t, c| Draw::new(s, t, c).bits();
        let all = [of(1, 0, 0), of(2, 0, 0), of(1, 1, 0), of(1, 0, 1)];
        assert!((0..4).all(|i| (0..i).all(|j| all[i] != all[j])));
    }

    #[test]
    fn normal_has_mean_0_and_variance_1() {
        let mut d = Draw::new(7, 0, 0);
        let x: Vec<f32> = (0..50_000).map(|_| d.normal()).collect();
        let mean = x.iter().sum::<f32>() / 50_000.0;
        let var = x.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / 50_000.0;
        assert!(mean.abs() < 0.02 && (var - 1.0).abs() < 0.03, "{mean} {var}");
    }

    #[test]
    fn weighted_keeps_to_the_shares() {
        let mut d = Draw::new(3, 0, 0);
        let mut seen = [0; 3];
        (0..10_000).for_each(|_| seen[d.weighted([1.0, 0.0, 3.0].into_iter())] += 1);
        assert!(seen[1] == 0 && (2300..2700).contains(&seen[0]), "{seen:?}");
    }
}
