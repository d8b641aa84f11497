//! Tables of accounts and events.

use anyhow::Result;
use generated::models::{AccountEvent, AccountEventList, User, UserList};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use crate::cli::print;

pub(super) fn users(list: &UserList) -> Result<()> {
    let head = ["ID", "ADDRESS", "ROLE", "VERIFIED", "SUSPENDED", "OPENED"];
    let rows: Result<Vec<_>> = list.results.iter().map(user_row).collect();
    print::table(head, rows?)?;
    print_remainder(list.results.len(), list.count)
}

fn user_row(user: &User) -> Result<[String; 6]> {
    Ok([
        user.user_id.to_string(),
        user.email.clone(),
        user.access_role.as_str().to_owned(),
        yes_or_no(user.email_verified),
        yes_or_no(user.disabled),
        moment(user.created_at)?,
    ])
}

pub(super) fn user(user: &User) -> Result<()> {
    let pending = user.pending_email.as_deref().unwrap_or("-");
    print::table(
        ["id", &user.user_id.to_string()],
        [
            ("address", user.email.clone()),
            ("role", user.access_role.as_str().to_owned()),
            ("verified", yes_or_no(user.email_verified)),
            ("new address", pending.to_owned()),
            ("suspended", yes_or_no(user.disabled)),
            ("opened", moment(user.created_at)?),
        ]
        .map(|(name, value)| [name.to_owned(), value]),
    )
}

pub(super) fn events(list: &AccountEventList) -> Result<()> {
    let head = ["WHEN", "WHAT", "DETAIL", "BY", "FROM", "REQUEST"];
    let rows: Result<Vec<_>> = list.results.iter().map(event_row).collect();
    print::table(head, rows?)?;
    print_remainder(list.results.len(), list.count)
}

fn event_row(event: &AccountEvent) -> Result<[String; 6]> {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let id = |id: Option<Uuid>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
    let by = match event.actor_id {
        Some(actor) if actor == event.user_id => "owner".to_owned(),
        actor => id(actor),
    };
    Ok([
        moment(event.happened_at)?,
        event.kind.as_str().to_owned(),
        text(&event.detail),
        by,
        text(&event.client_address),
        id(event.request_id),
    ])
}

/// Prints a note when the page does not hold the whole list.
fn print_remainder(shown: usize, count: i64) -> Result<()> {
    if i64::try_from(shown).is_ok_and(|shown| shown < count) {
        print::lines([format!("{shown} of {count}; see --page and --page-size")])?;
    }
    Ok(())
}

fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

fn moment(moment: OffsetDateTime) -> Result<String> {
    Ok(moment.format(&Rfc3339)?)
}
