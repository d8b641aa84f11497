//! The parameters of a list.

use generated::models::SortOrder;
use sha2::{Digest, Sha256};
use url::form_urlencoded::Serializer;

use super::{answer, kind::Mask};

/// What a list is asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Query<'q> {
    pub(super) mask: Mask,
    pub(super) sort_by: &'q str,
    pub(super) sort_order: SortOrder,
    pub(super) page: i32,
    pub(super) page_size: i32,
    pub(super) search: Option<&'q str>,
    pub(super) filters: &'q [String],
}

impl<'q> Query<'q> {
    /// The contract's defaults.
    pub(super) fn first(mask: Mask) -> Self {
        Self {
            mask,
            sort_by: "id",
            sort_order: SortOrder::Asc,
            page: 1,
            page_size: 10,
            search: None,
            filters: &[],
        }
    }

    /// The parameters that every page of the list has, where they are not the defaults; `options` are the
    /// names of those that leave a relation out.
    pub(super) fn carried<'a>(&self, options: &'a [String]) -> Vec<(&'a str, &'a str)>
    where
        'q: 'a,
    {
        let options = options.iter().enumerate();
        let options = options
            .filter(|(place, _)| !self.mask.has(*place))
            .map(|(_, name)| (name.as_str(), "false"));
        let first = Query::first(self.mask);
        let sort_by = (self.sort_by != first.sort_by).then_some(("sort_by", self.sort_by));
        let sort_order = (self.sort_order != first.sort_order)
            .then_some(("sort_order", self.sort_order.as_str()));
        let search = self.search.map(|text| ("search", text));
        let filters = self.filters.iter();
        options
            .chain(sort_by)
            .chain(sort_order)
            .chain(search)
            .chain(filters.map(|filter| ("filters", filter.as_str())))
            .collect()
    }

    /// The tag of the list, without the list: whatever else it depends on is in `digest`.
    pub(super) fn tag(&self, carried: &[(&str, &str)], digest: &Sha256) -> String {
        let text = Serializer::new(format!("{}/{}/", self.page, self.page_size))
            .extend_pairs(carried)
            .finish();
        answer::tag(digest.clone().chain_update(text).finalize())
    }
}
