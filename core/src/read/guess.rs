//! What is this document? Told by its shape, in whatever case its names are.

use super::fact::{BareForm, Language};
use super::near::meant;
use super::search;
use super::shape::POLICY;
#[cfg(feature = "script")]
use super::speech;
use crate::json::{Member, NodeId, NodeKind, Tape};
use crate::model::Kind;
use crate::network::is_network;
use crate::part::{self, AnyCase};

/// What a document looks like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Guess {
    pub kind: Kind,
    /// It is a part of that kind only.
    pub bare: Option<BareForm>,
    /// The portal's batch of requests.
    pub batch: bool,
    /// For an unknown kind, the `type` that it has.
    pub resource: Option<NodeId>,
}

impl Guess {
    fn of(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    fn bare(kind: Kind, form: BareForm) -> Self {
        Self { kind, bare: Some(form), ..Self::default() }
    }
}

/// Looks at the outside of a document only, unless nothing there tells.
pub(super) fn guess(tape: &Tape, root: NodeId) -> Guess {
    let near = match tape.kind(root) {
        NodeKind::Array => array(tape, root),
        NodeKind::Object => object(tape, root),
        _ => None,
    };
    // A template of a network is told from one of policies by what is in it.
    if let Some(near) = near.filter(|near| near.kind != Kind::Template || near.bare.is_some()) {
        return near;
    }
    if search::finds(tape, root) {
        return Guess::of(Kind::Template);
    }
    if is_network(tape, root) {
        return Guess::of(Kind::Network);
    }
    near.unwrap_or_else(|| {
        let inner = tape.elements(root).next().map_or(root, |element| element.value);
        let inner = member(tape, inner, "value")
            .and_then(|list| tape.elements(list).next())
            .map_or(inner, |element| element.value);
        Guess { resource: member(tape, inner, "type"), ..Guess::default() }
    })
}

fn array(tape: &Tape, root: NodeId) -> Option<Guess> {
    let values = || tape.elements(root).map(|element| element.value);
    let mut objects = values().filter(|&value| tape.kind(value) == NodeKind::Object);
    let Some(first) = objects.next() else {
        // `az security jit-policy list` of nothing.
        return (tape.node(root).count == 0).then(|| Guess::of(Kind::PolicyList));
    };
    // The first may lack what the others have.
    let part = |value| object(tape, value).filter(|guess| guess.bare.is_some());
    match object(tape, first).or_else(|| objects.take(8).find_map(part))? {
        Guess { kind: Kind::Policy, bare: None | Some(BareForm::Properties), .. } => {
            Some(Guess::of(Kind::PolicyList))
        }
        Guess { kind: Kind::Template, .. } => Some(Guess::of(Kind::Template)),
        Guess { kind, bare: Some(BareForm::Machine), .. } => {
            let is_policy = are_rules(|names| any_port(tape, root, names));
            Some(Guess::bare(if is_policy { Kind::Policy } else { kind }, BareForm::Machines))
        }
        Guess { kind, bare: Some(BareForm::Port), .. } => {
            let is_policy = are_rules(|names| values().any(|port| has_any(tape, port, names)));
            Some(Guess::bare(if is_policy { Kind::Policy } else { kind }, BareForm::Ports))
        }
        _ => None,
    }
}

fn object(tape: &Tape, node: NodeId) -> Option<Guess> {
    let has = |name: &str| member(tape, node, name);
    let kind = |id: Option<NodeId>| id.map(|id| tape.kind(id));
    if kind(has("resources")) == Some(NodeKind::Array)
        && (has("$schema").is_some() || has("contentVersion").is_some() || has("parameters").is_some())
    {
        return Some(Guess::of(Kind::Template));
    }
    if let Some(resource) = has("type").and_then(|id| tape.string(id))
        && resource.same_in_any_case(search::TYPE)
    {
        return Some(Guess::of(Kind::Policy));
    }
    if kind(has("value")) == Some(NodeKind::Array) {
        let list = has("value")?;
        return match tape.elements(list).next() {
            Some(first) => object(tape, first.value)
                .filter(|guess| guess.kind == Kind::Policy)
                .map(|_| Guess::of(Kind::PolicyList)),
            None => Some(Guess::of(Kind::PolicyList)),
        };
    }
    if let Some(machines) = has("virtualMachines") {
        return Some(match machines_of(tape, node, machines) {
            Kind::Policy => Guess::bare(Kind::Policy, BareForm::Properties),
            kind => Guess::of(kind),
        });
    }
    if let Some(properties) = has("properties") {
        // Availability sets have `virtualMachines` too, but no ports.
        let ours =
            member(tape, properties, "virtualMachines").is_some_and(|list| search::has_ports(tape, list));
        let foreign = || {
            has("type").is_some()
                || has("resources").is_some()
                // A definition of Azure Policy.
                || member(tape, properties, "policyRule").is_some()
                // A deployment, or what one would do: the policies are further inside.
                || (!has_any(tape, properties, &["virtualMachines", "requests"])
                    && search::finds(tape, properties))
                || is_network(tape, node)
        };
        return (ours || !foreign()).then(|| Guess::of(Kind::Policy));
    }
    if let Some(requests) = has("requests") {
        let batch = tape.elements(requests).any(|call| member(tape, call.value, "content").is_some());
        return batch.then(|| Guess { batch, ..Guess::of(Kind::Request) });
    }
    if has("ports").is_some() {
        let kind = if has_port(tape, node, &RULE) { Kind::Policy } else { Kind::Request };
        return Some(Guess::bare(kind, BareForm::Machine));
    }
    if has("number").is_some() {
        let kind = if has_any(tape, node, &RULE) { Kind::Policy } else { Kind::Request };
        return Some(Guess::bare(kind, BareForm::Port));
    }
    // `properties` under another name.
    let basic = has("kind").and_then(|id| tape.string(id)).is_some_and(|kind| kind.same_in_any_case("Basic"));
    let ours = |key: &str| basic || meant(&POLICY, key).is_some_and(|(_, name, _)| name == "properties");
    let inner = |inner: Member| {
        let machines = member(tape, inner.value, "virtualMachines")?;
        let policy = search::has_ports(tape, machines)
            && machines_of(tape, inner.value, machines) == Kind::Policy
            && ours(&tape.string(inner.key)?);
        policy.then(|| Guess::of(Kind::Policy))
    };
    tape.members(node).find_map(inner)
}

/// What an object is that holds these machines itself.
pub(super) fn machines_of(tape: &Tape, node: NodeId, machines: NodeId) -> Kind {
    let has = |names: &[&str]| has_any(tape, node, names);
    if has(&["startTimeUtc", "requestor"]) {
        return Kind::StoredRequest;
    }
    // Requests that were written after a policy name the protocol, too.
    let own = |names| any_port(tape, machines, names);
    let policy = || own(&["maxRequestAccessDuration"]) || (own(&["protocol"]) && !has(&["justification"]));
    if has(&["kind", "requests", "provisioningState"]) || policy() { Kind::Policy } else { Kind::Request }
}

/// What the ports of a policy have, and those of a request have not.
const RULE: [&str; 2] = ["maxRequestAccessDuration", "protocol"];

/// True where ports that have one of some names are those of a policy. Requests name protocols, too.
fn are_rules(any: impl Fn(&[&str]) -> bool) -> bool {
    any(&["maxRequestAccessDuration"]) || (any(&["protocol"]) && !any(&["duration", "endTimeUtc"]))
}

/// True when a port of one of these machines has one of the members.
fn any_port(tape: &Tape, machines: NodeId, names: &[&str]) -> bool {
    tape.elements(machines).any(|machine| has_port(tape, machine.value, names))
        || has_port(tape, machines, names)
}

/// True when a port of this machine has one of the members.
fn has_port(tape: &Tape, machine: NodeId, names: &[&str]) -> bool {
    member(tape, machine, "ports").is_some_and(|ports| {
        has_any(tape, ports, names) || tape.elements(ports).any(|port| has_any(tape, port.value, names))
    })
}

fn has_any(tape: &Tape, node: NodeId, names: &[&str]) -> bool {
    names.iter().any(|name| member(tape, node, name).is_some())
}

/// The value of that member, in whatever case and with or without `_`.
#[inline(never)]
pub(super) fn member(tape: &Tape, node: NodeId, name: &str) -> Option<NodeId> {
    let mut members = tape.members(node);
    let found = members.find(|member| tape.string(member.key).is_some_and(|key| is_name(&key, name)));
    found.map(|member| member.value)
}

/// True for that name in whatever case, with or without `_`.
pub(super) fn is_name(key: &str, name: &str) -> bool {
    let mut letters = key.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
    name.bytes().all(|byte| letters.next().is_some_and(|letter| letter.eq_ignore_ascii_case(&byte)))
        && letters.next().is_none()
}

/// What PowerShell has, and text that starts as no JSON does has else not.
const POWERSHELL: [&str; 10] = [
    "-AzJit",
    "-AzureRmJit",
    "@{",
    "Connect-AzAccount",
    "param(",
    "param (",
    "<#",
    "Invoke-Az",
    "Invoke-RestMethod",
    "\n$",
];

/// What programs begin with.
const PROGRAM: [&str; 10] =
    ["import ", "from ", "const ", "let ", "var ", "def ", "using ", "package ", "export ", "async "];

/// The language of a text that does not start as JSON does.
pub fn language(text: &str) -> Option<Language> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    #[cfg(feature = "script")]
    let text = speech::behind_comments(text);
    let head = text.get(..text.floor_char_boundary(4096)).unwrap_or(text);
    #[cfg(feature = "script")]
    let is_no_json = speech::is_no_json(text);
    #[cfg(not(feature = "script"))]
    let is_no_json = false;
    let may_be_json =
        text.starts_with(['{', '"']) || (text.starts_with('[') && !is_cast(text) && !is_prompt(text));
    if text.is_empty() || (may_be_json && !is_no_json) {
        return None;
    }
    if is_no_json && text.starts_with('[') {
        return Some(Language::Shell);
    }
    // What a terminal or somebody wrote before a document is no program.
    #[cfg(feature = "script")]
    let holds_json = speech::holds_json(head);
    #[cfg(not(feature = "script"))]
    let holds_json = part::contains(head, "\n{");
    // A script may begin with long functions.
    #[cfg(feature = "script")]
    let head =
        if holds_json { head } else { text.get(..text.floor_char_boundary(speech::HEAD)).unwrap_or(text) };
    let has = |words: &[&str]| words.iter().any(|word| part::contains(head, word));
    if text.starts_with('<') && !text.starts_with("<#") {
        return Some(Language::Xml);
    }
    if super::http::is_http(head) {
        return Some(Language::Http);
    }
    if is_shell(head) {
        return Some(Language::Shell);
    }
    if text.starts_with(['$', '['])
        || starts(text, &["PS ", "PS>"])
        || text.starts_with("using namespace ")
        || has(&POWERSHELL)
        || (!holds_json && is_cmdlet(head))
        || is_no_json
    {
        #[cfg(feature = "script")]
        if speech::is_shell_first(head) {
            return Some(Language::Shell);
        }
        return Some(Language::PowerShell);
    }
    if has(&["resource \"", "azapi_resource", "azurerm_"]) {
        return Some(Language::Terraform);
    }
    if has(&["targetScope", "resource "]) && has(&["@20", "= {"]) {
        return Some(Language::Bicep);
    }
    if text.starts_with("ERROR: ") {
        return Some(Language::CliError);
    }
    let runs = |line: &str| starts(line.trim_start(), &COMMANDS);
    if !holds_json && starts(text, &PROGRAM) && line(head, &runs).is_none() {
        return Some(Language::Program);
    }
    if text.starts_with("#!") || has(&["az rest", "az security", "az resource", "curl "]) {
        return Some(Language::Shell);
    }
    let yaml = |line: &str| {
        let pair = part::split_once(line, ": ");
        line == "---"
            || pair.is_some_and(|(key, value)| {
                // What a program logs in front of JSON.
                let logs = part::trim(value).starts_with("{\"");
                !logs && !key.bytes().any(|byte| matches!(byte, b'{' | b'"' | b' '))
            })
            || line.ends_with(':')
    };
    let lines = head.lines().map(part::trim).filter(|line| !line.is_empty());
    (!holds_json && lines.take(2).all(yaml)).then_some(Language::Yaml)
}

