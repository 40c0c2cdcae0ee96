//! The commands that make policies and requests, and those whose results are known.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::Reader;
use super::command::{Argument, DASHES};
use super::method::is_list_class;
use super::note::NoteKind;
use super::place::Place;
use super::shell::is_invented;
use super::value::{Key, Value, What};
use crate::part::AnyCase;

/// A policy or a request that a script sends.
#[derive(Clone, Debug)]
pub(super) enum Call<'t> {
    /// By the cmdlet made for it.
    Cmdlet { start: u32, end: u32, request: bool, members: Vec<(Key<'t>, Value<'t>)> },
    /// As the body of a REST call, with its address where that is known, and whether it may put a policy there.
    Rest { url: Option<Value<'t>>, body: Value<'t>, puts: bool },
    /// The policy there is deleted, or changed to what is not known.
    Undo(Place),
}

/// Something that may be the script's point where it calls nothing.
#[derive(Clone, Debug)]
pub(super) enum Offer<'t> {
    /// What a variable holds in the end.
    Variable(String),
    /// What stands alone.
    Value(Value<'t>),
}

/// The most that is kept of what may be the point.
const MAX_OFFERS: usize = 64;

/// The parameters of the cmdlets, in the order in which an abbreviation is looked for.
const PARAMETERS: [(&str, &str); 7] = [
    ("Kind", "kind"),
    ("Location", "location"),
    ("Name", "name"),
    ("ResourceGroupName", "resourceGroup"),
    ("ResourceId", "id"),
    ("VirtualMachine", "virtualMachines"),
    ("Justification", "justification"),
];

/// How deep `ConvertTo-Json` goes unless told.
const JSON_DEPTH: usize = 2;

impl<'t> Reader<'t> {
    /// Follows a command and what it gives into a file; what it gives, where that is known.
    pub(super) fn run(
        &mut self,
        name: &'t str,
        start: u32,
        input: Option<Value<'t>>,
        arguments: &[Argument<'t>],
    ) -> Option<Value<'t>> {
        let given = self.run_alone(name, start, input, arguments);
        let Some(file) = named(arguments, &[">", ">>"]) else { return given };
        let adds = arguments.iter().any(|one| one.name == ">>");
        match given.filter(|value| !adds && !matches!(*value.what, What::Void)) {
            Some(value) => self.write(&file, value),
            None => self.unwrite(&file),
        }
        Some(Value::new(start, self.here(), What::Void))
    }

    fn run_alone(
        &mut self,
        name: &'t str,
        start: u32,
        input: Option<Value<'t>>,
        arguments: &[Argument<'t>],
    ) -> Option<Value<'t>> {
        let end = self.here();
        self.calls(name, input.as_ref(), arguments);
        let is = |other: &&str| name.same_in_any_case(other);
        let given = |names: &[&str]| named(arguments, names);
        if let Some(verb) = jit_verb(name) {
            let request = verb.same_in_any_case("start") || verb.same_in_any_case("invoke");
            if request || verb.same_in_any_case("set") || verb.same_in_any_case("new") {
                self.cmdlet(start, end, request, arguments);
            } else if verb.same_in_any_case("remove") {
                self.cmdlet(start, end, false, arguments);
                if let Some(Call::Cmdlet { members, .. }) = self.calls.pop() {
                    self.calls.push(Call::Undo(Place::of_members(&members)));
                }
            }
            return None;
        }
        if is(&"ConvertTo-Json") {
            let value = given(&["-InputObject"]).or(input).or_else(|| first(arguments))?;
            let depth = match given(&["-Depth"]) {
                Some(depth) => depth.inside(self.text)?.parse().ok()?,
                None => JSON_DEPTH,
            };
            return (!value.is_unknown())
                .then(|| Value::new(value.start, value.end, What::Json(value, depth)));
        }
        let adds =
            is(&"Add-Content") || arguments.iter().any(|one| bare(one.name).same_in_any_case("Append"));
        if ["Out-File", "Set-Content", "Add-Content"].iter().any(is) {
            let path = given(&["-FilePath", "-Path", "-LiteralPath"]).or_else(|| first(arguments));
            match (path, given(&["-Value"]).or(input).filter(|_| !adds)) {
                (Some(path), Some(value)) => self.write(&path, value),
                (Some(path), None) => self.unwrite(&path),
                // It is piped in, or stands behind what is taken for its parameter.
                (None, _) => self.forget_files(),
            }
            return Some(Value::new(start, end, What::Void));
        }
        if ["Out-String", "Write-Output", "echo"].iter().any(is) {
            return input.or_else(|| first(arguments));
        }
        if SILENT.iter().any(is) {
            return Some(Value::new(start, end, What::Void));
        }
        if is(&"New-Object") {
            let class = given(&["-TypeName"]).or_else(|| first(arguments));
            if let Some(table) = given(&["-Property"]) {
                return Some(table).filter(|table| matches!(*table.what, What::Table { .. }));
            }
            let class = class.as_ref().and_then(Value::text).unwrap_or("");
            // One that writes a file, perhaps.
            self.unwrite_arguments(name, false, arguments);
            return is_list_class(class).then(|| Value::new(start, end, What::List(Vec::new())));
        }
        self.unwrite_arguments(name, input.is_some(), arguments);
        if is(&"az") {
            let alone = |index: usize| {
                arguments.get(index).filter(|one| one.name.is_empty()).and_then(|one| one.value.as_ref())
            };
            let text = |index| alone(index).and_then(Value::text).unwrap_or("");
            if is_invented([text(0), text(1), text(2)]) {
                let (from, to) =
                    alone(1).zip(alone(2)).map_or((start, end), |(noun, verb)| (noun.start, verb.end));
                self.note(NoteKind::NoSuchCommand, from, to);
            }
            self.resource_command([text(0), text(1)], arguments);
        }
        self.resource_cmdlet(name, arguments);
        let rest = match (is(&"az"), arguments.first().and_then(|first| first.value.as_ref()?.text())) {
            (true, Some("rest")) => true,
            (true, _) => return None,
            _ => REST.iter().any(is),
        };
        if rest {
            let arguments = self.with_tables(arguments);
            self.rest_call(start, end, name, &arguments, input);
        }
        None
    }

