//! The seal on what may be published. Only `protect` can set it.

/// Something that went through disclosure control.
///
/// ```compile_fail
/// let sealed = bigask::protect::Released::new(vec![1, 2, 3]);
/// ```
/// ```compile_fail
/// let sealed = bigask::protect::Released(vec![1, 2, 3]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Released<T>(T);

impl<T> Released<T> {
    /// Seals; the caller has protected it.
    pub(in crate::protect) fn new(inner: T) -> Self {
        Released(inner)
    }
}

impl<T> std::ops::Deref for Released<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
