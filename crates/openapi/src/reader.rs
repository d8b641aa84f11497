//! From the text of a contract to its document.
//!
//! OpenAPI asks for YAML 1.2, of which JSON is a part. Libraries for YAML differ in what they take for a
//! boolean, a number or a date, so the events of the parser are resolved here, by the core schema of
//! YAML 1.2 (section 10.3) and nothing else. Keys are their text: `200`, `null` and `y` are names.
//! The limits are for contracts from outside: whatever is read ends, in a bounded time and memory.

use crate::scalar;
use granit_parser::{Event, Marker, Options, Parser, Tag};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::HashMap, fmt};

/// The largest contract that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The most arrays and objects inside each other: what readers of JSON take.
pub const MAX_DEPTH: usize = 128;

/// The most that aliases may add to a document, in bytes of text and 32 for each value.
pub const MAX_EXPANSION: usize = 64 * 1024 * 1024;

/// An error in the text of a document, with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    line: usize,
    column: usize,
    problem: String,
}

impl ReadError {
    fn at(marker: &Marker, problem: impl Into<String>) -> Self {
        Self {
            line: marker.line(),
            column: marker.col() + 1,
            problem: problem.into(),
        }
    }

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column, counted from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.problem
        )
    }
}

impl std::error::Error for ReadError {}

/// Reads a document from bytes.
///
/// # Errors
/// Those of [`load`], and bytes that are no UTF-8.
pub fn load_bytes(bytes: &[u8]) -> Result<Value, ReadError> {
    load(utf8(bytes)?)
}

/// Reads any value from bytes: a part of a document in a file of its own.
pub(crate) fn load_any(bytes: &[u8]) -> Result<Value, ReadError> {
    let (value, _) = parse(utf8(bytes)?)?;
    Ok(value.unwrap_or(Value::Null))
}

fn utf8(bytes: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .count()
            + 1;
        ReadError {
            line,
            column,
            problem: "is no UTF-8".to_owned(),
        }
    })
}

/// Reads a document, an object, from YAML 1.2 or JSON.
///
/// # Errors
/// A text that is no YAML, more than one document, no object, or larger or deeper than the limits;
/// a key that stands twice; a value that JSON cannot write.
pub fn load(text: &str) -> Result<Value, ReadError> {
    match parse(text)? {
        (Some(document @ Value::Object(_)), _) => Ok(document),
        (_, start) => Err(ReadError::at(&start, "the document is no object")),
    }
}

/// Returns the value of a text, and its start.
fn parse(text: &str) -> Result<(Option<Value>, Marker), ReadError> {
    let start = Marker::new(0, 1, 0);
    if text.len() > MAX_BYTES {
        let problem = format!("the document is larger than {MAX_BYTES} bytes");
        return Err(ReadError::at(&start, problem));
    }
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = MAX_DEPTH * 2;
    options.block_nesting_limit = MAX_DEPTH * 2;
    let mut reader = Reader::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| ReadError::at(error.marker(), error.info()))?;
        reader
            .event(event)
            .map_err(|problem| ReadError::at(&span.start, problem))?;
    }
    Ok((reader.document, start))
}

/// The state of reading.
#[derive(Default)]
struct Reader {
    document: Option<Value>,
    documents: usize,
    open: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    expanded: usize,
}

/// A value that aliases stand for.
struct Anchored {
    value: Value,
    size: usize,
}

/// A collection that has not ended.
struct Frame {
    anchor: usize,
    /// Its size so far, as [`MAX_EXPANSION`] counts.
    size: usize,
    content: Content,
}

enum Content {
    Array(Vec<Value>),
    Object {
        members: Map<String, Value>,
        key: Option<Key>,
        /// The objects that `<<` names, in order.
        merged: Vec<Map<String, Value>>,
    },
}

