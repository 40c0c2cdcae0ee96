//! Shows every part of a document to every rule, in document order.

use alloc::vec::Vec;

use super::context::MOST_FINDINGS;
use super::{Anchor, Context, Finding, Side, Validated, table};
use crate::decide::against;
use crate::diagnostic::locate::locate;
use crate::json::{Encoding, MAX_SLIPS, NodeId, Source, Tape, scan};
use crate::model::time::Timestamp;
use crate::model::{Kind, Machine, Policy, PortRule, Request, RequestMachine, RequestPort, Sources};
use crate::network::{self, Network, NetworkFact};
#[cfg(feature = "script")]
use crate::read::Language;
use crate::read::{self, Document, Fact, MAX_FACTS};
#[cfg(feature = "script")]
use crate::script;
use crate::{CheckOptions, Report};

// A text with more slips or a document with more facts than are kept fills the report, which then says so.
const _: () = assert!(MAX_SLIPS > MOST_FINDINGS + 1 && MAX_FACTS > MOST_FINDINGS + 1);

/// Reads a document and says everything that is wrong with it. Never fails: what cannot be read is
/// said, and the rest is judged all the same.
pub fn check<'a>(input: &'a [u8], options: &CheckOptions) -> Report<'a> {
    let source = Source::decode(input);
    let (kind, diagnostics) = {
        let (tape, facts) = decode_and_scan(&source);
        let checked = check_document(&tape, facts, options);
        let findings = checked.context.into_findings();
        // What is not called is not compiled, either, where engines compile function by function.
        let diagnostics = if findings.is_empty() { Vec::new() } else { locate(&tape, findings) };
        (checked.document.kind, diagnostics)
    };
    Report { text: source.text, kind, diagnostics }
}

/// A document after all rules have seen it.
pub(crate) struct Checked<'a, 't> {
    pub document: Document<'a, 't>,
    pub context: Context<'a, 't>,
}

/// The nodes of a text, and what was wrong with it up to there.
pub(crate) fn decode_and_scan<'t>(source: &'t Source) -> (Tape<'t>, Vec<Fact>) {
    scan_any(source, true)
}

/// The same of the body of a call, which is JSON and nothing else.
pub(crate) fn scan_body<'t>(source: &'t Source) -> (Tape<'t>, Vec<Fact>) {
    scan_any(source, false)
}

#[cfg_attr(
    not(feature = "script"),
    expect(unused_variables, reason = "without the feature no script is read")
)]
fn scan_any<'t>(source: &'t Source, scripts: bool) -> (Tape<'t>, Vec<Fact>) {
    let mut facts = Vec::new();
    if source.encoding != Encoding::Utf8 {
        facts.push(Fact::Encoding(source.encoding));
    }
    if source.encoding == Encoding::TooLarge {
        return (Tape::default(), facts);
    }
    if let Some(language) = read::language(&source.text) {
        #[cfg(feature = "script")]
        let runs = |language| matches!(language, Language::PowerShell | Language::Shell | Language::Http);
        #[cfg(feature = "script")]
        if scripts
            && (runs(language) || language == Language::Yaml)
            && let typed = source.typed.get_or_init(|| script::typed(&source.text)).as_ref()
            && (runs(language) || typed.is_some())
        {
            let text = typed.map_or(&*source.text, |[script, _]| script.as_str());
            let language =
                if typed.is_some() { read::language(text).unwrap_or(Language::Shell) } else { language };
            let (tape, mut more) = script::read(text, language, typed.is_some());
            // A call was found, but not what it sends: that was said.
            let called = more.iter().any(|fact| matches!(fact, Fact::Script(note) if !note.kind.is_slip()));
            if tape.is_none()
                && !called
                && let Some([_, answer]) = typed
                && answer.trim_start().starts_with(['{', '['])
            {
                // What a command answered, with the command.
                return scan_json(answer, facts);
            }
            if language == Language::PowerShell {
                // A script is not what is sent.
                facts.retain(|fact| *fact != Fact::Encoding(Encoding::Utf16));
            }
            facts.append(&mut more);
            if tape.is_some() || called {
                return (tape.unwrap_or_else(|| Tape::of(&source.text)), facts);
            }
        }
        facts.push(Fact::Foreign(language));
        return (Tape::of(&source.text), facts);
    }
    scan_json(&source.text, facts)
}

fn scan_json(text: &str, mut facts: Vec<Fact>) -> (Tape<'_>, Vec<Fact>) {
    let (tape, slips) = scan(text);
    if tape.is_empty() {
        // What slips there are, are comments: they do no harm where there is nothing else.
        facts.push(Fact::Empty);
    } else {
        facts.extend(slips.into_iter().map(Fact::Slip));
    }
    (tape, facts)
}

