//! Accounts, their sessions, passwords and tokens.

pub(crate) mod accounts;
pub(crate) mod api_tokens;
pub(crate) mod current;
pub(crate) mod email;
pub(crate) mod entity;
pub(crate) mod events;
pub(crate) mod login;
pub(crate) mod mail_requests;
pub(crate) mod mail_tokens;
pub(crate) mod mails;
pub(crate) mod password_login;
pub(crate) mod passwords;
pub(crate) mod security;
pub(crate) mod sessions;
pub(crate) mod sign_ups;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod tokens;
