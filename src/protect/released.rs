//! The wrapper that says "may leave". Owns the promise that only `protect` puts it on.

use std::ops::Deref;

/// Something that `protect` has made safe to publish. `publish` takes nothing else for the release
/// folder.
///
/// Nobody else can make one, or change what is in it:
/// ```compile_fail
/// let r = bigask::protect::Released(12);
/// ```
/// ```compile_fail
/// let r = bigask::protect::Released::new(12);
/// ```
/// ```compile_fail
/// let r: bigask::protect::Released<u64> = 12.into();
/// ```
/// ```compile_fail
/// fn spoil(r: &mut bigask::protect::Released<Vec<u64>>) { r.push(12); }
/// ```
/// Reading is free:
/// ```
/// fn read(r: &bigask::protect::Released<Vec<u64>>) -> usize { r.get().len() + r.len() }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Released<T>(T);

impl<T> Released<T> {
    /// Puts the wrapper on: only after every rule has been applied.
    pub(in crate::protect) fn new(safe: T) -> Self {
        Released(safe)
    }

    /// What was released.
    pub fn get(&self) -> &T {
        &self.0
    }
}

impl<T> Deref for Released<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
