//! Faults and outcomes of hashing.

/// The fault of a password that was not hashed or verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordFault {
    /// Too many wait; another try in a second or so may succeed.
    Busy,
    /// Nobody may have this password; the text is for whoever chose it, and never holds the password.
    Refused(&'static str),
    /// The stored hash cannot be read, or hashing itself failed; the text is for the log.
    Failed(String),
}

impl std::fmt::Display for PasswordFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy => formatter.write_str("too many passwords are waiting to be hashed"),
            Self::Refused(reason) => formatter.write_str(reason),
            Self::Failed(reason) => write!(formatter, "a password cannot be hashed: {reason}"),
        }
    }
}

impl std::error::Error for PasswordFault {}

/// The outcome of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Another password, or no such user.
    Wrong,
    /// The stored one.
    Right {
        /// The text to store from now on, when the stored one was made with other parameters.
        renewed: Option<String>,
    },
}
