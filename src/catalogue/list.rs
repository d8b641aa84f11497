//! The bytes of a list and its `Link` header.

use anyhow::Result;

use crate::paging::Neighbours;

/// The list of the contract, from entities that are JSON already.
pub(super) fn join(entities: &[&[u8]], count: u64, neighbours: &Neighbours) -> Result<Vec<u8>> {
    let Neighbours { next, previous } = neighbours;
    let urls = [next, previous].map(|url| url.as_ref().map_or(4, String::len));
    let length: usize = entities.iter().map(|entity| entity.len() + 1).sum();
    let mut list = Vec::with_capacity(length + urls.iter().sum::<usize>() + 80);
    list.extend_from_slice(b"{\"results\":[");
    for (place, entity) in entities.iter().enumerate() {
        if place > 0 {
            list.push(b',');
        }
        list.extend_from_slice(entity);
    }
    list.extend_from_slice(b"],\"count\":");
    serde_json::to_writer(&mut list, &count)?;
    list.extend_from_slice(b",\"next\":");
    serde_json::to_writer(&mut list, next)?;
    list.extend_from_slice(b",\"previous\":");
    serde_json::to_writer(&mut list, previous)?;
    list.push(b'}');
    Ok(list)
}

/// The `Link` header (RFC 8288), whose name for the page before is `prev`.
pub(super) fn link(neighbours: &Neighbours) -> Option<String> {
    let next = neighbours.next.iter().map(|url| (url, "next"));
    let previous = neighbours.previous.iter().map(|url| (url, "prev"));
    let links: Vec<String> = next
        .chain(previous)
        .map(|(url, relation)| format!("<{url}>; rel=\"{relation}\""))
        .collect();
    (!links.is_empty()).then(|| links.join(", "))
}
