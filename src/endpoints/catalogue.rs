//! Functions that the endpoints of the reference data share. The parameters and the replies of the six kinds are alike, but of
//! types of their own.

/// Returns the relations of `$model` that the parameters of an operation ask for.
macro_rules! relations {
    ($model:ty, $params:ident) => {
        $crate::catalogue::RelationSet::of::<$model>($params.options.as_ref()).without::<$model>(
            $params
                .without
                .iter()
                .flatten()
                .map(|relation| relation.as_str()),
        )
    };
}

/// Reads the query of a list of `$model` from the parameters of its operation.
macro_rules! query {
    ($model:ty, $params:ident) => {
        $crate::catalogue::Query {
            relations: $crate::endpoints::catalogue::relations!($model, $params),
            sort_by: $params.sort_by.as_str(),
            sort_order: $params.sort_order,
            page: $params.page,
            page_size: $params.page_size,
            search: $params.search.as_deref(),
            filters: $params.filters.as_deref().unwrap_or_default(),
        }
    };
}

/// Returns the reply `$reply` with what was found, and the headers that it has besides `ETag`.
macro_rules! reply {
    ($reply:ident, $found:expr $(, $header:ident)?) => {{
        let found = $found;
        $reply::Status200 {
            body: found.body.into(),
            etag: found.etag,
            $($header: found.$header,)?
        }
    }};
}

pub(super) use {query, relations, reply};
