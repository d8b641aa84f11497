//! The argument that names an account.

use std::str::FromStr;

use anyhow::{Error, Result, anyhow};
use generated::models::ProblemCode;
use uuid::Uuid;

use crate::database::Database;
use crate::errors::ApiError;
use crate::users::{email::normal_form, entity::Model as User, store};

/// A reference to an account by its mail address or id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum UserRef {
    Id(Uuid),
    Address(String),
}

impl UserRef {
    /// Returns the account.
    ///
    /// # Errors
    /// There is no such account, or the database does not answer.
    pub(super) async fn find(&self, database: &Database) -> Result<User> {
        match self {
            Self::Id(id) => store::find_by_id(database, *id).await,
            Self::Address(address) => store::find_by_email(database, address).await,
        }
        .map_err(|error| Error::from(ApiError::from(error)))?
        .ok_or_else(|| self.explain(ApiError::not_found()))
    }

    /// Turns the refusal of a change into an error for the terminal.
    pub(super) fn explain(&self, refusal: ApiError) -> Error {
        if refusal.code() == ProblemCode::NotFound {
            return anyhow!(
                "there is no account {self}; `starwars-api users list` shows those that there are"
            );
        }
        Error::from(refusal).context(format!("nothing was done about {self}"))
    }
}

impl FromStr for UserRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        normal_form(text)
            .map(Self::Address)
            .ok_or_else(|| anyhow!("neither a mail address nor the id of an account"))
    }
}

impl std::fmt::Display for UserRef {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(formatter),
            Self::Address(address) => address.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_id_or_address() {
        let id = Uuid::new_v4();
        assert_eq!(id.to_string().parse::<UserRef>().unwrap(), UserRef::Id(id));
        assert_eq!(
            " Luke@Rebels.example ".parse::<UserRef>().unwrap(),
            UserRef::Address("luke@rebels.example".to_owned())
        );
        for neither in ["", "luke", "12345", "a\r\nb@rebels.example"] {
            assert!(neither.parse::<UserRef>().is_err(), "{neither:?}");
        }
    }
}
