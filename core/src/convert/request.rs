//! From requests to items.

use super::Format;
use super::build::{Builder, Members};
use super::item::{Content, Item};
use super::place::{complete, join};
use super::value::{Text, Value};
use crate::format::format;
use crate::model::{DurationText, Field, Request, RequestPort, SourceList, TimeText};

impl<'t> Builder<'_, 't> {
    /// A request.
    #[cold]
    #[inline(never)]
    pub fn request(&mut self, request: &Request<'t>) -> Option<Item> {
        self.leave_home();
        let cmdlet = self.endpoint.is_none()
            && request.justification.is_none()
            && request.machines.iter().flat_map(|machine| &machine.ports).all(is_for_cmdlet);
        let machines = request.machines.iter().map(|machine| {
            let mut members = alloc::vec![("id", self.machine_id(&machine.id))];
            let ports = machine.ports.iter().map(|port| Value::Object(self.request_port(port, cmdlet)));
            members.push(("ports", Value::Array(ports.collect())));
            self.complete_list(machine.port_list);
            Value::Object(members)
        });
        let machines = Value::Array(machines.collect());
        self.complete_list(request.machine_list);
        let justification = self.known(&request.justification, "justification");
        if request.stored {
            self.note(
                "who made the request and when, and what became of it, is left out: the service sets it",
            );
        }
        let known = match join(Default::default(), self.place) {
            Ok(known) => known,
            Err(why) => {
                self.lost.push(why);
                return None;
            }
        };
        let place = complete(known, self.needed(), &self.home(), &mut self.variables);
        Some(Item { place, content: Content::Request(justification), machines, cmdlet })
    }

    #[cold]
    #[inline(never)]
    fn request_port(&mut self, port: &RequestPort<'t>, cmdlet: bool) -> Members {
        let cmdlet = cmdlet && self.to == Format::PowerShell;
        let mut members = Members::new();
        members.extend(self.port(&port.number).map(|port| ("number", port)));
        self.sources(&port.sources, &mut members);
        if cmdlet
            && let Some((_, Value::Array(list))) = members.last()
            && let [Value::Text(only)] = list.as_slice()
        {
            // The cmdlet has no list, and one is as good in the singular member.
            let only = only.clone();
            members.pop();
            members.push(("allowedSourceAddressPrefix", Value::Text(only)));
        }
        let end = match port.end {
            Field::Given(TimeText::Spelt(time), _) => Some(Text::plain(format!("{}", time.to_tick()))),
            _ => self.known(&port.end, "endTimeUtc"),
        };
        members.extend(end.map(|end| ("endTimeUtc", Value::Text(end))));
        match whole_seconds(port).filter(|_| cmdlet) {
            Some(seconds) => {
                self.note("the cmdlet has no `duration`: the end is worked out when the script runs");
                members.push(("endTimeUtc", Value::Code(from_now(seconds))));
            }
            None => {
                let duration = self.duration(&port.duration, "duration");
                members.extend(duration.map(|text| ("duration", Value::Text(text))));
            }
        }
        members
    }
}

/// True where `Start-AzJitNetworkAccessPolicy` can say it: it has one source and an end, no list and no duration.
#[cold]
#[inline(never)]
fn is_for_cmdlet(port: &RequestPort) -> bool {
    let one_source = match &port.sources.list {
        SourceList::None => true,
        SourceList::Given(list, _) => list.len() < 2,
        SourceList::Wrong(_) | SourceList::Unknown(_) => false,
    };
    one_source && (port.duration.is_none() || whole_seconds(port).is_some())
}

/// The duration, where it is known and of whole seconds.
fn whole_seconds(port: &RequestPort) -> Option<u64> {
    let length = port.duration.get().copied().and_then(DurationText::length)?;
    (length.subsec_nanos() == 0).then_some(length.as_secs())
}

/// An expression of PowerShell.
fn from_now(seconds: u64) -> alloc::string::String {
    let (number, unit) = match (seconds.checked_rem(3600), seconds.checked_rem(60)) {
        (Some(0), _) => (seconds.wrapping_div(3600), "Hours"),
        (_, Some(0)) => (seconds.wrapping_div(60), "Minutes"),
        _ => (seconds, "Seconds"),
    };
    format!("[DateTime]::UtcNow.Add{unit}({number})")
}
