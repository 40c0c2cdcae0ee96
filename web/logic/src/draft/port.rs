//! A port of a policy as a form has it: what the user typed, and not what it may mean.
use std::time::Duration;

use jitgate_core::model::duration::{DurationText, canonical};
use jitgate_core::order;
use jitgate_local::Json;

use crate::{array, object, quoted};

/// The ports that are recommended, and what listens there.
pub const SERVICES: [(&str, &str); 4] =
    [("22", "SSH"), ("3389", "RDP"), ("5985", "WinRM"), ("5986", "WinRM")];

/// What usually listens on a port; empty where nothing is usual.
pub fn service(number: &str) -> &'static str {
    SERVICES.iter().find(|(own, _)| *own == number).map_or("", |(_, name)| name)
}

/// What a maximum request time is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    #[default]
    /// Hours.
    Hours,
    /// Minutes.
    Minutes,
}

impl Unit {
    /// Its name, of several.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Minutes => "minutes",
        }
    }
}

/// A port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortValue {
    /// The port, as typed.
    pub number: String,
    /// As the API has it: `*`, `TCP`, `UDP`.
    pub protocol: String,
    /// The request names the sources.
    pub per_request: bool,
    /// CIDR blocks with commas, where the policy names them.
    pub blocks: String,
    /// The maximum request time: a number of the unit, or ISO 8601.
    pub time: String,
    /// What `time` is counted in.
    pub unit: Unit,
}

impl PortValue {
    /// Azure's defaults for a port.
    pub fn usual(number: &str) -> Self {
        Self {
            number: number.to_owned(),
            protocol: "*".to_owned(),
            per_request: true,
            time: "3".to_owned(),
            ..Self::default()
        }
    }

    /// As a policy has it.
    pub fn read(json: Json) -> Self {
        let number = json.get("number");
        let sources = match json.get("allowedSourceAddressPrefix").text() {
            Some(one) => vec![one.into_owned()],
            None => json.get("allowedSourceAddressPrefixes").strings(),
        };
        let per_request = sources.iter().any(|source| source == "*");
        let (time, unit) = time(&json.get("maxRequestAccessDuration").string());
        Self {
            number: number.text().map_or_else(|| number.raw().to_owned(), std::borrow::Cow::into_owned),
            protocol: json.get("protocol").string(),
            per_request,
            blocks: if per_request { String::new() } else { sources.join(", ") },
            time,
            unit,
        }
    }

    /// The blocks, one by one.
    pub fn sources(&self) -> Vec<String> {
        if self.per_request { vec!["*".to_owned()] } else { blocks(&self.blocks) }
    }

    /// As the API takes it. What cannot be meant is written as it is, so that the core can say what is wrong with it.
    pub fn json(&self) -> String {
        let sources: Vec<_> = self.sources().iter().map(|source| quoted(source)).collect();
        let (one, several) = match sources.as_slice() {
            [one] => (one.clone(), String::new()),
            all => (String::new(), array(all)),
        };
        object(&[
            ("number", number(&self.number)),
            ("protocol", quoted(&self.protocol)),
            ("allowedSourceAddressPrefix", one),
            ("allowedSourceAddressPrefixes", several),
            ("maxRequestAccessDuration", iso(&self.time, self.unit)),
        ])
    }

    /// What it means, in a form that does not depend on how it is written.
    pub fn meaning(&self) -> (String, String, Vec<String>, String) {
        let mut sources = self.sources();
        order::sort_by(&mut sources, Ord::cmp);
        (self.number.trim().to_owned(), self.protocol.clone(), sources, iso(&self.time, self.unit))
    }

    /// `Any`, `TCP`, `UDP`.
    pub fn protocol_word(&self) -> &str {
        if self.protocol == "*" { "Any" } else { &self.protocol }
    }

    /// `Per request`, or the blocks.
    pub fn sources_words(&self) -> String {
        if self.per_request { "Per request".to_owned() } else { self.blocks.clone() }
    }

    /// `3 hours`.
    pub fn time_words(&self) -> String {
        counted(&self.time, self.unit)
    }

