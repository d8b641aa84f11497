//! Content codings: which one the caller likes best (RFC 9110 section 12.5.3), and compressing.

use crate::accept::weight;
use actix_web::{
    http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue},
    web::Bytes,
};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use std::{
    fmt,
    io::Write as _,
    sync::{Arc, OnceLock},
};

/// Bodies below this many bytes are sent as they are: they fit into one packet either way.
const LEAST: usize = 1024;

/// Bodies beyond this are compressed by gzip alone: to compress a megabyte, Brotli takes ten of memory.
const MOST_BY_BROTLI: usize = 64 * 1024;

/// Of both codings: higher levels take several times as long for a few percent.
const LEVEL: u32 = 5;

/// A content coding, the smaller one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// Returns the entity tag of the compressed form. Section 8.8.3.3: a strong tag is one coding's; a weak one is that of all.
    pub(super) fn tag(self, plain: &HeaderValue) -> Option<HeaderValue> {
        let opaque = plain.as_bytes().strip_suffix(b"\"")?;
        if opaque.starts_with(b"W/") {
            return Some(plain.clone());
        }
        let tag = [opaque, b"-", self.name().as_bytes(), b"\""].concat();
        HeaderValue::from_maybe_shared(Bytes::from(tag)).ok()
    }

    /// Compresses a body; `None` when it would not become smaller.
    fn compress(self, plain: &[u8]) -> Option<Bytes> {
        let coded = match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
                encoder.write_all(plain).ok()?;
                encoder.finish().ok()?
            }
            Self::Brotli => {
                let parameters = BrotliEncoderParams {
                    quality: LEVEL.cast_signed(),
                    size_hint: plain.len(),
                    ..BrotliEncoderParams::default()
                };
                let mut coded = Vec::new();
                brotli::BrotliCompress(&mut &*plain, &mut coded, &parameters).ok()?;
                coded
            }
        };
        // What is kept takes no more memory than it has bytes.
        (coded.len() < plain.len()).then(|| coded.into_boxed_slice().into())
    }
}

/// The compressed forms of a body that many replies share, each made when it is first asked for and then kept: a start
/// compresses nothing.
#[derive(Clone, Default)]
pub(super) struct KeptForms(Arc<[OnceLock<Option<Bytes>>; 2]>);

impl KeptForms {
    /// Returns the forms of a body that is long enough to have some.
    pub(super) fn of(plain: &[u8]) -> Option<Self> {
        is_long(plain).then(Self::default)
    }

    fn get(&self, coding: Coding, plain: &[u8]) -> Option<Bytes> {
        let [brotli, gzip] = &*self.0;
        let form = match coding {
            Coding::Brotli => brotli,
            Coding::Gzip => gzip,
        };
        form.get_or_init(|| coding.compress(plain)).clone()
    }
}

impl fmt::Debug for KeptForms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptForms")
    }
}

pub(super) fn is_long(body: &[u8]) -> bool {
    body.len() >= LEAST
}

/// Returns the coding to send a body in. One that is sent once is compressed by gzip alone, which takes a third of the time.
pub(super) fn choose(headers: &HeaderMap, plain: &[u8], is_kept: bool) -> Option<Coding> {
    let offered: &[Coding] = if is_kept && plain.len() <= MOST_BY_BROTLI {
        &[Coding::Brotli, Coding::Gzip]
    } else {
        &[Coding::Gzip]
    };
    preferred(headers, offered)
}

/// Returns the compressed form of a body.
pub(super) fn compressed(coding: Coding, plain: &[u8], kept: Option<&KeptForms>) -> Option<Bytes> {
    match kept {
        Some(forms) => forms.get(coding, plain),
        None => coding.compress(plain),
    }
}

/// Returns the best of `offered`: the first of those with the highest weight. `None` is no coding: when there is no
/// `Accept-Encoding`, when it is malformed, when it has a higher weight, and when nothing is acceptable, not even that: a
/// body in another form than was asked for says more than a refusal (section 15.5.7 leaves the choice).
fn preferred(headers: &HeaderMap, offered: &[Coding]) -> Option<Coding> {
    let weights = Weights::read(headers)?;
    let least = weights.identity.or(weights.others).unwrap_or(0).max(1);
    let acceptable = offered.iter().rev().copied();
    let acceptable = acceptable.filter(|coding| weights.of(*coding) >= least);
    // The last of equals is the first on offer.
    acceptable.max_by_key(|coding| weights.of(*coding))
}

/// The weights that the caller gives to codings, in thousandths.
#[derive(Default)]
struct Weights {
    brotli: Option<u16>,
    gzip: Option<u16>,
    identity: Option<u16>,
    /// `*`, of all that are not named.
    others: Option<u16>,
}

impl Weights {
    /// Reads all lines; `None` when there is none, and when one of them is malformed.
    fn read(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all(ACCEPT_ENCODING).peekable();
        lines.peek()?;
        let mut weights = Self::default();
        for line in lines {
            for element in line.to_str().ok()?.split(',') {
                weights.add(element.trim_matches([' ', '\t']))?;
            }
        }
        Some(weights)
    }

