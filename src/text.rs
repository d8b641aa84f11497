//! Texts from outside the process: UTF-8, with or without the mark that some editors and shells put in front.

use std::fs;
use std::io::{self, BufRead, Cursor, ErrorKind, Read as _};
use std::path::Path;

/// U+FEFF in UTF-8, as a signature at the beginning of a text (RFC 3629, section 6).
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file, without the mark.
///
/// # Errors
/// Those of the system; of the kind [`ErrorKind::InvalidData`] when it is not UTF-8.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    decoded(fs::read(path)?)
}

/// The first line of an input, without the mark and the line end; of at most `longest` bytes.
///
/// # Errors
/// As [`read`].
pub(crate) fn first_line(input: impl BufRead, longest: u64) -> io::Result<String> {
    let mut line = Vec::new();
    input.take(longest).read_until(b'\n', &mut line)?;
    let mut line = decoded(line)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}

/// The input without the mark.
///
/// # Errors
/// Those of the input, and when it is UTF-16.
pub(crate) fn unmarked<'i>(mut input: impl BufRead + 'i) -> io::Result<Box<dyn BufRead + 'i>> {
    let mut first = Vec::with_capacity(MARK.len());
    input
        .by_ref()
        .take(MARK.len() as u64)
        .read_to_end(&mut first)?;
    check_encoding(&first)?;
    if first == MARK {
        first.clear();
    }
    Ok(Box::new(Cursor::new(first).chain(input)))
}

fn decoded(mut bytes: Vec<u8>) -> io::Result<String> {
    check_encoding(&bytes)?;
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    // The error of the library has the bytes, which may be a secret.
    String::from_utf8(bytes).map_err(|_| invalid("is not UTF-8; save it as such"))
}

/// What Windows calls Unicode, and PowerShell writes by itself; without a mark it is told by its zeros.
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
            let mut unmarked = unmarked(input.as_bytes()).unwrap();
            unmarked.read_to_string(&mut all).unwrap();
            assert_eq!(all, input.strip_prefix('\u{feff}').unwrap_or(input));
        }
    }

    #[test]
    fn what_is_not_utf_8_is_told_so_and_not_repeated() {
        for bytes in [&b"\xff\xfes\0e\0"[..], b"\xfe\xff\0s\0e"] {
            let error = first_line(bytes, 100).unwrap_err().to_string();
            assert!(error.contains("UTF-16"), "{error}");
            assert!(unmarked(bytes).is_err());
        }
        let error = first_line(&b"s\xfcss"[..], 100).unwrap_err().to_string();
        assert!(error.contains("UTF-8") && !error.contains("115"), "{error}");
    }
}
