//! Reads text from outside the process: UTF-8, with or without a byte order mark, which some editors and shells write.

use std::fs;
use std::io::{self, BufRead, Cursor, ErrorKind, Read as _};
use std::path::Path;

/// The byte order mark, U+FEFF in UTF-8 (RFC 3629, section 6).
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a file, without its byte order mark.
///
/// # Errors
/// Those of the system; [`ErrorKind::InvalidData`] when the file is not UTF-8.
pub fn read(path: &Path) -> io::Result<String> {
    decode(fs::read(path)?)
}

/// Reads the first line of an input, of at most `max_bytes`, without its byte order mark and line end.
///
/// # Errors
/// Those of [`read`].
pub fn first_line(input: impl BufRead, max_bytes: u64) -> io::Result<String> {
    let mut line = Vec::new();
    input.take(max_bytes).read_until(b'\n', &mut line)?;
    let mut line = decode(line)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}

/// Skips the byte order mark of an input.
///
/// # Errors
/// Those of the input; [`ErrorKind::InvalidData`] when it is UTF-16.
pub fn skip_byte_order_mark<'i>(mut input: impl BufRead + 'i) -> io::Result<Box<dyn BufRead + 'i>> {
    let mut first = Vec::with_capacity(BYTE_ORDER_MARK.len());
    input
        .by_ref()
        .take(BYTE_ORDER_MARK.len() as u64)
        .read_to_end(&mut first)?;
    check_encoding(&first)?;
    if first == BYTE_ORDER_MARK {
        first.clear();
    }
    Ok(Box::new(Cursor::new(first).chain(input)))
}

fn decode(mut bytes: Vec<u8>) -> io::Result<String> {
    check_encoding(&bytes)?;
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    // The error of the library contains the bytes, which may be a secret.
    String::from_utf8(bytes).map_err(|_| invalid("is not UTF-8; save it as such"))
}

/// Refuses UTF-16, which PowerShell writes by default; without a byte order mark it is recognised by its zeros.
fn check_encoding(bytes: &[u8]) -> io::Result<()> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
            Err(invalid("is UTF-16; save it as UTF-8"))
        }
        _ => Ok(()),
    }
}

fn invalid(message: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_in_front_is_no_part_of_a_text() {
        for (input, line) in [
            ("\u{feff}secret\r\nrest", "secret"),
            ("secret\n\u{feff}", "secret"),
            ("\u{feff}", ""),
            ("", ""),
            // Only the first is the mark; only the line end is taken off.
            ("\u{feff}\u{feff} a ", "\u{feff} a "),
        ] {
            assert_eq!(first_line(input.as_bytes(), 100).unwrap(), line);
            let mut all = String::new();
            let mut unmarked = skip_byte_order_mark(input.as_bytes()).unwrap();
            unmarked.read_to_string(&mut all).unwrap();
            assert_eq!(all, input.strip_prefix('\u{feff}').unwrap_or(input));
        }
    }

    #[test]
    fn what_is_not_utf_8_is_told_so_and_not_repeated() {
        for bytes in [&b"\xff\xfes\0e\0"[..], b"\xfe\xff\0s\0e"] {
            let error = first_line(bytes, 100).unwrap_err().to_string();
            assert!(error.contains("UTF-16"), "{error}");
            assert!(skip_byte_order_mark(bytes).is_err());
        }
        let error = first_line(&b"s\xfcss"[..], 100).unwrap_err().to_string();
        assert!(error.contains("UTF-8") && !error.contains("115"), "{error}");
    }
}