enum Key {
    Name(String),
    Merge,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err("a second document begins; a contract is one".to_owned());
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = core_tag(tag.as_ref())?;
                if self.takes_key() {
                    let merges = text == "<<" && scalar::is_plain(style) && tag.is_none();
                    let key = if merges {
                        Key::Merge
                    } else {
                        Key::Name(text.clone().into_owned())
                    };
                    if anchor != 0 {
                        let value = Value::String(text.into_owned());
                        self.keep(anchor, &value, 0)?;
                    }
                    return self.key(key);
                }
                let size = 32 + text.len();
                let value = scalar::resolve(&text, style, tag)?;
                self.keep(anchor, &value, size)?;
                self.value(value, size)
            }
            Event::SequenceStart(_, anchor, tag) => {
                expect(core_tag(tag.as_ref())?, "seq")?;
                self.begin(anchor, Content::Array(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                expect(core_tag(tag.as_ref())?, "map")?;
                let content = Content::Object {
                    members: Map::new(),
                    key: None,
                    merged: Vec::new(),
                };
                self.begin(anchor, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor),
            _ => Ok(()),
        }
    }

    /// Returns whether the next node is the key of a member.
    fn takes_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Frame {
                content: Content::Object { key: None, .. },
                ..
            })
        )
    }

    fn key(&mut self, new: Key) -> Result<(), String> {
        let Some(frame) = self.open.last_mut() else {
            return Ok(());
        };
        if let Content::Object { members, key, .. } = &mut frame.content {
            if let Key::Name(name) = &new {
                if members.contains_key(name) {
                    return Err(format!("the key {name:?} stands twice in one object"));
                }
                frame.size = frame.size.saturating_add(name.len());
            }
            *key = Some(new);
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, content: Content) -> Result<(), String> {
        if self.takes_key() {
            return Err("a key is a text, no array and no object".to_owned());
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!(
                "more than {MAX_DEPTH} arrays and objects lie inside each other"
            ));
        }
        self.open.push(Frame {
            anchor,
            size: 32,
            content,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        let value = match frame.content {
            Content::Array(items) => Value::Array(items),
            Content::Object {
                mut members,
                merged,
                ..
            } => {
                for (name, value) in merged.into_iter().flatten() {
                    members.entry(name).or_insert(value);
                }
                Value::Object(members)
            }
        };
        self.keep(frame.anchor, &value, frame.size)?;
        self.value(value, frame.size)
    }

    /// Keeps the value that an anchor names.
    fn keep(&mut self, anchor: usize, value: &Value, size: usize) -> Result<(), String> {
        if anchor != 0 {
            self.expand(size)?;
            let value = value.clone();
            self.anchors.insert(anchor, Anchored { value, size });
        }
        Ok(())
    }

    /// Counts a copy that is made for an anchor or an alias.
    fn expand(&mut self, size: usize) -> Result<(), String> {
        self.expanded = self.expanded.saturating_add(size);
        if self.expanded > MAX_EXPANSION {
            return Err(format!("aliases repeat more than {MAX_EXPANSION} bytes"));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize) -> Result<(), String> {
        // An anchor names its value once that has ended.
        let Some(size) = self.anchors.get(&anchor).map(|anchored| anchored.size) else {
            return Err("an alias stands inside the value that it repeats".to_owned());
        };
        self.expand(size)?;
        let value = self.anchors[&anchor].value.clone();
        if self.takes_key() {
            return match value {
                Value::String(name) => self.key(Key::Name(name)),
                _ => Err("a key is a text".to_owned()),
            };
        }
        if depth(&value) + self.open.len() > MAX_DEPTH {
            return Err(format!(
                "more than {MAX_DEPTH} arrays and objects lie inside each other"
            ));
        }
        self.value(value, size)
    }

    fn value(&mut self, value: Value, size: usize) -> Result<(), String> {
        let Some(frame) = self.open.last_mut() else {
            self.document = Some(value);
            return Ok(());
        };
        frame.size = frame.size.saturating_add(size);
        match &mut frame.content {
            Content::Array(items) => items.push(value),
            Content::Object {
                members,
                key,
                merged,
            } => match key.take() {
                Some(Key::Name(name)) => {
                    members.insert(name, value);
                }
                Some(Key::Merge) => merge(value, merged)?,
                None => {}
            },
        }
        Ok(())
    }
}

/// `<<` is no part of YAML 1.2's core schema, but contracts use it and no member of OpenAPI has that name.
fn merge(value: Value, merged: &mut Vec<Map<String, Value>>) -> Result<(), String> {
    let values = match value {
        Value::Array(values) => values,
        other => vec![other],
    };
    for value in values {
        match value {
            Value::Object(members) => merged.push(members),
            _ => return Err("`<<` merges objects only".to_owned()),
        }
    }
    Ok(())
}

fn depth(value: &Value) -> usize {
    let deepest =
        |values: &mut dyn Iterator<Item = &Value>| 1 + values.map(depth).max().unwrap_or(0);
    match value {
        Value::Array(items) => deepest(&mut items.iter()),
        Value::Object(members) => deepest(&mut members.values()),
        _ => 0,
    }
}

/// The tag's name in the core schema.
fn core_tag<'t>(tag: Option<&'t Cow<'_, Tag>>) -> Result<Option<&'t str>, String> {
    match tag {
        None => Ok(None),
        // The non-specific tag: what is not resolved is a text.
        Some(tag) if [tag.handle(), tag.suffix()].concat() == "!" => Ok(Some("str")),
        Some(tag) => tag.core_suffix().map(Some).ok_or_else(|| {
            "a tag of its own has no meaning in a contract; leave it out".to_owned()
        }),
    }
}

fn expect(tag: Option<&str>, kind: &str) -> Result<(), String> {
    match tag {
        Some(tag) if tag != kind && tag != "str" => {
            Err(format!("the tag `{tag}` does not belong to this value"))
        }
        _ => Ok(()),
    }
}
