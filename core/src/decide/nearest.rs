//! The request nearest to a refused one that would be granted now: what may stay stays as it is, a source
//! shrinks to what is allowed, a window to its maximum, and what cannot be granted at all is left out.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use ipnet::{Ipv4Net, Ipv4Subnets};

use super::judge::{Ask, caller, certain, contains, intersection, unknown_source};
use super::rules::Allowed;
use super::{Context, MachineBody, Nearest, PortBody, RequestBody, Until};
use crate::blocks::aggregate;
use crate::format::format;
use crate::json::Tape;
use crate::model::duration::{canonical, words as of_length, words_over};
use crate::model::source_text::mapped;
use crate::model::{
    Field, MachineId, OddSource, Request, RequestPort, SourceText, TimeFault, TimeText, Timestamp,
};
use crate::names::Names;
use crate::part;
use crate::rules::time::guess::{LEAST, length, time};
use crate::rules::time::spelling::utc;
use crate::rules::words;

/// So many sources of a port are named that were only written in another way.
const MOST_RESPELT: usize = 8;

/// The nearest request; none where none would be granted.
pub(super) fn nearest(request: &Request, asks: &[Ask], context: &Context, tape: &Tape) -> Option<Nearest> {
    let mut machines: Vec<MachineBody> = Vec::new();
    let mut opened = Names::of_any_case(0);
    let mut changes = Vec::new();
    // What may stay as it is comes before what shrinks.
    let mut whole = Names::of_any_case(0);
    for ask in asks.iter().filter(|ask| ask.refusals.is_empty() && !ask.grants.is_empty()) {
        if let Some((id, port)) = asked(ask) {
            whole.insert(id.text(), port, ());
        }
    }
    for ask in asks {
        let Some(id) = ask.machine.id.get().and_then(|id| id.machine()) else {
            changes.push("a machine that is not known: left out".to_string());
            continue;
        };
        let Some(port) = ask.port.number.get().and_then(|number| number.port()) else {
            changes.push(format!("{}: a port that is not known left out", name(id)));
            continue;
        };
        let label = format!("{} port {port}", name(id));
        // A port asked for twice can be opened once.
        if opened.get(id.text(), port).is_some()
            || (!ask.refusals.is_empty() && whole.get(id.text(), port).is_some())
        {
            changes.push(format!("{label}: left out, because it is asked for twice"));
            continue;
        }
        match port_body(ask, port, &label, context, tape, &mut changes) {
            Some(body) => {
                opened.insert(id.text(), port, ());
                match machines.last_mut() {
                    Some(last) if last.id == id.text() => last.ports.push(body),
                    _ => machines.push(MachineBody { id: id.text().to_string(), ports: alloc::vec![body] }),
                }
            }
            None => changes.push(format!("{label}: left out")),
        }
    }
    if machines.is_empty() {
        return None;
    }
    if let Field::Unknown(_) = request.machine_list {
        changes.push("a machine that is not known: left out".to_string());
    }
    for machine in &request.machines {
        if let (Field::Unknown(_), Some(id)) =
            (machine.port_list, machine.id.get().and_then(|id| id.machine()))
        {
            changes.push(format!("{}: a port that is not known left out", name(id)));
        }
    }
    if let Field::Unknown(_) = request.justification {
        changes.push("the justification is not known: left out".to_string());
    }
    if changes.is_empty() {
        changes.push("the same, with its mistakes mended".to_string());
    }
    let justification = request.justification.get().map(ToString::to_string);
    Some(Nearest { body: RequestBody { machines, justification }, changes })
}

/// The machine and the port that are asked for, where both are known.
fn asked<'r>(ask: &Ask<'r>) -> Option<(&'r MachineId<'r>, u16)> {
    Some((ask.machine.id.get()?.machine()?, ask.port.number.get()?.port()?))
}

/// Names stand in lines of text: nothing in them may break one.
fn name(id: &MachineId) -> String {
    words::plain(id.name())
}

