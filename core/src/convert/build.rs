//! From the model to items: every value as the API takes it, a variable for what is not known.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::item::{Content, Item};
use super::place::{GROUP, LOCATION, NAME, SUBSCRIPTION, complete, join, of};
use super::value::{Text, Value, Variables};
use super::{Endpoint, Format, Outcome, Place, layout};
use crate::format::format;
use crate::json::{NodeId, NodeKind, Tape};
use crate::model::duration::canonical;
use crate::model::{DurationText, Field, IdText, Machine, Policy, PortRule, PortText, SourceList, Sources};
use crate::read::Document;
use crate::rules::machines::name_too_long;
use crate::rules::words;

/// Members of an object that is being made.
pub type Members = Vec<(&'static str, Value)>;

/// What is gathered on the way.
#[derive(Debug)]
pub struct Builder<'a, 't> {
    pub tape: &'a Tape<'t>,
    pub to: Format,
    pub place: &'a Place<'a>,
    /// Where calls go, if not to Azure.
    pub endpoint: Option<Endpoint<'a>>,
    pub variables: Variables,
    pub notes: Vec<String>,
    /// What cannot be said for certain.
    pub lost: Vec<String>,
    /// Every subscription and resource group that machines are in.
    homes: Vec<[String; 2]>,
}

/// The policies and requests of a document that no error keeps from being written.
pub fn document(document: &Document, to: Format, place: &Place, endpoint: Option<Endpoint>) -> Outcome {
    let mut builder = Builder {
        tape: document.tape,
        to,
        place,
        endpoint,
        variables: Variables::default(),
        notes: Vec::new(),
        lost: Vec::new(),
        homes: Vec::new(),
    };
    let mut items = Vec::new();
    for policy in &document.policies {
        items.extend(builder.policy(policy, document.policies.len()));
    }
    for request in &document.requests {
        items.extend(builder.request(request));
    }
    if document.policies.is_empty() && document.requests.is_empty() {
        builder.lost.push("there is no policy and no request in this document".to_string());
    }
    builder.fits(&items);
    if builder.lost.is_empty() { Ok(layout::write(builder, &items)) } else { Err(builder.lost) }
}

impl<'t> Builder<'_, 't> {
    /// A policy; none where it is not asked for.
    #[cold]
    #[inline(never)]
    fn policy(&mut self, policy: &Policy<'t>, of_so_many: usize) -> Option<Item> {
        let known = of(policy, self.tape);
        let name = known.get(NAME).cloned().flatten();
        let known = match join(known, self.place) {
            Ok(known) => known,
            Err(why) => {
                let name = words::quoted(&name.unwrap_or_default());
                let list = if of_so_many > 1 { &mut self.notes } else { &mut self.lost };
                list.push(format!("policy {name} is left out: {why}"));
                return None;
            }
        };
        // That of the document alone is judged already.
        if let Some(name) = known.get(NAME).and_then(Option::as_deref) {
            let ids = policy.machines.iter().filter_map(|machine| machine.id.get()?.machine());
            if let Some(id) = ids.into_iter().find(|id| !name_too_long::fits(name, id.name())) {
                let (name, machine) = (words::quoted(name), words::quoted(id.name()));
                self.lost.push(format!(
                    "policy {name} and its machine {machine} have too long names together (JIT503)"
                ));
            }
        }
        self.homes.clear();
        let mut firewall = false;
        let machines = policy.machines.iter().map(|machine| {
            firewall |= !machine.public_ip_address.is_none();
            self.machine(machine)
        });
        let machines = Value::Array(machines.collect());
        self.apart(&known);
        self.complete_list(policy.machine_list);
        let kind = self.known(&policy.kind, "kind");
        if !policy.history.is_empty() {
            self.note("the requests in the policy are left out: the service keeps them by itself");
        }
        if policy.append_mode.get() == Some(&true) {
            self.note("`appendMode` is left out: the API does not document it");
        }
        let place = complete(known, self.needed(), &self.home(), &mut self.variables);
        Some(Item {
            place,
            content: Content::Policy(kind),
            machines,
            cmdlet: !firewall && self.endpoint.is_none(),
        })
    }

    /// Says of machines that they are elsewhere than the policy is told to be: the document alone is judged already.
    #[cold]
    #[inline(never)]
    fn apart(&mut self, known: &[Option<String>]) {
        let told = [self.place.subscription, self.place.resource_group];
        let words = [("subscription", "JIT506"), ("resource group", "JIT507")];
        for (at, (what, code)) in words.into_iter().enumerate() {
            let Some(place) = told.get(at).copied().flatten().and(known.get(at).and_then(Option::as_deref))
            else {
                continue;
            };
            let mut homes = self.homes.iter().filter_map(|home| home.get(at));
            if let Some(home) = homes.find(|home| !home.eq_ignore_ascii_case(place)) {
                let (home, place) = (words::quoted(home), words::quoted(place));
                self.note(&format!(
                    "machines are in {what} {home}, the policy is in {place}: the service may refuse it ({code})"
                ));
            }
        }
    }

    /// Which parts of a place the language has a use for.
    pub fn needed(&self) -> &'static [usize] {
        match self.to {
            Format::Json => &[],
            Format::Arm | Format::Bicep => &[LOCATION, NAME],
            _ => &[SUBSCRIPTION, GROUP, LOCATION, NAME],
        }
    }

    /// The subscription and the resource group of all machines of the item, where they share them.
    #[cold]
    #[inline(never)]
    pub fn home(&self) -> [Option<String>; 4] {
        let shared = |at: usize| {
            let mut all = self.homes.iter().map(|home| home.get(at));
            let first = all.next()??;
            all.all(|other| other.is_some_and(|other| other.eq_ignore_ascii_case(first)))
                .then(|| first.clone())
        };
        [shared(0), shared(1), None, None]
    }

    /// Begins another item.
    pub fn leave_home(&mut self) {
        self.homes.clear();
    }

    #[cold]
    #[inline(never)]
    fn machine(&mut self, machine: &Machine<'t>) -> Value {
        let mut members = alloc::vec![("id", self.machine_id(&machine.id))];
        let ports = machine.ports.iter().map(|rule| Value::Object(self.port_rule(rule)));
        members.push(("ports", Value::Array(ports.collect())));
        self.complete_list(machine.port_list);
        let address = self.known(&machine.public_ip_address, "publicIpAddress");
        members.extend(address.map(|address| ("publicIpAddress", Value::Text(address))));
        Value::Object(members)
    }

    #[cold]
    #[inline(never)]
    fn port_rule(&mut self, rule: &PortRule) -> Members {
        let mut members = Members::new();
        members.extend(self.port(&rule.number).map(|port| ("number", port)));
        let protocol = match rule.protocol.get() {
            Some(text) => text.protocol().map(|protocol| Text::plain(protocol.as_str())),
            None => self.known(&rule.protocol, "protocol"),
        };
        members.extend(protocol.map(|protocol| ("protocol", Value::Text(protocol))));
        self.sources(&rule.sources, &mut members);
        let name = "maxRequestAccessDuration";
        members.extend(self.duration(&rule.max_duration, name).map(|text| (name, Value::Text(text))));
        members
    }

    /// A machine's id; a variable for the machine that a part of a document does not name.
    #[cold]
    #[inline(never)]
    pub fn machine_id(&mut self, id: &Field<IdText<'t>>) -> Value {
        const NAME: &str = "virtualMachineId";
        if let Some(machine) = id.get().and_then(IdText::machine) {
            self.homes.push([machine.subscription(), machine.resource_group()].map(ToString::to_string));
        }
        Value::Text(match self.known(id, NAME) {
            Some(text) => text,
            None => Text::variable(self.variables.of(NAME, false, None)),
        })
    }

    #[cold]
    #[inline(never)]
    pub fn port(&mut self, field: &Field<PortText>) -> Option<Value> {
        match field {
            Field::Given(text, _) if text.port().is_some() => text.port().map(Value::Number),
            Field::Unknown(node) => Some(Value::Unknown(self.variable("port", true, *node))),
            Field::Given(_, node) | Field::Wrong(node) => {
                self.lost(*node);
                None
            }
            Field::Absent | Field::Null(_) => None,
        }
    }

    #[cold]
    #[inline(never)]
    pub fn duration(&mut self, field: &Field<DurationText>, name: &'static str) -> Option<Text> {
        match field {
            Field::Given(DurationText::Days(length) | DurationText::Fraction(length), _) => {
                Some(Text::plain(canonical(*length)))
            }
            _ => self.known(field, name),
        }
    }

    /// Both members of a source.
    #[cold]
    #[inline(never)]
    pub fn sources(&mut self, sources: &Sources, members: &mut Members) {
        const SINGLE: &str = "allowedSourceAddressPrefix";
        const PLURAL: &str = "allowedSourceAddressPrefixes";
        let tape = self.tape;
        let list = match &sources.list {
            SourceList::None => None,
            SourceList::Given(list, _) => {
                let each = list.iter().filter_map(|source| self.known(&source.text, "sourceAddressPrefix"));
                Some(each.collect::<Vec<_>>())
            }
            SourceList::Wrong(node) | SourceList::Unknown(node) => {
                self.lost(*node);
                None
            }
        };
        // An array in the singular member says the same as a list.
        let single = match sources.list_in_single {
            Some(_) => None,
            None => self.known(&sources.single, "sourceAddressPrefix"),
        };
        match (single, list) {
            (Some(single), list) => {
                members.push((SINGLE, Value::Text(single)));
                if let (Some([_, ..]), SourceList::Given(_, node)) = (list.as_deref(), &sources.list) {
                    self.lost.push(format!("{PLURAL} {} beside {SINGLE}", words::quoted(tape.raw(*node))));
                }
            }
            (None, Some(list)) => {
                members.push((PLURAL, Value::Array(list.into_iter().map(Value::Text).collect())));
            }
            (None, None) => {}
        }
    }

    /// The string as it is written, or a variable for one that is not known.
    #[inline]
    pub fn known<T>(&mut self, field: &Field<T>, name: &'static str) -> Option<Text> {
        self.written(bare(field), name)
    }

    #[cold]
    #[inline(never)]
    fn written(&mut self, field: Field<()>, name: &'static str) -> Option<Text> {
        match field {
            Field::Given((), node) => self.tape.string(node).map(Text::plain),
            Field::Unknown(node) => Some(Text::variable(self.variable(name, false, node))),
            Field::Wrong(node) => {
                self.lost(node);
                None
            }
            Field::Absent | Field::Null(_) => None,
        }
    }

    /// The variable for a value that is not known.
    fn variable(&mut self, name: &'static str, number: bool, node: NodeId) -> usize {
        let tape = self.tape;
        if tape.is_script() {
            let written = tape.raw(node).trim_matches(['"', '\'', '\\']);
            return self.variables.at(name, number, Some(written), Some(tape.node(node).start));
        }
        self.variables.of(name, number, Some(&tape.string(node).unwrap_or_default()))
    }

    /// An array that is made elsewhere, or is none.
    #[cold]
    #[inline(never)]
    pub fn complete_list(&mut self, list: Field<()>) {
        if let Field::Unknown(node) | Field::Wrong(node) = list {
            self.lost(node);
        }
    }

    #[cold]
    #[inline(never)]
    fn lost(&mut self, node: NodeId) {
        let text = match self.tape.kind(node) {
            NodeKind::Object | NodeKind::Array => "a list that is computed elsewhere".to_string(),
            _ => words::quoted(self.tape.raw(node)),
        };
        let message = format!("{text} cannot be written: what it stands for is not known");
        if !self.lost.contains(&message) {
            self.lost.push(message);
        }
    }

    /// Says something once.
    #[cold]
    #[inline(never)]
    pub fn note(&mut self, note: &str) {
        if !self.notes.iter().any(|other| other == note) {
            self.notes.push(note.to_string());
        }
    }
}

/// How a field stands, whatever it holds.
#[inline]
fn bare<T>(field: &Field<T>) -> Field<()> {
    match *field {
        Field::Absent => Field::Absent,
        Field::Null(node) => Field::Null(node),
        Field::Wrong(node) => Field::Wrong(node),
        Field::Unknown(node) => Field::Unknown(node),
        Field::Given(_, node) => Field::Given((), node),
    }
}
