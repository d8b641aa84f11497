//! Lines of JSON, in which the fields of the spans are members of the line itself.
//!
//! `tracing-subscriber` would write them as an object or as a list of objects, so that whoever searches for the id of a
//! request had to look at two levels. It would also check each piece of a line for UTF-8, which costs more than the line.

use std::fmt::{self, Debug, Display, Write as _};

use gatekeeper::SPAN_TARGET;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// Formats events as lines.
pub(super) struct Lines;

impl<S> FormatEvent<S, Members> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, Members>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        // Records of the crate `log` have their target among their fields.
        let normalized = event.normalized_metadata();
        let metadata = normalized.as_ref().unwrap_or_else(|| event.metadata());
        let mut line = String::with_capacity(512);
        line.push_str("{\"timestamp\":\"");
        SystemTime.format_time(&mut Writer::new(&mut line))?;
        line.push('"');
        member(&mut line, "level", metadata.level())?;
        let mut members = MemberVisitor {
            writer: &mut line,
            outcome: Ok(()),
        };
        event.record(&mut members);
        members.outcome?;
        member(&mut line, "target", metadata.target())?;
        let mut has_request = false;
        for span in context.event_scope().into_iter().flatten() {
            has_request |= span.metadata().target() == SPAN_TARGET;
            if let Some(members) = span.extensions().get::<FormattedFields<Members>>() {
                line.push_str(members);
            }
        }
        if let Some(request) = gatekeeper::current_request().filter(|_| !has_request) {
            member(&mut line, "request_id", request.id())?;
            member(&mut line, "operation", request.operation())?;
            if let Some(user) = request.user() {
                member(&mut line, "user", user)?;
            }
            if let Some(trace) = request.trace_id() {
                member(&mut line, "trace_id", trace)?;
            }
        }
        line.push_str("}\n");
        writer.write_str(&line)
    }
}

/// Adds a member that is a text.
fn member(line: &mut String, name: &str, value: impl Display) -> fmt::Result {
    for part in [",\"", name, "\":\""] {
        line.push_str(part);
    }
    write!(Escaped(line), "{value}")?;
    line.write_char('"')
}

/// Formats the fields of a span as members of an object, each behind a comma.
pub(super) struct Members;

impl<'w> FormatFields<'w> for Members {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        // Enough for a request: what is kept of it is allocated once, and not enlarged with each member.
        let mut text = String::with_capacity(160);
        let mut members = MemberVisitor {
            writer: &mut text,
            outcome: Ok(()),
        };
        fields.record(&mut members);
        members.outcome?;
        writer.write_str(&text)
    }
}

struct MemberVisitor<'v> {
    writer: &'v mut String,
    outcome: fmt::Result,
}

impl MemberVisitor<'_> {
    fn literal(&mut self, field: &Field, value: impl Display) {
        self.outcome = self
            .outcome
            .and_then(|()| write!(self.writer, ",\"{}\":{value}", field.name()));
    }

    fn text(&mut self, field: &Field, value: impl Display) {
        self.outcome = self
            .outcome
            .and_then(|()| member(self.writer, field.name(), value));
    }
}

impl Visit for MemberVisitor<'_> {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.literal(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.literal(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.literal(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.text(field, format_args!("{value:?}"));
    }
}

/// Escapes a text for a JSON string (RFC 8259, section 7) while it is formatted. Every request has a span, so nothing is
/// allocated for it.
struct Escaped<'e>(&'e mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let is_special = |byte: u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        // To the end also when a byte is special: without an early end the loop takes sixteen bytes at a time.
        if !text
            .bytes()
            .fold(false, |found, byte| found | is_special(byte))
        {
            return self.0.write_str(text);
        }
        let mut rest = text;
        while let Some(at) = rest.find(|char| matches!(char, '"' | '\\' | '\0'..='\x1f')) {
            let (plain, special) = rest.split_at(at);
            self.0.write_str(plain)?;
            let mut chars = special.chars();
            let code = chars.next().map_or(0, u32::from);
            write!(self.0, "\\u{code:04x}")?;
            rest = chars.as_str();
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing::field;

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(log: impl FnOnce()) -> Vec<Value> {
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(Members)
            .event_format(Lines)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let text = String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn fields_of_spans_are_members_of_each_line() {
        let lines = lines(|| {
            let span = tracing::error_span!("request", id = %"a \"b\"\n\\", count = 3, user = field::Empty);
            let _entered = span.enter();
            tracing::info!(detail = "first", "nobody yet");
            span.record("user", field::display("luke"));
            tracing::warn!("somebody");
        });
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["message"], "nobody yet");
        assert_eq!(lines[0]["detail"], "first");
        assert_eq!(lines[0]["user"], Value::Null);
        for line in &lines {
            assert_eq!(
                (&line["id"], &line["count"]),
                (&"a \"b\"\n\\".into(), &3.into())
            );
        }
        assert_eq!(lines[1]["user"], "luke");
        assert_eq!(lines[1]["level"], "WARN");
    }

    #[test]
    fn a_line_without_a_span_is_as_it_was() {
        let lines = lines(|| tracing::info!("alone"));
        let names: Vec<_> = lines[0].as_object().unwrap().keys().collect();
        assert_eq!(names, ["timestamp", "level", "message", "target"]);
    }
}