fn port_body(
    ask: &Ask,
    number: u16,
    label: &str,
    context: &Context,
    tape: &Tape,
    changes: &mut Vec<String>,
) -> Option<PortBody> {
    let allowed = ask.allowed.as_ref()?;
    let (sources, source_change) = sources(ask.port, allowed, context, tape)?;
    let (until, until_change) = until(ask.port, allowed.most, context, tape);
    for change in [source_change, until_change].into_iter().flatten() {
        changes.push(format!("{label}: {change}"));
    }
    Some(PortBody { number, sources, until })
}

/// True where some source may stay.
pub(super) fn some_source(port: &RequestPort, allowed: &Allowed, context: &Context, tape: &Tape) -> bool {
    let has_some = |net| intersection(&allowed.sources, net).next().is_some();
    let mut asked =
        port.sources.given().flat_map(|(text, node)| meant(text, &tape.string(node).unwrap_or_default()));
    own(allowed, context).is_some() || (!port.sources.says_nothing() && asked.any(has_some))
}

/// Rules with more sources are not compared: that is done for every port that is asked for.
const MOST_COMPARED: usize = 64;

/// True where of two rules the second would let the request have all that the first would, and more.
pub(super) fn gives_more(
    port: &RequestPort,
    first: &Allowed,
    second: &Allowed,
    context: &Context,
    tape: &Tape,
) -> bool {
    if first.sources.len().max(second.sources.len()) > MOST_COMPARED {
        return false;
    }
    let stays = |allowed| sources(port, allowed, context, tape).map(|(nets, _)| nets).unwrap_or_default();
    let (before, now) = (stays(first), stays(second));
    let longer = second.most.cmp(&first.most);
    longer.is_ge() && before.iter().all(|&net| contains(&now, net)) && (longer.is_gt() || before != now)
}

/// The caller's address, where it is allowed.
fn own(allowed: &Allowed, context: &Context) -> Option<Ipv4Net> {
    caller(context).map(Ipv4Net::from).filter(|&own| contains(&allowed.sources, own))
}

/// The sources that may stay. The caller's own address comes before a part of a block: a person who asked
/// for more than is allowed most likely needs no more than that.
fn sources(
    port: &RequestPort,
    allowed: &Allowed,
    context: &Context,
    tape: &Tape,
) -> Option<(Vec<Ipv4Net>, Option<String>)> {
    let own = own(allowed, context);
    let mut all_told = unknown_source(&port.sources).is_none();
    let mut asked: Vec<Ipv4Net> = Vec::new();
    for (text, node) in port.sources.given() {
        let meant = meant(text, &tape.string(node).unwrap_or_default());
        all_told &= !meant.is_empty();
        asked.extend(meant);
    }
    let as_asked = all_told && asked.iter().all(|&net| contains(&allowed.sources, net));
    if port.sources.says_nothing() {
        return own.map(|own| (alloc::vec![own], None));
    }
    if as_asked && !asked.is_empty() {
        let mut odd =
            port.sources.given().filter(|(text, _)| !matches!(text, SourceText::Any | SourceText::Net(_)));
        let respelt = odd.by_ref().take(MOST_RESPELT).map(|(text, node)| {
            let written = tape.string(node).unwrap_or_default();
            format!("{} → {}", words::plain(&written), words::nets(&meant(text, &written)))
        });
        let mut respelt: Vec<String> = respelt.collect();
        let more = odd.count();
        if more > 0 {
            respelt.push(format!("{more} more as the API has them"));
        }
        return Some((aggregate(&asked), joined(&respelt)));
    }
    // Each address once: both may be long.
    let once = aggregate(&asked);
    let parts: Vec<_> = once.iter().flat_map(|&net| intersection(&allowed.sources, net)).collect();
    let parts = aggregate(&parts);
    let nearest = match own {
        Some(own) if parts.is_empty() || contains(&parts, own) => alloc::vec![own],
        _ => parts,
    };
    if nearest.is_empty() {
        return None;
    }
    let before = if all_told && !asked.is_empty() { words::nets(&asked) } else { "source".to_string() };
    let change = format!("{before} → {}", words::nets(&nearest));
    Some((nearest, Some(change)))
}

