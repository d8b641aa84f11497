//! Reads records of JSON lines.

use std::io::{BufRead, Read as _};

use anyhow::Context as _;
use gatekeeper::In;
use serde_json::{Map, Value};

use super::record::{MAX_RECORD_BYTES, Record, Records};
use super::report::describe_violations;

/// Reads the records of a file with a JSON object on each line; empty lines are skipped.
pub(in crate::cli) fn json_lines<'i>(mut input: impl BufRead + 'i) -> Records<'i> {
    let mut line = 0;
    let mut text = Vec::new();
    Box::new(std::iter::from_fn(move || {
        loop {
            text.clear();
            match input
                .by_ref()
                .take(MAX_RECORD_BYTES + 1)
                .read_until(b'\n', &mut text)
            {
                Ok(0) => return None,
                Ok(_) => line += 1,
                Err(error) => return Some(Err(error).context("the file cannot be read on")),
            }
            if !text.ends_with(b"\n") && text.len() as u64 > MAX_RECORD_BYTES {
                if let Err(error) = input.skip_until(b'\n') {
                    return Some(Err(error).context("the file cannot be read on"));
                }
                let content = Err(format!("is longer than {MAX_RECORD_BYTES} bytes"));
                return Some(Ok(Record { line, content }));
            }
            let bytes = text.trim_ascii();
            if !bytes.is_empty() {
                let content = object(bytes);
                return Some(Ok(Record { line, content }));
            }
        }
    }))
}

fn object(text: &[u8]) -> Result<Map<String, Value>, String> {
    match gatekeeper::strict_json(text, In::Body, "").map_err(describe_violations)? {
        Value::Object(members) => Ok(members),
        _ => Err("is no JSON object".to_owned()),
    }
}
