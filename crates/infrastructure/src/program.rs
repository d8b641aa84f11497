//! The name and the version that the process tells others.

/// The name of the service, for those who collect what it tells.
pub const NAME: &str = "starwars-api";

/// The version of the release.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
