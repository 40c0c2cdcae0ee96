//! Nodes → model. Reading never fails: it returns what could be understood and, as [`Fact`]s, what
//! could not. Facts have no words; the rules give them some.

mod fact;
mod guess;
mod members;
mod policy;
mod request;
mod search;
mod shape;
mod unresolved;
mod values;

use alloc::vec::Vec;

use crate::json::{NodeId, Tape};
use crate::model::{Kind, MachineId, Policy, Request};
use crate::network;

pub use fact::{BareForm, Expected, Fact, Language};
pub use guess::language;
pub use unresolved::{Unresolved, is_cut_off, is_suspect, unresolved};

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
    /// Its requests, in order; the history of a policy is the policy's own.
    pub requests: Vec<Request<'t>>,
    /// What was not understood, roughly in order.
    pub facts: Vec<Fact>,
}

/// Reads a document as the kind told, or as what it looks like.
pub fn read<'a, 't>(tape: &'a Tape<'t>, told: Option<Kind>) -> Document<'a, 't> {
    let mut reader =
        Reader { tape, facts: Vec::new(), policies: Vec::new(), requests: Vec::new(), last_machine: None };
    let kind = match tape.root() {
        Some(root) => reader.document(root, told),
        None => Kind::Unknown,
    };
    Document { tape, kind, policies: reader.policies, requests: reader.requests, facts: reader.facts }
}

/// Reads one document.
struct Reader<'a, 't> {
    tape: &'a Tape<'t>,
    facts: Vec<Fact>,
    policies: Vec<Policy<'t>>,
    requests: Vec<Request<'t>>,
    /// The id of the machine read last: the next one will be much like it.
    last_machine: Option<MachineId<'t>>,
}

impl Reader<'_, '_> {
    #[cold]
    fn fact(&mut self, fact: Fact) {
        if self.facts.len() < MAX_FACTS {
            self.facts.push(fact);
        }
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
            (Kind::Request, None) if guess.batch => self.batch(root),
            (Kind::Request, None) => {
                let request = self.request(root, false);
                self.requests.push(request);
            }
            (Kind::StoredRequest, _) => {
                let request = self.request(root, true);
                self.requests.push(request);
            }
            (Kind::Template, _) => self.template(root),
            (Kind::Network, _) if network::is_network(self.tape, root) => self.names(root),
            (Kind::Network | Kind::Unknown, _) => {
                self.names(root);
                self.fact(Fact::UnknownKind { node: root, resource: guess.resource });
            }
        }
        kind
    }
}
