//! Server-sent events (`text/event-stream`, WHATWG HTML section 9.2).

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};
use futures_core::Stream;
use serde::Serialize;
use std::{
    error::Error,
    fmt::{self, Write as _},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// One event, or a comment, of an [`EventStream`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    comment: Option<String>,
    name: Option<String>,
    id: Option<String>,
    retry: Option<Duration>,
    data: Option<String>,
}

impl Event {
    /// Creates an event with this text, of any number of lines.
    #[must_use]
    pub fn data(text: impl Into<String>) -> Self {
        Self {
            data: Some(text.into()),
            ..Self::default()
        }
    }

    /// Creates an event whose text is JSON.
    ///
    /// # Errors
    /// The value has no form in JSON.
    pub fn json(value: &impl Serialize) -> serde_json::Result<Self> {
        Ok(Self::data(serde_json::to_string(value)?))
    }

    /// Creates a comment, which clients pass over.
    #[must_use]
    pub fn comment(text: impl Into<String>) -> Self {
        Self {
            comment: Some(text.into()),
            ..Self::default()
        }
    }

    /// Names the kind of the event (field `event`); clients take it as `message` unless told. Line breaks become blanks.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the id, which a client that connects again sends as `Last-Event-ID`. Line breaks become blanks.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the time after which a client that was cut off connects again.
    #[must_use]
    pub fn retry(mut self, after: Duration) -> Self {
        self.retry = Some(after);
        self
    }

    fn encode(&self) -> Bytes {
        let mut text = String::new();
        for line in self.comment.iter().flat_map(|comment| lines(comment)) {
            line_of(&mut text, "", line);
        }
        for (field, value) in [("event", &self.name), ("id", &self.id)] {
            if let Some(value) = value {
                line_of(&mut text, field, &value.replace(['\r', '\n', '\0'], " "));
            }
        }
        if let Some(after) = self.retry {
            line_of(&mut text, "retry", &after.as_millis().to_string());
        }
        for line in self.data.iter().flat_map(|data| lines(data)) {
            line_of(&mut text, "data", line);
        }
        text.push('\n');
        text.into()
    }
}

/// Section 9.2.6: a line ends in `\r\n`, `\n` or `\r`.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else {
            return rest.take();
        };
        let (line, after) = text.split_at(end);
        let breaks = if after.starts_with("\r\n") { 2 } else { 1 };
        rest = after.get(breaks..);
        Some(line)
    })
}

fn line_of(text: &mut String, field: &str, value: &str) {
    // Writing to a string never fails.
    let _ = writeln!(text, "{field}: {value}");
}

type Events = Pin<Box<dyn Stream<Item = Result<Event, Box<dyn Error>>>>>;

/// A body of events, sent as they come.
///
/// A client may connect again with `Last-Event-ID` when the stream ends or fails; [`ReplyStream`](crate::ReplyStream) says
/// how it fails.
pub struct EventStream {
    events: Events,
    heartbeat: Option<Duration>,
}

impl EventStream {
    /// Takes the events.
    #[must_use]
    pub fn new<S, E>(events: S) -> Self
    where
        S: Stream<Item = Result<Event, E>> + 'static,
        E: Into<Box<dyn Error>> + 'static,
    {
        Self {
            events: Box::pin(Untyped(Box::pin(events))),
            heartbeat: None,
        }
    }

    /// Sends an empty comment whenever there was no event for so long: proxies close connections on which nothing moves,
    /// and a client that is gone is noticed by it.
    #[must_use]
    pub fn heartbeat(mut self, every: Duration) -> Self {
        // A timer has no period of zero.
        self.heartbeat = Some(every.max(Duration::from_millis(1)));
        self
    }

    /// Makes the body; its clock starts here.
    pub(super) fn into_body(self) -> impl MessageBody + use<> {
        let heartbeat = self.heartbeat.map(|every| {
            let mut heartbeat = interval(every);
            heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            heartbeat.reset();
            heartbeat
        });
        Encoder {
            events: self.events,
            heartbeat,
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("heartbeat", &self.heartbeat)
            .finish_non_exhaustive()
    }
}

/// Events whose errors are of any type.
struct Untyped<S>(Pin<Box<S>>);

impl<S, E> Stream for Untyped<S>
where
    S: Stream<Item = Result<Event, E>>,
    E: Into<Box<dyn Error>>,
{
    type Item = Result<Event, Box<dyn Error>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let event = self.0.as_mut().poll_next(context);
        event.map(|event| Some(event?.map_err(Into::into)))
    }
}

struct Encoder {
    events: Events,
    heartbeat: Option<Interval>,
}

impl MessageBody for Encoder {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let Self { events, heartbeat } = &mut *self;
        if let Poll::Ready(event) = events.as_mut().poll_next(context) {
            if let Some(heartbeat) = heartbeat {
                heartbeat.reset();
            }
            return Poll::Ready(event.map(|event| Ok(event?.encode())));
        }
        if let Some(heartbeat) = heartbeat
            && heartbeat.poll_tick(context).is_ready()
        {
            return Poll::Ready(Some(Ok(Bytes::from_static(b":\n\n"))));
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(event: &Event) -> String {
        String::from_utf8(event.encode().to_vec()).unwrap()
    }

    #[test]
    fn fields_are_lines_and_an_empty_line_ends_the_event() {
        let event = Event::data("a\nb\r\nc\rd")
            .named("film")
            .id("7")
            .retry(Duration::from_secs(2));
        assert_eq!(
            encoded(&event),
            "event: film\nid: 7\nretry: 2000\ndata: a\ndata: b\ndata: c\ndata: d\n\n"
        );
        assert_eq!(
            encoded(&Event::comment("still\nhere")),
            ": still\n: here\n\n"
        );
        assert_eq!(encoded(&Event::data("")), "data: \n\n");
        let json = Event::json(&serde_json::json!({"a": "b\n"})).unwrap();
        assert_eq!(encoded(&json), "data: {\"a\":\"b\\n\"}\n\n");
    }

    #[test]
    fn no_value_begins_a_field_of_its_own() {
        let event = Event::data("a\n\nid: 8")
            .named("a\ndata: b")
            .id("7\r\n\r\ndata: c\0");
        assert_eq!(
            encoded(&event),
            "event: a data: b\nid: 7    data: c \ndata: a\ndata: \ndata: id: 8\n\n"
        );
    }
}