/// What a terminal runs that sends policies or requests.
pub(super) const COMMANDS: [&str; 2] = ["az ", "curl "];

#[inline(never)]
pub(super) fn starts(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.starts_with(word))
}

/// The first such line.
#[inline(never)]
fn line<'t>(text: &'t str, is: &dyn Fn(&str) -> bool) -> Option<&'t str> {
    text.lines().find(|line| is(line))
}

/// The first line that is neither empty nor a comment.
fn first_command(head: &str) -> &str {
    line(head, &|line| !part::trim(line).is_empty() && !line.starts_with('#')).unwrap_or("").trim_start()
}

/// True for what PowerShell never begins with: a shell's name, `name=value`, or a command that goes on behind a `\`.
fn is_shell(head: &str) -> bool {
    let first = line(head, &|_| true).unwrap_or("");
    if first.starts_with("#!") {
        #[cfg(feature = "script")]
        return speech::asks_for_shell(first);
        #[cfg(not(feature = "script"))]
        return first.ends_with("sh") && !first.ends_with("pwsh");
    }
    let line = first_command(head).trim_start_matches("export ");
    let name = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let assigns = name > 0 && line.get(name..).is_some_and(|behind| behind.starts_with('='));
    let writes = line.starts_with("cat ") && part::contains(line, "<<");
    assigns || writes || (starts(line, &COMMANDS) && line.ends_with(" \\"))
}

