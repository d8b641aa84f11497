//! Pages of lists, and the URLs of the next and the previous page.

use url::form_urlencoded::Serializer;

/// A page of a list. The contract bounds both numbers.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Counted from 1.
    number: u64,
    size: u64,
}

/// URLs of the next and the previous page.
#[derive(Debug, PartialEq, Eq)]
pub struct Neighbours {
    /// None on the last page.
    pub next: Option<String>,
    /// None on the first page.
    pub previous: Option<String>,
}

impl Page {
    /// Creates a page from the parameters `page` and `page_size`; a value below 1 counts as 1.
    pub fn new(number: i32, size: i32) -> Self {
        let from_one = |value: i32| u64::try_from(value).unwrap_or(1).max(1);
        Self {
            number: from_one(number),
            size: from_one(size),
        }
    }

    /// Returns how many entries precede the page.
    pub fn offset(self) -> u64 {
        (self.number - 1).saturating_mul(self.size)
    }

    /// Returns how many entries the page holds at most.
    pub fn limit(self) -> u64 {
        self.size
    }

    /// Returns the URLs of the pages before and after this one of `count` entries, with the same filters. Beyond the end, the
    /// previous page is the last one.
    pub fn neighbours(
        self,
        count: u64,
        public_url: &str,
        path: &str,
        filters: &[(&str, &str)],
    ) -> Neighbours {
        let last = count.div_ceil(self.size).max(1);
        let url = |number: u64| {
            let query = Serializer::new(String::new())
                .extend_pairs(filters)
                .append_pair("page", &number.to_string())
                .append_pair("page_size", &self.size.to_string())
                .finish();
            format!("{public_url}{path}?{query}")
        };
        Neighbours {
            next: (self.number < last).then(|| url(self.number + 1)),
            previous: (self.number > 1).then(|| url((self.number - 1).min(last))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbours(number: i32, count: u64) -> (Option<String>, Option<String>) {
        let neighbours = Page::new(number, 10).neighbours(count, "", "/x/", &[]);
        let page = |url: Option<String>| {
            url.and_then(|url| Some(url.strip_prefix("/x/?page=")?.split('&').next()?.to_owned()))
        };
        (page(neighbours.previous), page(neighbours.next))
    }

    #[test]
    fn each_page_knows_its_neighbours() {
        let page = |number: &str| Some(number.to_owned());
        assert_eq!(neighbours(1, 0), (None, None));
        assert_eq!(neighbours(1, 10), (None, None));
        assert_eq!(neighbours(1, 11), (None, page("2")));
        assert_eq!(neighbours(2, 11), (page("1"), None));
        assert_eq!(neighbours(2, 30), (page("1"), page("3")));
        assert_eq!(neighbours(9, 30), (page("3"), None));
    }

    #[test]
    fn filters_are_kept_and_escaped() {
        let neighbours =
            Page::new(1, 2).neighbours(3, "https://api.example", "/x/", &[("search", "a b&c")]);
        assert_eq!(
            neighbours.next.as_deref(),
            Some("https://api.example/x/?search=a+b%26c&page=2&page_size=2")
        );
    }
}
