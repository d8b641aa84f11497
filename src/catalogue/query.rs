//! The parameters of a list.

use generated::models::SortOrder;

use super::resource::{Relation, RelationSet, Resource};

/// The parameters of a list; all lists of the contract have the same.
#[derive(Debug, PartialEq)]
pub(crate) struct Query<'q> {
    pub(crate) relations: RelationSet,
    pub(crate) sort_by: &'q str,
    pub(crate) sort_order: SortOrder,
    pub(crate) page: i32,
    pub(crate) page_size: i32,
    pub(crate) search: Option<&'q str>,
    pub(crate) filters: &'q [String],
}

impl Query<'_> {
    /// Returns the first page, by the contract's defaults.
    pub(crate) fn first(relations: RelationSet) -> Self {
        Self {
            relations,
            sort_by: "id",
            sort_order: SortOrder::Asc,
            page: 1,
            page_size: 10,
            search: None,
            filters: &[],
        }
    }

    /// Returns the parameters that every page of the list has, where they are not the defaults.
    pub(super) fn carried<R: Resource>(&self) -> Vec<(String, &str)> {
        let first = Query::first(self.relations);
        let mut carried: Vec<_> = self
            .relations
            .omitted::<R>()
            .map(|Relation(name, ..)| (format!("options[{name}]"), "false"))
            .collect();
        let mut add = |name: &str, value| carried.push((name.to_owned(), value));
        if self.sort_by != first.sort_by {
            add("sort_by", self.sort_by);
        }
        if self.sort_order != first.sort_order {
            add("sort_order", self.sort_order.as_str());
        }
        if let Some(search) = self.search {
            add("search", search);
        }
        for filter in self.filters {
            add("filters", filter);
        }
        carried
    }
}
