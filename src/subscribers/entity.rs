//! A row of `subscribers`.

use std::fmt;

use generated::models::{Subscriber as Record, SubscriberFields};
use sea_orm::entity::prelude::*;

use crate::users::email::normal_form;

/// A subscriber.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscribers")]
pub(crate) struct Model {
    /// UUID version 7: the order of the ids is that in which people joined.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) full_name: String,
    /// In normal form, see [`crate::users::email`].
    #[sea_orm(unique)]
    pub(crate) email: String,
}

/// The table has no relations.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Creates a subscriber from validated fields, or returns `None` if no mail can be sent to the address.
    pub(crate) fn new(id: Uuid, fields: SubscriberFields) -> Option<Self> {
        Some(Self {
            id,
            full_name: fields.full_name,
            email: normal_form(&fields.email)?,
        })
    }
}

impl From<Model> for Record {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            full_name: row.full_name,
            email: row.email,
        }
    }
}

/// Leaves out name and address, which may not reach a log.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
