//! The end of a body that comes in chunks (RFC 9112, section 7.1).
//!
//! Each byte goes on to actix, which refuses a body that is malformed; of one that is not, both find the same end.

/// The place in such a body, by what is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunks {
    /// The rest of a size, and its part so far.
    Size(u64),
    /// The rest of a line behind the size of its chunk.
    Extension(u64),
    /// So many bytes of a chunk and of the line end behind it.
    Data(u64),
    /// A field of the trailer, or the end.
    Trailer,
    /// The rest of a field of the trailer.
    Field,
    /// The last byte of a field.
    FieldEnd,
    /// The last byte.
    LastByte,
    /// Nothing: what follows is another request.
    End,
}

impl Chunks {
    /// The place before the first chunk.
    pub(super) const BEGIN: Self = Self::Size(0);

    /// Passes over the bytes that belong to the body, and returns how many they are.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> usize {
        let mut passed = 0;
        while *self != Self::End {
            let rest = &bytes[passed..];
            let Some(&byte) = rest.first() else {
                break;
            };
            passed += 1;
            *self = match *self {
                Self::Data(left) => {
                    let count =
                        usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()));
                    passed += count - 1;
                    match left - count as u64 {
                        0 => Self::BEGIN,
                        left => Self::Data(left),
                    }
                }
                Self::Size(0) | Self::Extension(0) if byte == b'\n' => Self::Trailer,
                Self::Size(size) | Self::Extension(size) if byte == b'\n' => {
                    Self::Data(size.saturating_add(2))
                }
                Self::Extension(size) => Self::Extension(size),
                Self::Size(size) => match char::from(byte).to_digit(16) {
                    Some(digit) => Self::Size(size.saturating_mul(16).saturating_add(digit.into())),
                    None => Self::Extension(size),
                },
                Self::Trailer if byte == b'\r' => Self::LastByte,
                Self::Field if byte == b'\r' => Self::FieldEnd,
                Self::Trailer | Self::Field => Self::Field,
                Self::FieldEnd => Self::Trailer,
                Self::LastByte | Self::End => Self::End,
            };
        }
        passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: &[u8] = b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n";

    #[test]
    fn a_body_ends_behind_its_last_chunk_and_its_trailer() {
        for body in [
            "0\r\n\r\n",
            "000;last\r\n\r\n",
            "5\r\nhello\r\n0\r\n\r\n",
            "a ;name=\"value\"\r\n0\r\n\r\nGET /\r\nF\r\n0123456789abcde\r\n0\r\n\r\n",
            "1\r\nx\r\n0\r\nExpires: never\r\nA: b\r\n\r\n",
        ] {
            let bytes = [body.as_bytes(), NEXT].concat();
            for piece in [1, 2, 3, 7, bytes.len()] {
                let mut chunks = Chunks::BEGIN;
                let mut passed = 0;
                for piece in bytes.chunks(piece) {
                    passed += chunks.pass(piece);
                }
                assert_eq!((chunks, passed), (Chunks::End, body.len()), "{body:?}");
            }
        }
    }

    #[test]
    fn a_size_beyond_all_numbers_has_no_end() {
        let mut chunks = Chunks::BEGIN;
        let bytes = [b"ffffffffffffffffff\r\n", NEXT].concat();
        assert_eq!(chunks.pass(&bytes), bytes.len());
        assert!(matches!(chunks, Chunks::Data(_)));
    }
}
