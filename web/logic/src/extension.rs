//! How far access that is open can be extended.
use std::time::Duration;

use jitgate_core::Timestamp;
use jitgate_core::ledger::Prefixes;
use jitgate_core::model::duration::canonical;
use jitgate_core::model::{DurationText, Protocol};

use crate::quoted;

/// What gains less is none: the label would not change, and the clocks of two machines may differ by as much.
const LEAST: Duration = Duration::from_mins(1);
/// So much clocks may differ: closer to the longest time, that itself is asked for.
const SLACK: Duration = Duration::from_secs(2);

/// A rule of the policy for the port.
#[derive(Clone, Copy, Debug)]
pub struct Allows<'a> {
    /// For which protocol.
    pub protocol: Protocol,
    /// For whom; empty or `*` for everybody.
    pub sources: &'a [String],
    /// `maxRequestAccessDuration`, as in `PT3H`.
    pub longest: &'a str,
}

/// Access that is open.
#[derive(Clone, Copy, Debug)]
pub struct Granted<'a> {
    /// By which protocols; empty where that is not known.
    pub protocols: &'a [Protocol],
    /// For whom.
    pub sources: &'a [String],
    /// Since when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
}

/// What an extension comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extension {
    /// It is open until then.
    To {
        /// The new end.
        end: Timestamp,
        /// The member of the request that asks for it.
        asked: String,
    },
    /// So long the policy allows at a time, which would not end later.
    Longest(Duration),
    /// The policy allows it no more.
    NotAllowed,
}

impl Extension {
    /// What is open from `start` to `end`, for as long again as it was asked for, and no longer from now on than the rules behind it allow.
    #[must_use]
    pub fn of([start, end]: [Timestamp; 2], longest: Option<Duration>, now: Timestamp) -> Self {
        let Some(longest) = longest else { return Self::NotAllowed };
        let again = end.checked_add(end.since(start).unwrap_or_default());
        let most = now.checked_add(longest);
        let Some((again, most)) = again.zip(most) else { return Self::Longest(longest) };
        let is_whole = again.checked_add(SLACK).is_some_and(|again| again < most);
        let (new, asked) = if is_whole {
            (again, format!("\"endTimeUtc\":{}", quoted(&again.to_string())))
        } else {
            (most, format!("\"duration\":{}", quoted(&canonical(longest))))
        };
        match new.since(end) {
            Some(gain) if gain >= LEAST => Self::To { end: new, asked },
            _ => Self::Longest(longest),
        }
    }
}

