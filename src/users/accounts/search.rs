//! Lists of accounts.

use std::borrow::Cow;

use sea_orm::sea_query::LikeExpr;
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select,
};

use crate::auth::roles::Role;
use crate::database::Database;
use crate::paging::Page;
use crate::users::email::ascii_domain;
use crate::users::entity::{self as user, Model as User};

/// The character that escapes another in a pattern. No backslash: MySQL reads one in a literal by itself.
const ESCAPE: char = '!';

/// The accounts that are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// A part of the address.
    pub(crate) search: Option<String>,
    pub(crate) role: Option<Role>,
    pub(crate) disabled: Option<bool>,
}

impl Filter {
    /// Returns the query; `None` when no account can match.
    fn query(&self) -> Option<Select<user::Entity>> {
        let mut query = user::Entity::find();
        if let Some(search) = &self.search {
            let search = ascii(search)?;
            // Addresses hold nothing else, and PostgreSQL takes no text with a NUL in it.
            if !search.bytes().all(|byte| byte.is_ascii_graphic()) {
                return None;
            }
            let pattern = LikeExpr::new(pattern(&search)).escape(ESCAPE);
            query = query.filter(user::Column::Email.like(pattern));
        }
        if let Some(role) = self.role {
            query = query.filter(user::Column::AccessRole.eq(role));
        }
        if let Some(disabled) = self.disabled {
            query = query.filter(if disabled {
                user::Column::DisabledAt.is_not_null()
            } else {
                user::Column::DisabledAt.is_null()
            });
        }
        Some(query)
    }
}

/// Returns the text with its domain, or whole labels of one, in the ASCII form that addresses have.
fn ascii(search: &str) -> Option<Cow<'_, str>> {
    if search.is_ascii() {
        return Some(search.into());
    }
    let (local, domain) = search
        .rfind('@')
        .map_or(("", search), |at| search.split_at(at + 1));
    Some(format!("{local}{}", ascii_domain(domain)?).into())
}

/// Returns the pattern of text that stands anywhere in an address; those are lower case.
fn pattern(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for character in search.to_ascii_lowercase().chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Returns a page of the accounts that are wanted, in the order in which they were opened, and how many there are in all.
pub(crate) async fn list(
    database: &Database,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<User>, u64), DbErr> {
    let Some(query) = filter.query() else {
        return Ok((Vec::new(), 0));
    };
    let ordered = query
        .order_by_asc(user::Column::CreatedAt)
        .order_by_asc(user::Column::Id);
    database.page(ordered, page).await
}