    /// `22 Any, Per request, 3 hours`.
    pub fn words(&self) -> String {
        format!("{} {}, {}, {}", self.number, self.protocol_word(), self.sources_words(), self.time_words())
    }
}

/// `PT3H` as forms tell it: `3 hours`; what cannot be read stays as it is.
pub fn time_words(text: &str) -> String {
    if DurationText::parse(text).length().is_none() {
        return text.to_owned();
    }
    let (time, unit) = time(text);
    counted(&time, unit)
}

fn counted(time: &str, unit: Unit) -> String {
    match (time, unit) {
        ("1", Unit::Hours) => "1 hour".to_owned(),
        ("1", Unit::Minutes) => "1 minute".to_owned(),
        // What is no whole number of either is told as it is written.
        (time, unit) if length(time, unit).is_none() => time.to_owned(),
        (time, unit) => format!("{time} {}", unit.word()),
    }
}

/// Blocks with commas between them, or line breaks where they were pasted.
pub fn blocks(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A number where it is one, else a string; nothing for nothing.
fn number(text: &str) -> String {
    let text = text.trim();
    let digits = !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(number) if digits => number.to_string(),
        _ if text.is_empty() => String::new(),
        _ => quoted(text),
    }
}

/// How long a number of units is, to the second; none where it is no number. Reading it as a floating-point number would
/// take 10 KB of tables.
pub fn length(time: &str, unit: Unit) -> Option<Duration> {
    let seconds: u64 = match unit {
        Unit::Hours => 3600,
        Unit::Minutes => 60,
    };
    // Half of the world writes a comma.
    let (whole, part) = time.trim().split_once(['.', ',']).unwrap_or((time.trim(), ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let number = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse::<u64>().ok() };
    // Of a part of an hour, no more digits tell.
    let part = part.get(..9).unwrap_or(part);
    let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let rest = number(part)?.checked_mul(seconds)?.checked_add(scale.div_euclid(2))?.checked_div(scale)?;
    Some(Duration::from_secs(number(whole)?.checked_mul(seconds)?.checked_add(rest)?))
}

/// ISO 8601 as the service writes it, as a JSON string; nothing for nothing.
pub fn iso(time: &str, unit: Unit) -> String {
    match length(time, unit) {
        Some(length) => quoted(&canonical(length)),
        None if time.trim().is_empty() => String::new(),
        None => quoted(time.trim()),
    }
}

/// A number and its unit from ISO 8601; what cannot be read stays as it is.
fn time(text: &str) -> (String, Unit) {
    let Some(length) = DurationText::parse(text).length() else { return (text.to_owned(), Unit::Hours) };
    let seconds = length.as_secs();
    let is_whole = length.subsec_nanos() == 0;
    if is_whole && seconds > 0 && seconds.is_multiple_of(3600) {
        (seconds.div_euclid(3600).to_string(), Unit::Hours)
    } else if is_whole && seconds.is_multiple_of(60) {
        (seconds.div_euclid(60).to_string(), Unit::Minutes)
    } else {
        (text.to_owned(), Unit::Hours)
    }
}

/// A longest time from ISO 8601 as a whole number of its unit, rounded down: of hours where it is one, else of minutes.
pub fn longest(text: &str) -> (u64, Unit) {
    let minutes = DurationText::parse(text).length().unwrap_or_default().as_secs().div_euclid(60);
    if minutes > 0 && minutes.is_multiple_of(60) {
        (minutes.div_euclid(60), Unit::Hours)
    } else {
        (minutes, Unit::Minutes)
    }
}

/// ISO 8601 as a number of units; what is no whole number of them stays as it is.
pub fn plain_time(text: &str, unit: Unit) -> String {
    match (time(text), unit) {
        ((number, own), _) if own == unit => number,
        ((number, Unit::Hours), Unit::Minutes) => match number.parse::<u64>() {
            Ok(hours) => hours.saturating_mul(60).to_string(),
            Err(_) => number,
        },
        _ => text.to_owned(),
    }
}