impl Granted<'_> {
    /// The longest time for which all of it is granted anew: a request names no protocol, and what only some of the
    /// rules grant would end the access by the others.
    #[must_use]
    pub fn longest<'r>(&self, rules: impl Iterator<Item = Allows<'r>>) -> Option<Duration> {
        let sources = Prefixes::new(None, Some(self.sources)).nets();
        let mut own: Vec<(Protocol, Duration)> = Vec::new();
        for rule in rules {
            let allowed = Prefixes::new(None, Some(rule.sources)).nets();
            let is_in = |net| allowed.iter().any(|allowed| allowed.contains(net));
            if rule.sources.is_empty() || sources.iter().all(is_in) {
                own.push((rule.protocol, DurationText::parse(rule.longest).length()?));
            }
        }
        let longest = |protocol: Protocol| {
            let of = own.iter().filter(|(own, _)| own.overlaps(protocol));
            of.map(|(_, longest)| *longest).max()
        };
        let is_open = |protocol: &Protocol| self.protocols.iter().any(|own| own.overlaps(*protocol));
        let open: Vec<_> = [Protocol::Tcp, Protocol::Udp].into_iter().filter(is_open).map(longest).collect();
        if open.is_empty() {
            // Whichever may have granted it; of a policy that was changed since, any.
            let granted = self.end.since(self.start).unwrap_or_default();
            let all = || own.iter().map(|(_, longest)| *longest);
            return all().filter(|longest| *longest >= granted).min().or_else(|| all().min());
        }
        // None where one of them has none.
        open.into_iter().min().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-30T12:00:00Z";

    fn time(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn minutes(minutes: u64) -> Duration {
        Duration::from_mins(minutes)
    }

    /// Since so many minutes ago, for so many, and so many are allowed: until when, or what is said.
    #[test]
    fn as_long_again_and_no_longer_than_is_allowed() {
        let to = |end: &str, asked: &str| Extension::To { end: time(end), asked: asked.to_owned() };
        let cases = [
            // Of an hour half an hour is left.
            (30, 60, Some(180), to("2026-11-30T13:30:00Z", r#""endTimeUtc":"2026-11-30T13:30:00Z""#)),
            (0, 60, Some(180), to("2026-11-30T14:00:00Z", r#""endTimeUtc":"2026-11-30T14:00:00Z""#)),
            // The policy allows less than that, from now on.
            (30, 60, Some(60), to("2026-11-30T13:00:00Z", r#""duration":"PT1H""#)),
            (170, 180, Some(180), to("2026-11-30T15:00:00Z", r#""duration":"PT3H""#)),
            (0, 60, Some(120), to("2026-11-30T14:00:00Z", r#""duration":"PT2H""#)),
            // What was lowered since would end it sooner.
            (9, 480, Some(60), Extension::Longest(minutes(60))),
            // It was asked for just now, for as long as is allowed.
            (0, 180, Some(180), Extension::Longest(minutes(180))),
            (1, 180, Some(180), to("2026-11-30T15:00:00Z", r#""duration":"PT3H""#)),
            (30, 60, None, Extension::NotAllowed),
        ];
        for (ago, length, allowed, expected) in cases {
            let now = time(NOW);
            let start = time("2026-11-30T00:00:00Z").checked_add(minutes(720 - ago)).unwrap();
            let end = start.checked_add(minutes(length)).unwrap();
            let found = Extension::of([start, end], allowed.map(minutes), now);
            assert_eq!(found, expected, "{ago} {length} {allowed:?}");
        }
    }

    /// `TCP 10.0.0.0/8 PT3H`, several with commas.
    fn rules(text: &str) -> Vec<(Protocol, Vec<String>, String)> {
        let rule = |text: &str| {
            let mut words = text.trim().split(' ');
            let protocol = protocol(words.next().unwrap());
            let sources = words.next().unwrap().split('+').map(str::to_owned).collect();
            (protocol, sources, words.next().unwrap().to_owned())
        };
        text.split(',').map(rule).collect()
    }

    fn protocol(text: &str) -> Protocol {
        match text {
            "TCP" => Protocol::Tcp,
            "UDP" => Protocol::Udp,
            _ => Protocol::Any,
        }
    }

    #[test]
    fn the_rules_that_granted_it_say_how_long() {
        let two = "TCP 198.18.4.0/24 PT3H, UDP 127.0.0.0/8 PT1H";
        let both = "TCP * PT3H, UDP * PT1H";
        let cases = [
            (two, "UDP", "127.0.0.1", 30, Some(60)),
            (two, "TCP", "198.18.4.9", 30, Some(180)),
            (two, "TCP", "127.0.0.1", 30, None),
            // Both are open: the shorter one must not end.
            (both, "TCP UDP", "10.0.0.1", 30, Some(60)),
            (both, "TCP", "10.0.0.1", 120, Some(180)),
            (both, "*", "10.0.0.1", 30, Some(60)),
            ("* * PT3H", "TCP UDP", "10.0.0.1", 30, Some(180)),
            // Only one of them is allowed now.
            ("TCP * PT3H", "TCP UDP", "10.0.0.1", 30, None),
            ("TCP 10.0.0.0/25+10.0.0.128/25 PT3H", "TCP", "10.0.0.0/24", 30, Some(180)),
            ("TCP 10.0.0.0/25 PT3H", "TCP", "10.0.0.0/24", 30, None),
            ("TCP 10.0.0.0/8 PT3H", "TCP", "10.1.1.1+11.1.1.1", 30, None),
            ("TCP 10.0.0.0/8 PT3H", "TCP", "*", 30, None),
            ("TCP 0.0.0.0/0 PT3H", "TCP", "*", 30, Some(180)),
            // Nobody knows by which.
            (two, "", "127.0.0.1", 30, Some(60)),
            (both, "", "10.0.0.1", 30, Some(60)),
            (both, "", "10.0.0.1", 120, Some(180)),
            (both, "", "10.0.0.1", 480, Some(60)),
            ("TCP * soon", "TCP", "10.0.0.1", 30, None),
        ];
        for (text, protocols, sources, length, expected) in cases {
            let protocols: Vec<_> = protocols.split_whitespace().map(protocol).collect();
            let sources: Vec<_> = sources.split('+').map(str::to_owned).collect();
            let start = time(NOW);
            let end = start.checked_add(minutes(length)).unwrap();
            let granted = Granted { protocols: &protocols, sources: &sources, start, end };
            let rules = rules(text);
            let all = rules.iter().map(|(protocol, sources, longest)| Allows {
                protocol: *protocol,
                sources,
                longest,
            });
            assert_eq!(granted.longest(all), expected.map(minutes), "{text} {protocols:?} {sources:?}");
        }
    }
}
