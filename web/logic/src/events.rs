//! Server-sent events from the bytes of their stream, however those are cut (WHATWG HTML, 9.2.6).

/// What was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerEvent {
    /// The last id that was told, by this event or one before it: where to go on from. Empty where none was.
    pub id: String,
    /// Its lines of data.
    pub data: String,
}

/// A stream that is being read.
#[derive(Clone, Debug, Default)]
pub struct EventStream {
    /// The bytes of a line that has not ended yet.
    rest: Vec<u8>,
    id: String,
    data: Option<String>,
}

impl EventStream {
    /// Takes the next bytes; gives the events that end in them.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<ServerEvent> {
        let mut events = Vec::new();
        for byte in bytes {
            if *byte == b'\n' {
                let line = std::mem::take(&mut self.rest);
                events.extend(self.line(&line));
            } else {
                self.rest.push(*byte);
            }
        }
        events
    }

    /// An empty line ends an event; one without data is none.
    fn line(&mut self, line: &[u8]) -> Option<ServerEvent> {
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        if line.is_empty() {
            return self.data.take().map(|data| ServerEvent { id: self.id.clone(), data });
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match (field, &mut self.data) {
            ("id", _) => value.clone_into(&mut self.id),
            ("data", None) => self.data = Some(value.to_owned()),
            ("data", Some(data)) => {
                data.push('\n');
                data.push_str(value);
            }
            // A comment, which keeps the connection open, or what nobody here asks for.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STREAM: &str = ": hello\n\nid: 7\nevent: policyPut\ndata: {\"a\":1}\n\n:\n\nid: 8\r\ndata: one\r\ndata: two\r\n\r\n\
                          data:ä\n\nid: 9\n\ndata: cut off";

    fn expected() -> Vec<ServerEvent> {
        let event = |id: &str, data: &str| ServerEvent { id: id.to_owned(), data: data.to_owned() };
        vec![event("7", "{\"a\":1}"), event("8", "one\ntwo"), event("8", "ä")]
    }

    #[test]
    fn events_end_with_an_empty_line() {
        assert_eq!(EventStream::default().take(STREAM.as_bytes()), expected());
    }

    #[test]
    fn an_id_alone_is_no_event_but_is_kept() {
        let mut stream = EventStream::default();
        assert_eq!(stream.take(b"id: 9\n\n"), []);
        assert_eq!(stream.take(b"data: x\n\n").first().map(|event| event.id.clone()), Some("9".to_owned()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_does_not_matter_how_the_bytes_are_cut(cuts in prop::collection::vec(1_usize..9, 1..80)) {
            let (mut stream, mut rest, mut events) = (EventStream::default(), STREAM.as_bytes(), Vec::new());
            for cut in cuts.into_iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (first, more) = rest.split_at(cut.min(rest.len()));
                events.extend(stream.take(first));
                rest = more;
            }
            prop_assert_eq!(events, expected());
        }
    }
}
