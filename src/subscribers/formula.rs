//! Escapes cells that a spreadsheet would run (OWASP, CSV injection): names and addresses are typed by anybody.
//!
//! Such a cell gets an apostrophe before it, by which spreadsheets know a text. So does one that looks as if it had got
//! one, so that [`restored`] returns every cell as it was. The cells are those of a reader who parts them at commas:
//! one who parts them at semicolons, too, sees others.

use std::borrow::Cow;

const MARK: char = '\'';

/// The characters that begin a formula; the last four do in spreadsheets for wide scripts.
const TRIGGERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Returns the cell in a form that a spreadsheet does not run.
pub(super) fn defused(cell: &str) -> Cow<'_, str> {
    if is_trigger(cell.trim_start_matches(MARK)) {
        Cow::Owned(format!("{MARK}{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Returns the cell that [`defused`] was given.
pub(crate) fn restored(cell: &str) -> &str {
    match cell.strip_prefix(MARK) {
        Some(rest) if is_trigger(rest.trim_start_matches(MARK)) => rest,
        _ => cell,
    }
}

fn is_trigger(text: &str) -> bool {
    text.starts_with(TRIGGERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_formula_is_marked_as_text() {
        for cell in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=",
        ] {
            assert_eq!(defused(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "Biggs", "O'Neil", "'quoted'", "a=b", " =1", "1-1"] {
            assert_eq!(defused(cell), cell, "{cell:?}");
        }
    }

    #[test]
    fn every_cell_is_found_as_it_was() {
        for cell in ["=1", "'=1", "''=1", "'", "''", "'a", "a", "", "'＝", "-"] {
            assert_eq!(restored(&defused(cell)), cell, "{cell:?}");
        }
    }
}