/// True where the first command is named as those of PowerShell are: `Get-AzVM`.
pub(super) fn is_cmdlet(head: &str) -> bool {
    let mut lines = head.lines().map(str::trim_start);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or("");
    let Some((verb, noun)) = part::cut(line, '-') else { return false };
    verb.starts_with(|char: char| char.is_ascii_uppercase())
        && verb.bytes().all(|byte| byte.is_ascii_alphabetic())
        && noun.starts_with(|char: char| char.is_ascii_uppercase())
        && noun.bytes().take_while(|byte| *byte != b' ').all(|byte| byte.is_ascii_alphanumeric())
}

/// True for a shell's prompt in brackets: `[ann@cloud ~]$ `.
fn is_prompt(text: &str) -> bool {
    let start = text.get(..text.floor_char_boundary(100)).unwrap_or("");
    part::cut(start, ']').is_some_and(|(name, behind)| part::has(name, '@') && starts(behind, &["$ ", "# "]))
}

/// True for types in brackets with what PowerShell has behind them: `[string]$name`, `[int]::MaxValue`,
/// `[void][int]::TryParse(…)`, `[CmdletBinding()]`.
fn is_cast(mut text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'[' | b'(' | b')');
    while let Some((name, rest)) = text.strip_prefix('[').and_then(|inside| part::cut(inside, ']')) {
        if !name.starts_with(|char: char| char.is_ascii_alphabetic()) || !name.bytes().all(letter) {
            return false;
        }
        text = rest.trim_start_matches(']').trim_start();
        if name.ends_with(')') || part::same_in_any_case(name, "void") || starts(text, &["$", "::"]) {
            return true;
        }
    }
    false
}