    fn add(&mut self, element: &str) -> Option<()> {
        // Section 5.6.1.2: empty elements of a list are ignored.
        if element.is_empty() {
            return Some(());
        }
        let (name, weight) = match element.split_once(';') {
            None => (element, 1000),
            Some((name, parameter)) => {
                let (letter, value) = parameter.trim_start_matches([' ', '\t']).split_once('=')?;
                let weight = weight(value).filter(|_| letter.eq_ignore_ascii_case("q"))?;
                (name.trim_end_matches([' ', '\t']), weight)
            }
        };
        let slot = match name {
            "*" => &mut self.others,
            name if name.eq_ignore_ascii_case("br") => &mut self.brotli,
            // Section 8.4.1.3: `x-gzip` is the same.
            name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => {
                &mut self.gzip
            }
            name if name.eq_ignore_ascii_case("identity") => &mut self.identity,
            name => return is_token(name).then_some(()),
        };
        // Of what is said twice the lower counts, so that a refusal stands.
        *slot = Some(slot.map_or(weight, |told| told.min(weight)));
        Some(())
    }

    fn of(&self, coding: Coding) -> u16 {
        let named = match coding {
            Coding::Brotli => self.brotli,
            Coding::Gzip => self.gzip,
        };
        named.or(self.others).unwrap_or(0)
    }
}

/// Section 5.6.2.
fn is_token(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &[Coding] = &[Coding::Brotli, Coding::Gzip];

    fn of_lines(lines: &[&str], offered: &[Coding]) -> &'static str {
        let mut headers = HeaderMap::new();
        for line in lines {
            let value = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append(ACCEPT_ENCODING, value);
        }
        preferred(&headers, offered).map_or("identity", Coding::name)
    }

    /// RFC 9110, section 12.5.3.
    #[test]
    fn the_highest_weight_wins_and_what_is_refused_is_not_sent() {
        for (accepted, sent) in [
            ("gzip", "gzip"),
            ("GZip", "gzip"),
            ("x-gzip", "gzip"),
            ("gzip, deflate, br, zstd", "br"),
            ("br;q=0.5, gzip", "gzip"),
            ("br ; q=0.5 ,gzip;Q=0.501", "gzip"),
            ("gzip;q=0.001", "gzip"),
            ("gzip;q=1.000, br;q=0.999", "gzip"),
            ("*", "br"),
            ("*;q=0.1", "br"),
            ("*, br;q=0", "gzip"),
            ("gzip, *;q=0", "gzip"),
            ("identity, gzip", "gzip"),
            ("identity, gzip;q=0.5", "identity"),
            ("*;q=0.5, gzip;q=0.1, br;q=0.1", "identity"),
            ("identity;q=0, gzip;q=0.1", "gzip"),
            (" , gzip ,,", "gzip"),
            ("gzip, gzip;q=0", "identity"),
            ("gzip;q=0, gzip", "identity"),
            ("gzip;q=0", "identity"),
            ("gzip;q=0, br;q=0.000", "identity"),
            ("*;q=0", "identity"),
            ("identity;q=0", "identity"),
            ("identity;q=0, *;q=0", "identity"),
            ("deflate, zstd", "identity"),
            ("identity", "identity"),
            ("", "identity"),
            (",", "identity"),
        ] {
            assert_eq!(of_lines(&[accepted], BOTH), sent, "{accepted}");
        }
        assert_eq!(of_lines(&["br", "gzip;q=0.5"], BOTH), "br");
        assert_eq!(of_lines(&["br;q=0.4", "gzip;q=0.5"], BOTH), "gzip");
        assert_eq!(of_lines(&["br, gzip;q=0.5"], &[Coding::Gzip]), "gzip");
        assert_eq!(of_lines(&["br"], &[Coding::Gzip]), "identity");
        assert_eq!(of_lines(&[], BOTH), "identity");
    }

    #[test]
    fn what_is_malformed_counts_as_not_sent() {
        for accepted in [
            "gzip;q=2",
            "gzip;q=1.001",
            "gzip;q=0.5000",
            "gzip;q=-1",
            "gzip;q=",
            "gzip;q",
            "gzip;",
            "gzip;level=9",
            "gzip;q=1;q=1",
            "gzip; q = 1",
            "gzip, g zip",
            "gzip, \"br\"",
            "gzip, ;q=1",
            "gzip, br\u{fc}",
        ] {
            assert_eq!(of_lines(&[accepted], BOTH), "identity", "{accepted}");
        }
    }

    #[test]
    fn a_body_that_does_not_become_smaller_is_sent_as_it_is() {
        let mut state = 1_u64;
        let words = std::iter::from_fn(|| {
            // The generator of Knuth's MMIX; its upper half is as good as noise.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            Some((state >> 32) as u32)
        });
        let noise: Vec<u8> = words.take(512).flat_map(u32::to_be_bytes).collect();
        assert_eq!(Coding::Gzip.compress(&noise), None);
        assert_eq!(Coding::Brotli.compress(&noise), None);
    }

    #[test]
    fn a_strong_tag_is_one_codings_and_a_weak_one_that_of_all() {
        let tag = |plain: &'static str| {
            Coding::Gzip
                .tag(&HeaderValue::from_static(plain))
                .map(|tag| tag.to_str().unwrap().to_owned())
        };
        assert_eq!(tag("\"1f\"").as_deref(), Some("\"1f-gzip\""));
        assert_eq!(tag("W/\"1f\"").as_deref(), Some("W/\"1f\""));
        assert_eq!(tag("1f"), None);
    }
}