/// Reads the nodes and runs the rules.
pub(crate) fn check_document<'a, 't>(
    tape: &'a Tape<'t>,
    facts: Vec<Fact>,
    options: &CheckOptions,
) -> Checked<'a, 't> {
    let mut checked = check_parts(tape, facts, options);
    if cfg!(feature = "network") && checked.document.kind == Kind::Network {
        let (_, facts) = network::read(&[tape]);
        facts.iter().for_each(|fact| checked.context.odd(fact));
    }
    table::end(&mut checked.context);
    checked
}

/// Reads the files of a network together, so that none misses what stands in another, and runs the rules on each.
pub(crate) fn check_network<'a, 't>(
    files: impl Iterator<Item = (&'a Tape<'t>, Vec<Fact>)>,
    options: &CheckOptions,
) -> (Network, Vec<Checked<'a, 't>>) {
    let mut checked: Vec<Checked> = files.map(|(tape, facts)| check_parts(tape, facts, options)).collect();
    let all: Vec<usize> = (0..checked.len()).collect();
    let network = read_network(&mut checked, &all, 0);
    checked.iter_mut().for_each(|checked| table::end(&mut checked.context));
    (network, checked)
}

/// The same of documents among which are files of a network: those alone are read together, and those from the place on
/// give way to the others.
pub(crate) fn check_among<'a, 't>(
    files: impl Iterator<Item = (&'a Tape<'t>, Vec<Fact>)>,
    options: &CheckOptions,
    first: usize,
) -> (Network, Vec<Checked<'a, 't>>) {
    let mut checked: Vec<Checked> = files.map(|(tape, facts)| check_parts(tape, facts, options)).collect();
    let is_network =
        |index: &usize| checked.get(*index).is_some_and(|checked| checked.document.kind == Kind::Network);
    let order = (first..checked.len()).chain(0..first.min(checked.len()));
    let places: Vec<usize> = order.filter(is_network).collect();
    let around = places.iter().filter(|&&place| place >= first).count();
    let network = read_network(&mut checked, &places, around);
    checked.iter_mut().for_each(|checked| table::end(&mut checked.context));
    (network, checked)
}

/// Reads the files at these places, in their order, and tells each what was found in it.
fn read_network(checked: &mut [Checked], places: &[usize], around: usize) -> Network {
    let tapes = places.iter().filter_map(|&place| Some(checked.get(place)?.document.tape));
    let (network, facts) = network::read_among(&tapes.collect::<Vec<&Tape>>(), around);
    for fact in &facts {
        let file = usize::try_from(fact.place.file).ok().and_then(|file| places.get(file));
        if let Some(checked) = file.and_then(|&file| checked.get_mut(file)) {
            checked.context.odd(fact);
        }
    }
    network
}

/// Runs the rules on a document that was read already, as the body of a call.
pub(crate) fn check_body<'a, 't>(
    tape: &'a Tape<'t>,
    facts: Vec<Fact>,
    document: Document<'a, 't>,
    now: Timestamp,
) -> Checked<'a, 't> {
    let options = CheckOptions { kind: Some(document.kind), now: Some(now) };
    let mut checked = run_parts(tape, facts, document, &options);
    table::end(&mut checked.context);
    checked
}

/// Everything but what a network shows, and the end.
fn check_parts<'a, 't>(tape: &'a Tape<'t>, facts: Vec<Fact>, options: &CheckOptions) -> Checked<'a, 't> {
    let document = read::read(tape, options.kind);
    run_parts(tape, facts, document, options)
}

fn run_parts<'a, 't>(
    tape: &'a Tape<'t>,
    mut facts: Vec<Fact>,
    mut document: Document<'a, 't>,
    options: &CheckOptions,
) -> Checked<'a, 't> {
    if cfg!(feature = "network") && document.kind == Kind::Network {
        // What tells of a network is sent to nobody; Windows PowerShell's `>` writes UTF-16.
        facts.retain(|fact| *fact != Fact::Encoding(Encoding::Utf16));
    }
    facts.append(&mut document.facts);
    let mut context = Context::new(tape, *options);
    let cx = &mut context;
    if facts.iter().any(|fact| matches!(fact, Fact::UnknownKind { .. })) {
        cx.doubt();
    }
    for fact in &facts {
        if cx.is_full() {
            break;
        }
        table::fact(fact, cx);
    }
    for policy in document.policies.iter().chain(&document.asides) {
        run_policy(policy, cx);
    }
    for request in &document.requests {
        run_request(request, cx);
    }
    table::document(&document, cx);
    document.facts = facts;
    Checked { document, context }
}

