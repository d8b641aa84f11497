//! The clocks of several instances.

/// The difference between clocks that is allowed for, in seconds (RFC 7519, section 4.1.5: no more than a few minutes): a
/// token may come from an instance that is ahead, and a revocation is kept for those that are behind.
pub(crate) const CLOCK_SKEW: i64 = 60;