/// The blocks that a source certainly means, though the service may not take it as it is written.
fn meant(text: SourceText, written: &str) -> Vec<Ipv4Net> {
    match text {
        SourceText::Odd(OddSource::Mask(net)) => alloc::vec![net.trunc()],
        SourceText::Odd(OddSource::Range(first, last)) => Ipv4Subnets::new(first, last, 0).collect(),
        SourceText::Odd(OddSource::List) => {
            let parts = SourceText::parts(written).map(|part| certain(SourceText::parse(part)));
            parts.collect::<Option<_>>().unwrap_or_default()
        }
        SourceText::Odd(OddSource::Ipv6) => mapped(written).iter().map(Ipv4Net::trunc).collect(),
        _ => certain(text).into_iter().collect(),
    }
}

/// The end that may stay, as it is written; otherwise the longest window.
fn until(port: &RequestPort, most: Duration, context: &Context, tape: &Tape) -> (Until, Option<String>) {
    let longest = || Until::Duration(canonical(most));
    if let Some((text, node)) = port.duration.given() {
        // What is no duration for the service, but surely means one.
        let guessed = || length(&tape.string(node)?).filter(|length| (LEAST..=most).contains(length));
        if let Some(length) = text.length() {
            let stays = if length.is_zero() { LEAST } else { length.min(most) };
            let mut changes = Vec::new();
            if stays != length {
                changes.push(format!("{} → {}", words_over(length, most), of_length(stays)));
            }
            if !port.end.is_none() {
                changes.push("`endTimeUtc` left out".to_string());
            }
            return (Until::Duration(canonical(stays)), joined(&changes));
        } else if let Some(length) = guessed() {
            return (Until::Duration(canonical(length)), Some(format!("for {}", of_length(length))));
        }
    }
    let Some((text, node)) = port.end.given() else {
        return (longest(), Some(format!("for {}", of_length(most))));
    };
    let meant = time_meant(*text, &tape.string(node).unwrap_or_default());
    match meant.and_then(|end| Some((end, end.since(context.now)?))) {
        Some((end, asked)) if asked > Duration::ZERO && asked <= most => {
            let written = port.end_text.get().filter(|_| text.time().is_some());
            let mut changes = Vec::new();
            if written.is_none() {
                changes.push(format!("end → {}", utc(end)));
            }
            if !port.duration.is_none() {
                changes.push("`duration` left out".to_string());
            }
            (Until::End(written.map_or_else(|| utc(end), ToString::to_string)), joined(&changes))
        }
        Some((_, asked)) if asked > most => {
            let end = context.now.checked_add(most);
            let change = format!("{} → {}", words_over(asked, most), of_length(most));
            (end.map_or_else(longest, |end| Until::End(utc(end))), Some(change))
        }
        _ if text.time().is_some() => {
            (longest(), Some(format!("end in the past → {} from now", of_length(most))))
        }
        _ => (longest(), Some(format!("for {}", of_length(most)))),
    }
}

/// The instant that an end most likely means: its member's name says UTC.
fn time_meant(text: TimeText, written: &str) -> Option<Timestamp> {
    match text {
        TimeText::Odd(TimeFault::NoZone(utc)) => Some(utc),
        TimeText::Odd(_) => {
            time(written).or_else(|| match TimeText::parse(&part::trim(written).replace('/', "-")) {
                TimeText::Odd(TimeFault::NoZone(utc)) => Some(utc),
                _ => None,
            })
        }
        TimeText::Exact(_) | TimeText::Spelt(_) => text.time(),
    }
}

/// Changes as one; none where there are none.
fn joined(changes: &[String]) -> Option<String> {
    (!changes.is_empty()).then(|| part::join(changes, ", "))
}