impl<'a, 't> Checked<'a, 't> {
    /// The document, if no rule found an error that the service is sure to refuse.
    pub fn validated(&self) -> Option<Validated<'_, Document<'a, 't>>> {
        Validated::new(&self.document, self.is_refused(), &self.context)
    }

    /// True when something speaks against it.
    pub fn is_refused(&self) -> bool {
        self.context.findings().any(|finding| is_against(finding, &self.document))
    }
}

/// True for an error that the service is sure to refuse. What a policy keeps of requests is the service's own, and says
/// nothing against the policy.
pub(crate) fn is_against(finding: &Finding, document: &Document) -> bool {
    let history = || {
        let (Anchor::Node(node) | Anchor::Key(node)) = finding.anchor else { return false };
        let mut requests = document.policies.iter().flat_map(|policy| &policy.history);
        requests.any(|request| request.node <= node && node.0 < document.tape.node(request.node).next)
    };
    against(finding) && !history()
}

fn run_policy(policy: &Policy, cx: &mut Context) {
    table::policy(policy, cx);
    run_machines(&policy.machines, policy, cx);
    run_machines(&policy.copied, policy, cx);
    for request in &policy.history {
        run_request(request, cx);
    }
}

/// By itself, so that there is one of it, with all rules inside.
#[inline(never)]
fn run_machines(machines: &[Machine], policy: &Policy, cx: &mut Context) {
    for machine in machines {
        if cx.is_full() {
            return;
        }
        run_machine(machine, policy, cx);
    }
}

fn run_machine(machine: &Machine, policy: &Policy, cx: &mut Context) {
    if let Some((id, node)) = machine.id.given() {
        table::machine_id(id, node, Side::Policy, cx);
    }
    table::machine(machine, policy, cx);
    run_port_rules(&machine.ports, cx);
    run_port_rules(&machine.copied, cx);
}

/// Likewise.
#[inline(never)]
fn run_port_rules(rules: &[PortRule], cx: &mut Context) {
    for rule in rules {
        run_port_rule(rule, cx);
    }
}

fn run_port_rule(rule: &PortRule, cx: &mut Context) {
    table::port_rule(rule, cx);
    let number = rule.number.given();
    if let Some((&port, node)) = number {
        table::port(port, node, Side::Policy, cx);
    }
    run_sources(&rule.sources, rule.node, number.and_then(|(port, _)| port.port()), Side::Policy, cx);
    if let Some((&duration, node)) = rule.max_duration.given() {
        table::duration(duration, node, Side::Policy, cx);
    }
}

fn run_sources(sources: &Sources, object: NodeId, port: Option<u16>, side: Side, cx: &mut Context) {
    table::sources(sources, object, port, side, cx);
    for (source, node) in sources.given() {
        table::source(source, node, side, cx);
    }
}

fn run_request(request: &Request, cx: &mut Context) {
    let side = if request.stored { Side::Stored } else { Side::Request };
    table::request(request, cx);
    if let Some((&time, node)) = request.start.given() {
        table::time(time, node, side, cx);
    }
    for machine in &request.machines {
        if cx.is_full() {
            return;
        }
        run_request_machine(machine, request, side, cx);
    }
}

fn run_request_machine(machine: &RequestMachine, request: &Request, side: Side, cx: &mut Context) {
    if let Some((id, node)) = machine.id.given() {
        table::machine_id(id, node, side, cx);
    }
    table::request_machine(machine, request, cx);
    for port in &machine.ports {
        run_request_port(port, request, side, cx);
    }
}

fn run_request_port(port: &RequestPort, request: &Request, side: Side, cx: &mut Context) {
    table::request_port(port, request, cx);
    let numbers = [&port.number, &port.mapped_port];
    for (&number, node) in numbers.into_iter().filter_map(|field| field.given()) {
        table::port(number, node, side, cx);
    }
    let number = port.number.get().and_then(|number| number.port());
    run_sources(&port.sources, port.node, number, side, cx);
    if let Some((&duration, node)) = port.duration.given() {
        table::duration(duration, node, side, cx);
    }
    if let Some((&time, node)) = port.end.given() {
        table::time(time, node, side, cx);
    }
}

impl Context<'_, '_> {
    /// Shows a reason against a request to every rule.
    pub(crate) fn refuse(&mut self, refusal: &crate::decide::Refusal) {
        table::refusal(refusal, self);
    }

    /// Shows something odd about a network to every rule.
    fn odd(&mut self, fact: &NetworkFact) {
        if !self.is_full() {
            table::network(fact, self);
        }
    }

    /// Shows what a policy and a network show together to every rule.
    pub(crate) fn expose(&mut self, fact: &crate::preview::ExposureFact) {
        table::exposure(&fact.exposure, fact.node, self);
    }
}
