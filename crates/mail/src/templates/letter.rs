//! The kinds of letters, and the built-in files of each.

/// The subject matter of a mail, with the token that it carries.
#[derive(Clone, Copy, Debug)]
pub enum Letter<'a> {
    /// To the owner of a new account: the link that proves the address.
    Verification(&'a str),
    /// To an address that was signed up for again before it was verified: the link to choose the password.
    ChoosePassword(&'a str),
    /// To the owner of an account, when somebody signs up with its address again.
    AlreadyRegistered,
    /// To the owner of an account: the link to choose a new password.
    PasswordForgotten(&'a str),
    /// To the owner of an account, after the change.
    PasswordChanged,
    /// To the address that an account is to have: the link that proves it.
    EmailChange(&'a str),
    /// To the owner of an account, when its address is to become that of another.
    AddressTaken,
    /// To the address that an account has, before another replaces it.
    EmailChangeRequested,
    /// To the address that an account had.
    EmailChanged,
}

/// Expands to the names and the built-in contents of the two files of a mail.
macro_rules! files {
    ($name:literal) => {
        [
            (concat!($name, ".txt"), include_str!(concat!($name, ".txt"))),
            (
                concat!($name, ".html"),
                include_str!(concat!($name, ".html")),
            ),
        ]
    };
}

/// A file's name and content.
pub(super) type File = (&'static str, &'static str);

impl<'a> Letter<'a> {
    pub(super) fn all(token: &'a str) -> [Self; 9] {
        [
            Self::Verification(token),
            Self::ChoosePassword(token),
            Self::AlreadyRegistered,
            Self::PasswordForgotten(token),
            Self::PasswordChanged,
            Self::EmailChange(token),
            Self::AddressTaken,
            Self::EmailChangeRequested,
            Self::EmailChanged,
        ]
    }

    /// Returns the text and the page.
    pub(super) fn files(self) -> [File; 2] {
        match self {
            Self::Verification(_) => files!("verification"),
            Self::ChoosePassword(_) => files!("choose-password"),
            Self::AlreadyRegistered => files!("already-registered"),
            Self::PasswordForgotten(_) => files!("password-forgotten"),
            Self::PasswordChanged => files!("password-changed"),
            Self::EmailChange(_) => files!("email-change"),
            Self::AddressTaken => files!("address-taken"),
            Self::EmailChangeRequested => files!("email-change-requested"),
            Self::EmailChanged => files!("email-changed"),
        }
    }

    /// Returns the token.
    pub(super) fn token(self) -> Option<&'a str> {
        match self {
            Self::Verification(token)
            | Self::EmailChange(token)
            | Self::ChoosePassword(token)
            | Self::PasswordForgotten(token) => Some(token),
            Self::AlreadyRegistered
            | Self::PasswordChanged
            | Self::AddressTaken
            | Self::EmailChangeRequested
            | Self::EmailChanged => None,
        }
    }
}

/// Returns names and contents of the built-in files.
pub fn built_in() -> impl Iterator<Item = File> {
    Letter::all("").into_iter().flat_map(Letter::files)
}