    /// The arguments of a REST call, with the members of the tables among them: `@name`. Of one that is not known, the body.
    fn with_tables(&self, arguments: &[Argument<'t>]) -> Vec<Argument<'t>> {
        let mut all = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let value = argument.value.as_ref().filter(|_| argument.name.is_empty());
            let (start, end) = value.map_or((0, 0), |value| (value.start, value.end));
            let name = self.slice(start, end);
            let plain = |name: &&str| name.starts_with(|char: char| char.is_alphanumeric() || char == '_');
            let Some(name) = name.strip_prefix('@').filter(plain) else {
                all.push(argument.clone());
                continue;
            };
            let table = self.variable(name);
            let body = Argument { name: "-Body", start, end, value: Some(Value::unknown(start, end)) };
            match table.map(|table| &*table.what) {
                Some(What::Table { members, .. }) if members.len() < 100 => {
                    all.extend(members.iter().filter_map(|(key, value)| {
                        let name = SENDING.iter().find(|name| key.name.same_in_any_case(bare(name)))?;
                        Some(Argument { name, start: key.start, end: key.end, value: Some(value.clone()) })
                    }));
                }
                _ => {
                    // What is given beside it counts.
                    all.insert(0, Argument { name: "-Method", ..body.clone() });
                    all.push(body);
                }
            }
        }
        all
    }

    /// True where a line begins with a command that sends a policy or a request: no name in a table is like that.
    pub(super) fn at_jit_command(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or("").trim_end_matches([' ', '\t']);
        let rest = self.rest();
        let name =
            rest.bytes().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        before.ends_with('\n') && rest.get(..name).is_some_and(|name| jit_verb(name).is_some())
    }

    /// `Set-AzJitNetworkAccessPolicy` and its like.
    fn cmdlet(&mut self, start: u32, end: u32, request: bool, arguments: &[Argument<'t>]) {
        let mut members: Vec<(Key<'t>, Value<'t>)> = Vec::new();
        for argument in arguments {
            let Some(value) = &argument.value else { continue };
            if argument.name.is_empty() {
                self.splat(value, &mut members);
                continue;
            }
            let written = bare(argument.name);
            let name = PARAMETERS.iter().find(|(full, _)| is_short_for(written, full));
            if let Some(&(_, name)) = name {
                let key =
                    Key { start: argument.start, end: argument.end, name: Cow::Borrowed(name), flags: None };
                members.push((key, value.clone()));
            }
        }
        self.calls.push(Call::Cmdlet { start, end, request, members });
    }

    /// `@name`: the members of a table as parameters.
    fn splat(&mut self, value: &Value<'t>, members: &mut Vec<(Key<'t>, Value<'t>)>) {
        let name = self.slice(value.start, value.end).strip_prefix('@').unwrap_or("");
        if name.is_empty() {
            return;
        }
        let mut table = self.variable(name).cloned();
        if let Some(What::Table { members: all, .. }) = table.as_ref().map(|table| &*table.what)
            && !self.pay(all.len())
        {
            table = None;
        }
        let Some(What::Table { members: all, .. }) = table.as_ref().map(|table| &*table.what) else {
            // The machines may be in it.
            let key = Key { start: value.start, end: value.end, name: "virtualMachines".into(), flags: None };
            members.insert(0, (key, Value::unknown(value.start, value.end)));
            return self.note(NoteKind::UnknownSplat, value.start, value.end);
        };
        for (key, value) in all {
            let name = PARAMETERS.iter().find(|(full, _)| is_short_for(&key.name, full));
            if let Some(&(_, name)) = name {
                let key = Key { name: Cow::Borrowed(name), flags: None, ..key.clone() };
                members.push((key, value.clone()));
            }
        }
    }

    /// Remembers what may be the script's point.
    pub(super) fn offer(&mut self, value: &Value<'t>) {
        if may_be_document(value) {
            self.offers.push(Offer::Value(value.clone()));
            self.trim_offers();
        }
    }

    /// The same of a variable, which may yet change.
    pub(super) fn offer_variable(&mut self, name: &str, value: &Value<'t>) {
        if !may_be_document(value) {
            return;
        }
        let name = name.to_ascii_lowercase();
        self.offers.retain(|offer| !matches!(offer, Offer::Variable(other) if *other == name));
        self.offers.push(Offer::Variable(name));
        self.trim_offers();
    }

    fn trim_offers(&mut self) {
        if self.offers.len() > MAX_OFFERS {
            self.offers.remove(0);
        }
    }
}

/// Commands that give no value.
const SILENT: [&str; 11] = [
    "Out-Null",
    "Out-Host",
    "Write-Host",
    "Write-Verbose",
    "Write-Debug",
    "Write-Warning",
    "Write-Information",
    "Write-Error",
    "Write-Progress",
    "Start-Sleep",
    "Import-Module",
];

/// The parameters of commands that send a body over HTTP, as far as they say what is sent where.
const SENDING: [&str; 6] = ["-Method", "-Uri", "-Path", "-Body", "-Payload", "-InFile"];

/// Commands that send a body over HTTP.
pub(super) const REST: [&str; 9] = [
    "Invoke-AzRestMethod",
    "Invoke-AzRest",
    "Invoke-RestMethod",
    "Invoke-WebRequest",
    "irm",
    "iwr",
    "curl",
    "curl.exe",
    "armclient",
];

/// A table or a list of tables, as its first members and its last one tell: a list that grows is looked at each time.
fn may_be_document(value: &Value) -> bool {
    match &*value.what {
        What::Table { members, .. } => !members.is_empty(),
        What::List(values) => {
            let some = values.iter().take(64).chain(values.last());
            some.into_iter().any(|value| matches!(*value.what, What::Table { .. }))
        }
        What::Json(value, _) => may_be_document(value),
        What::Text(text) => !text.pieces.is_empty(),
        _ => false,
    }
}

/// `Set` of `Set-AzJitNetworkAccessPolicy`, of Az and of its elder `AzureRm`.
fn jit_verb(name: &str) -> Option<&str> {
    // `Az.Security\Set-AzJitNetworkAccessPolicy`
    let name = name.rsplit('\\').next().unwrap_or(name);
    let (verb, noun) = name.split_once('-')?;
    let nouns = ["AzJitNetworkAccessPolicy", "AzureRmJitNetworkAccessPolicy"];
    nouns.iter().any(|one| noun.same_in_any_case(one)).then_some(verb)
}

/// True for a parameter's name or the start of it.
pub(super) fn is_short_for(written: &str, full: &str) -> bool {
    !written.is_empty() && full.get(..written.len()).is_some_and(|start| start.same_in_any_case(written))
}

/// A parameter's name without its dashes, long ones or not.
fn bare(name: &str) -> &str {
    name.trim_start_matches(DASHES)
}

/// The value of the argument of one of these names, or of a start of one.
pub(super) fn named<'t>(arguments: &[Argument<'t>], names: &[&str]) -> Option<Value<'t>> {
    let is = |argument: &&Argument| {
        let written = bare(argument.name);
        names.iter().any(|name| {
            written.same_in_any_case(bare(name))
                || (written.len() > 1 && !name.starts_with("--") && is_short_for(written, bare(name)))
        })
    };
    arguments.iter().rev().find(is)?.value.clone()
}

/// The first value without a name.
pub(super) fn first<'t>(arguments: &[Argument<'t>]) -> Option<Value<'t>> {
    arguments.iter().find(|argument| argument.name.is_empty())?.value.clone()
}
