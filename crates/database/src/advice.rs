//! Advice to the operator of a database that cannot be opened.

use std::io;

use rustls::CertificateError;
use sea_orm::sqlx::{self, error::DatabaseError};
use sea_orm::{DbErr, RuntimeErr};

use super::error::Code;

/// Returns what to do about the error of a new connection, as the end of a sentence.
pub(super) fn advice(error: &DbErr) -> &'static str {
    let specific = match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause)) => match cause.as_ref() {
            sqlx::Error::Io(error) => certificate(error),
            sqlx::Error::Tls(_) => Some(
                "switch TLS on at the server, which lacks it: ssl = on for PostgreSQL, ssl_cert and ssl_key for MariaDB",
            ),
            // The pool tries again while nobody listens or no more connections are taken.
            sqlx::Error::PoolTimedOut => Some(
                "start the server that database.url names, or let it take more connections: it gave none in time",
            ),
            sqlx::Error::Database(refusal) => refused(refusal.as_ref()),
            _ => None,
        },
        _ => None,
    };
    specific.unwrap_or(
        "check database.url, that it is there and that this process may read and write it",
    )
}

fn certificate(error: &io::Error) -> Option<&'static str> {
    let rustls::Error::InvalidCertificate(reason) = error.get_ref()?.downcast_ref()? else {
        return None;
    };
    match reason {
        CertificateError::UnknownIssuer => Some(
            "set tls.ca_file to the certificate of the authority that signed the server's, which nobody here knows",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Some(
                "let database.url name a host that the server's certificate names, or give the server one for this host",
            )
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Some(
            "renew the server's certificate, which has expired, or set the clock of this machine",
        ),
        _ => None,
    }
}

fn refused(refusal: &(dyn DatabaseError + 'static)) -> Option<&'static str> {
    let user = "check the user and the password in database.url, and that the server lets that user in from here";
    let missing = "create the database that database.url names, or name another one";
    match Code::of(refusal)? {
        Code::MySql(1045 | 1698) | Code::Postgres("28000" | "28P01") => Some(user),
        Code::MySql(1044 | 1049) | Code::Postgres("3D000") => Some(missing),
        _ => None,
    }
}
