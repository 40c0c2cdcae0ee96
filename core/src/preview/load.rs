//! Files of a network, read once and asked many times; and the reports of all documents.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::answer::{DocumentReport, Role};
use super::documents::{Documents, Read};
use super::exposure::ExposureFact;
use crate::CheckOptions;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::locate::locate;
use crate::json::{Tape, scan};
use crate::model::Timestamp;
use crate::network::{self, Engine, Network};
use crate::order;
use crate::rules::{Checked, Context};

/// A network, ready to be asked.
#[derive(Debug)]
pub struct Loaded {
    /// It answers.
    pub engine: Engine,
    /// What is to be said about each file.
    pub reports: Vec<DocumentReport>,
    /// The texts of the files, for the places of what a policy has to add.
    texts: Vec<String>,
}

impl Loaded {
    /// A network without its files: nothing is said about them.
    pub fn of(engine: Engine) -> Self {
        Self { engine, reports: Vec::new(), texts: Vec::new() }
    }

    /// Reads the files of a network, and nothing is said about them: quicker than [`load`].
    pub fn read(files: &[&[u8]]) -> Self {
        Self::read_with(files, |_, _| ()).0
    }

    /// The same; `look` sees the nodes of the files too, and the network that they make.
    pub fn read_with<T>(files: &[&[u8]], look: impl FnOnce(&[&Tape], &Network) -> T) -> (Self, T) {
        let texts = Read::new(files);
        let tapes = texts.tapes();
        let tapes = tapes.all();
        let network = network::read(&tapes).0;
        let seen = look(&tapes, &network);
        (Self::of(Engine::new(network)), seen)
    }
}

/// Reads the files of a network, in whatever order and form they were exported.
pub fn load(files: &[&[u8]], now: Option<Timestamp>) -> Loaded {
    let texts = Read::new(files);
    let tapes = texts.tapes();
    let (network, checked) = tapes.check_network(now);
    let reports = checked.into_iter().enumerate();
    Loaded {
        engine: Engine::new(network),
        reports: reports.map(|(index, checked)| of(Role::Network, index, checked)).collect(),
        texts: texts.texts().map(ToString::to_string).collect(),
    }
}

/// A document's report.
pub(super) fn of(role: Role, index: usize, checked: Checked) -> DocumentReport {
    let (kind, tape) = (checked.document.kind, checked.document.tape);
    DocumentReport { role, index, kind, diagnostics: locate(tape, checked.context.into_findings()) }
}

/// The reports of all documents, with what they show together.
pub(super) fn reports(
    network: &Loaded,
    policies: Documents,
    requests: Documents,
    facts: &[ExposureFact],
    now: Timestamp,
) -> Vec<DocumentReport> {
    let mut reports = Vec::new();
    for (role, documents) in [(Role::Policy, policies), (Role::Request, requests)] {
        for (index, mut checked) in documents.checked.into_iter().enumerate() {
            for fact in facts.iter().filter(|fact| fact.role == role && fact.index == index) {
                checked.context.expose(fact);
            }
            reports.push(of(role, index, checked));
        }
    }
    for (report, text) in network.reports.iter().zip(&network.texts) {
        let mut report = report.clone();
        let mut own =
            facts.iter().filter(|fact| fact.role == Role::Network && fact.index == report.index).peekable();
        if own.peek().is_some() {
            let (tape, _) = scan(text);
            let mut context = Context::new(&tape, CheckOptions { kind: None, now: Some(now) });
            own.for_each(|fact| context.expose(fact));
            report.diagnostics.extend(locate(&tape, context.into_findings()));
            order::sort_by(&mut report.diagnostics, |one: &Diagnostic, other| {
                one.range.start.cmp(&other.range.start)
            });
        }
        reports.push(report);
    }
    reports
}
