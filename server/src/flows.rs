//! `jitgate reach --flows`: a question a line, an answer a line, as many as there are.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::net::IpAddr;
use std::path::Path;

use jitgate_core::preview::Watch;
use jitgate_core::{Timestamp, wire};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::args::FlowProtocol;
use crate::outcome::Outcome;
use crate::reach::Question;

/// A line: `{"machine","from","port","protocol"?,"sourcePort"?,"to"?,"now"?}`. A member of another name is most
/// likely a misspelling, which would change the question.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Line<'a> {
    #[serde(borrow)]
    machine: Cow<'a, str>,
    from: IpAddr,
    #[serde(default, deserialize_with = "port")]
    port: Option<u16>,
    #[serde(borrow)]
    protocol: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "port")]
    source_port: Option<u16>,
    to: Option<IpAddr>,
    #[serde(borrow)]
    now: Option<Cow<'a, str>>,
}

/// A port as a number, or as text, as many logs have it.
fn port<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a port is a whole number from 0 to 65535")]
    enum Port<'a> {
        Number(u16),
        #[serde(borrow)]
        Text(Cow<'a, str>),
    }
    match Option::<Port>::deserialize(from)? {
        None => Ok(None),
        Some(Port::Number(number)) => Ok(Some(number)),
        Some(Port::Text(text)) => match text.trim().parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(D::Error::custom("a port is a whole number from 0 to 65535")),
        },
    }
}

/// Answers every line. One that cannot be answered gets `{"error": "…"}`, and the rest goes on.
pub fn run(file: &Path, watch: &Watch, now: Timestamp) -> Outcome {
    let answered = if file.as_os_str() == "-" {
        answer_all(BufReader::new(io::stdin().lock()), watch, now)
    } else {
        match File::open(file) {
            Ok(file) => answer_all(BufReader::with_capacity(1 << 16, file), watch, now),
            Err(error) => {
                return Outcome::failure(format!("`{}` cannot be read: {error}", file.display()));
            }
        }
    };
    let mut outcome = Outcome::default();
    match answered {
        Ok((_, 0)) => {}
        Ok((lines, failed)) => outcome.fail(format!("{failed} of {lines} lines could not be answered")),
        // A reader that has gone away (`| head`) has seen what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => {
            outcome.fail(format!("the flows cannot be read, or the answers cannot be written: {error}"));
        }
    }
    outcome
}

/// How many lines there were, and how many of them could not be answered.
fn answer_all(mut input: BufReader<impl Read>, watch: &Watch, now: Timestamp) -> io::Result<(u64, u64)> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let (mut lines, mut failed) = (0_u64, 0_u64);
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        lines = lines.saturating_add(1);
        let answer = answer(&line, watch, now).unwrap_or_else(|problem| {
            failed = failed.saturating_add(1);
            serde_json::json!({ "error": problem }).to_string()
        });
        out.write_all(answer.as_bytes())?;
        out.write_all(b"\n")?;
        // Whoever waits for an answer before the next question gets it.
        if input.buffer().is_empty() {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok((lines, failed))
}

fn answer(line: &[u8], watch: &Watch, now: Timestamp) -> Result<String, String> {
    let line: Line = serde_json::from_slice(line).map_err(|error| unread(&error))?;
    let now = match &line.now {
        Some(text) => Timestamp::parse(text)
            .ok_or_else(|| format!("`now` is no time in RFC 3339 with its zone: `{text}`"))?,
        None => now,
    };
    let protocol = line.protocol.as_deref().map_or(Ok(FlowProtocol::Tcp), protocol)?;
    let engine = watch.at(now);
    let question = Question {
        machine: &line.machine,
        from: line.from,
        port: line.port,
        protocol,
        source_port: line.source_port,
        to: line.to,
    };
    let flow = question.flow(engine)?;
    Ok(wire::reach(engine, &engine.reach(&flow)))
}

/// What is wrong with a line that is none. It has no line number, since the answers stand in the questions' order.
fn unread(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    let form = r#"`{"machine","from","port","protocol","sourcePort","to","now"}`"#;
    format!("this is no question of the form {form}: {what} (column {})", error.column())
}

fn protocol(word: &str) -> Result<FlowProtocol, String> {
    let known = [("tcp", FlowProtocol::Tcp), ("udp", FlowProtocol::Udp), ("icmp", FlowProtocol::Icmp)];
    let found = known.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
    found
        .map(|(_, protocol)| protocol)
        .ok_or_else(|| format!("`protocol` is `tcp`, `udp` or `icmp`, not `{word}`"))
}
