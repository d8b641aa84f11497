//! What a list costs, without HTTP around it.

use std::{fs, hint::black_box, path::Path, time::Duration};

use anyhow::{Context, Result};
use generated::models::SortOrder;

use super::{Catalogue, Facts, kind::Mask, query::Query, records::Character};

/// Long enough to warm up, short enough to wait for.
const TIMES: u32 = 100_000;

/// The processor time of the preparation at start, and of lists of characters.
///
/// # Errors
///
/// Where the system does not tell a thread's processor time (only Linux does).
pub fn run() -> Result<Vec<(&'static str, Duration)>> {
    let before = processor_time()?;
    let catalogue = Catalogue::prepare(&Facts::load(Path::new(""))?, "http://127.0.0.1:5003")?;
    let prepared = ("all kinds, at start", processor_time()? - before);
    let filters = ["mass:gte:100".to_owned()];
    let first = || Query::first(Mask::all::<Character>());
    let lists = [
        ("first page", first()),
        ("second page", Query { page: 2, ..first() }),
        (
            "sorted by height",
            Query {
                sort_by: "height",
                sort_order: SortOrder::Desc,
                ..first()
            },
        ),
        (
            "all 87 on one page",
            Query {
                page_size: 100,
                ..first()
            },
        ),
        (
            "searched",
            Query {
                search: Some("sky"),
                ..first()
            },
        ),
        (
            "filtered by mass",
            Query {
                filters: &filters,
                ..first()
            },
        ),
    ];
    let lists = lists.map(|(name, query)| Ok((name, cost(&catalogue, &query)?)));
    std::iter::once(Ok(prepared)).chain(lists).collect()
}

fn cost(catalogue: &Catalogue, query: &Query<'_>) -> Result<Duration> {
    for _ in 0..TIMES / 10 {
        drop(black_box(catalogue.characters.list(query, None)?));
    }
    let before = processor_time()?;
    for _ in 0..TIMES {
        drop(black_box(
            catalogue.characters.list(black_box(query), None)?,
        ));
    }
    Ok((processor_time()? - before) / TIMES)
}

fn processor_time() -> Result<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")
        .context("this system does not tell a thread's processor time")?;
    let nanoseconds = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}
