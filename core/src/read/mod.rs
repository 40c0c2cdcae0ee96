//! Nodes → model. Reading never fails: it returns what could be understood and, as [`Fact`]s, what
//! could not. Facts have no words; the rules give them some.

mod fact;
mod guess;
pub(crate) mod http;
mod members;
mod near;
mod policy;
mod request;
mod search;
mod shape;
#[cfg(feature = "script")]
mod speech;
mod unresolved;
mod values;

use alloc::vec::Vec;

use crate::json::{NodeId, Tape};
use crate::model::{Kind, MachineId, Policy, Request};
use crate::network;

pub use fact::{BareForm, Expected, Fact, Language};
pub use guess::language;
pub use unresolved::{Unresolved, is_cut_off, is_suspect, placeholder, unresolved};
pub use values::is_one_of;

/// The name by which a policy holds the id that its address says where that is known in part only: readers pass over it.
#[cfg(any(feature = "script", feature = "convert"))]
pub(crate) const PARTLY: &str = "$resourceId";

/// More facts than a report holds; it is cut long before.
pub(crate) const MAX_FACTS: usize = 20_000;

/// What was understood of a document.
#[derive(Debug)]
pub struct Document<'a, 't> {
    /// The nodes it was read from.
    pub tape: &'a Tape<'t>,
    /// What it was read as.
    pub kind: Kind,
    /// Its policies, in order.
    pub policies: Vec<Policy<'t>>,
    /// Policies that are not deployed, though parts of what is may be taken from there: rules see them, and nothing else.
    pub asides: Vec<Policy<'t>>,
    /// Its requests, in order; the history of a policy is the policy's own.
    pub requests: Vec<Request<'t>>,
    /// What was not understood, roughly in order.
    pub facts: Vec<Fact>,
}

/// Reads a document as the kind told, or as what it looks like.
pub fn read<'a, 't>(tape: &'a Tape<'t>, told: Option<Kind>) -> Document<'a, 't> {
    let mut reader = Reader::new(tape);
    let kind = match tape.root() {
        #[cfg(feature = "script")]
        Some(_) if tape.is_script() => reader.script(told),
        Some(root) => reader.document(root, told),
        None => Kind::Unknown,
    };
    let Reader { policies, asides, requests, facts, .. } = reader;
    Document { tape, kind, policies, asides, requests, facts }
}

/// Reads the body of a PUT. What it says of requests and in read-only members is ignored, whatever it is: clients
/// send back what they got, with times cut and members put in.
pub(crate) fn read_policy_body<'a, 't>(tape: &'a Tape<'t>) -> Document<'a, 't> {
    let mut reader = Reader::new(tape);
    let policies = tape.root().map(|root| reader.policy_body(root)).into_iter().collect();
    let (asides, requests) = (Vec::new(), Vec::new());
    Document { tape, kind: Kind::Policy, policies, asides, requests, facts: reader.facts }
}

/// Reads the body of an `initiate` call: one request, not a part of one or several.
pub(crate) fn read_request_body<'a, 't>(tape: &'a Tape<'t>) -> Document<'a, 't> {
    let mut reader = Reader::new(tape);
    let requests = tape.root().map(|root| reader.request(root, false)).into_iter().collect();
    let (policies, asides) = (Vec::new(), Vec::new());
    Document { tape, kind: Kind::Request, policies, asides, requests, facts: reader.facts }
}

/// How much of what is deployed something is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// All of it.
    Whole,
    /// It may be a part only: what is missing is put to it elsewhere.
    Part,
    /// None of it, though parts may be taken from it.
    Aside,
}

/// Reads one document.
struct Reader<'a, 't> {
    tape: &'a Tape<'t>,
    facts: Vec<Fact>,
    policies: Vec<Policy<'t>>,
    asides: Vec<Policy<'t>>,
    requests: Vec<Request<'t>>,
    /// The id of the machine read last: the next one will be much like it.
    last_machine: Option<MachineId<'t>>,
    /// What is read stands inside a template or a playbook.
    in_template: bool,
    /// It is as PowerShell prints it, with a capital at the beginning of each name.
    is_printed: bool,
    /// What it hangs on whether a template deploys what is read.
    perhaps: Option<NodeId>,
    /// What is read is this much of what is deployed.
    standing: Standing,
}

impl<'a, 't> Reader<'a, 't> {
    fn new(tape: &'a Tape<'t>) -> Self {
        Self {
            tape,
            facts: Vec::new(),
            policies: Vec::new(),
            asides: Vec::new(),
            requests: Vec::new(),
            last_machine: None,
            in_template: false,
            is_printed: false,
            perhaps: None,
            standing: Standing::Whole,
        }
    }
}

impl Reader<'_, '_> {
    #[cold]
    fn fact(&mut self, fact: Fact) {
        if self.facts.len() < MAX_FACTS {
            self.facts.push(fact);
        }
    }

    /// The documents of a script. Several policies are a list; policies and requests, what a template holds.
    #[cfg(feature = "script")]
    fn script(&mut self, told: Option<Kind>) -> Kind {
        let tape = self.tape;
        let mut all: Option<Kind> = None;
        for &(root, kind, undone) in tape.parts() {
            let before = self.policies.len();
            // A script has no form for several: each is what it is by itself.
            let told = told.filter(|told| !matches!(told, Kind::PolicyList | Kind::Template));
            let kind = self.document(root, told.or(kind));
            self.policies.iter_mut().skip(before).for_each(|policy| policy.undone = undone);
            all = Some(kind.with(all));
        }
        all.unwrap_or_default()
    }

    fn document(&mut self, root: NodeId, told: Option<Kind>) -> Kind {
        let guess = guess::guess(self.tape, root);
        let kind = told.unwrap_or(guess.kind);
        let bare = guess.bare.filter(|_| guess.kind == kind);
        match (kind, bare) {
            (Kind::Policy, Some(bare)) => self.bare_policy(root, bare),
            (Kind::Policy, None) => {
                let policy = self.policy(root, false);
                self.policies.push(policy);
            }
            (Kind::PolicyList, _) => self.policy_list(root),
            (Kind::Request, Some(bare)) => self.bare_request(root, bare),
            (Kind::Request, None) if guess.batch => return self.batch(root),
            (Kind::Request, None) => {
                let request = self.request(root, false);
                self.requests.push(request);
            }
            (Kind::StoredRequest, _) => {
                let request = self.request(root, true);
                self.requests.push(request);
            }
            (Kind::Template, _) => {
                self.in_template = true;
                self.template(root);
            }
            (Kind::Network, _) if network::is_network(self.tape, root) => self.names(root),
            (Kind::Network | Kind::Unknown, _) => {
                self.names(root);
                self.fact(Fact::UnknownKind {
                    node: root,
                    resource: guess.resource,
                    network: kind == Kind::Network,
                });
            }
        }
        kind
    }
}
