//! Exports, calls' answers and templates → [`Network`]. Reading never fails: what is not understood becomes
//! unknown in the model, and a [`NetworkFact`].
//!
//! Every resource is read by the names of its members, in whatever case, on the object itself or under
//! `properties`: so one reader serves Resource Manager, Resource Graph, the Azure CLI and PowerShell.

mod deployed;
mod ec2;
mod expression;
mod firewall;
mod interface;
mod kind;
mod machine;
mod route;
mod rule;
mod security_group;
mod tags;
mod twice;
mod value;
mod vnet;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

pub use kind::is_network;
use kind::{Found, member};

use super::draft::Draft;
use super::fact::{Lost, NetworkFact, Oddity, ResourceKind};
use super::given::{Network, Place};
use crate::json::{NodeId, NodeKind, Tape};

/// Reads what the files hold, and links it: in which file a resource stands makes no difference.
pub fn read(files: &[&Tape]) -> (Network, Vec<NetworkFact>) {
    read_among(files, 0)
}

/// The same; what the first of the files have, so many, gives way to what the others say of it.
pub(crate) fn read_among(files: &[&Tape], around: usize) -> (Network, Vec<NetworkFact>) {
    let around = u32::try_from(around).unwrap_or(u32::MAX);
    let mut draft = Draft { around, ..Draft::default() };
    for (file, tape) in (0_u32..).zip(files) {
        let mut reader = Reader {
            tape,
            file,
            scopes: Vec::new(),
            scope: None,
            base: String::new(),
            strict: false,
            first: false,
            listed: false,
            next: None,
            draft: &mut draft,
        };
        if let Some(root) = tape.root() {
            reader.walk(root, true);
        }
    }
    draft.link()
}

/// Reads one file.
struct Reader<'a, 't> {
    tape: &'a Tape<'t>,
    file: u32,
    /// The templates around the resource at hand and before it.
    scopes: Vec<expression::Scope<'t>>,
    /// The innermost template whose parameters and variables count here.
    scope: Option<usize>,
    /// What the ids of its resources begin with: nothing where it does not tell where it is deployed to.
    base: String,
    /// Parameters' defaults do not count, since they may be given other values.
    strict: bool,
    /// Of members that an object has twice the first counts, not the last.
    first: bool,
    /// The resource at hand is one of a list, in which all of its kind are.
    listed: bool,
    /// What tells that there are more behind the page at hand.
    next: Option<NodeId>,
    draft: &'a mut Draft,
}

/// The resource in whose `resources` another stands.
#[derive(Clone, Copy)]
struct Parent<'p> {
    of: &'p str,
    id: &'p str,
}

/// What every resource has.
struct Head {
    id: String,
    name: String,
    location: String,
    place: Place,
}

impl Reader<'_, '_> {
    fn place(&self, node: NodeId) -> Place {
        Place { file: self.file, node }
    }

    #[cold]
    fn fact(&mut self, node: NodeId, oddity: Oddity) {
        let place = self.place(node);
        self.draft.fact(place, oddity);
    }

    /// The members of these names, of the object itself or else of its `properties`; `null` is as good as
    /// nothing.
    fn fields<const N: usize>(&self, node: NodeId, names: &[&str; N]) -> [Option<NodeId>; N] {
        let mut found = [None; N];
        let mut properties = None;
        self.collect(node, names, &mut found, &mut properties);
        if let Some(properties) = properties {
            let mut inner = [None; N];
            self.collect(properties, names, &mut inner, &mut None);
            for (slot, inner) in found.iter_mut().zip(inner) {
                *slot = slot.or(inner);
            }
        }
        found
    }

    fn collect(
        &self,
        node: NodeId,
        names: &[&str],
        found: &mut [Option<NodeId>],
        properties: &mut Option<NodeId>,
    ) {
        for member in self.tape.members(node) {
            let key = match self.tape.plain(member.key) {
                Some(key) => Cow::Borrowed(key),
                None => self.tape.string(member.key).unwrap_or_default(),
            };
            if self.tape.kind(member.value) == NodeKind::Null {
                continue;
            }
            if key.eq_ignore_ascii_case("properties") {
                if !(self.first && properties.is_some()) {
                    *properties = Some(member.value);
                }
            } else if let Some((_, slot)) =
                names.iter().zip(found.iter_mut()).find(|(name, _)| key.eq_ignore_ascii_case(name))
                && !(self.first && slot.is_some())
            {
                *slot = Some(member.value);
            }
        }
    }

    /// Goes into containers and reads the resources in them; a list may be `whole` or a page of one. The depth is that of
    /// the text, which is limited.
    fn walk(&mut self, node: NodeId, whole: bool) {
        match self.tape.kind(node) {
            NodeKind::Array => {
                for element in self.tape.elements(node) {
                    match self.tape.kind(element.value) {
                        NodeKind::Object => self.one(element.value, None, whole),
                        _ => self.walk(element.value, whole),
                    }
                }
            }
            NodeKind::Object => self.one(node, None, false),
            _ => {}
        }
    }

    /// One of a list, or one by itself.
    fn one(&mut self, node: NodeId, parent: Option<Parent>, listed: bool) {
        self.listed = listed;
        self.object(node, parent);
    }

    fn object(&mut self, node: NodeId, parent: Option<Parent>) {
        match kind::kind(self.tape, node, parent.map(|parent| parent.of)) {
            Some(found) => self.resource(found, node, parent),
            None => self.container(node),
        }
    }

    fn container(&mut self, node: NodeId) {
        let (outer, outer_next) = (self.scope, self.next);
        self.enter(node);
        // What a page holds is as little whole: instances stand in reservations.
        self.next = self.next_page(node).or(outer_next);
        let whole = self.next.is_none();
        for inner in self.tape.members(node) {
            let name = self.tape.string(inner.key).unwrap_or_default();
            if !kind::CONTAINERS.iter().any(|container| name.eq_ignore_ascii_case(container)) {
                continue;
            }
            if name.eq_ignore_ascii_case("resources") {
                self.resources(inner.value, None);
            } else {
                self.walk(inner.value, whole);
            }
        }
        (self.scope, self.next) = (outer, outer_next);
    }

    /// What tells that there are more than this page has.
    fn next_page(&self, node: NodeId) -> Option<NodeId> {
        let of = |name: &&str| member(self.tape, node, name);
        let token = |next: &NodeId| !self.words(Some(*next)).is_empty();
        let mut tokens = kind::NEXT_PAGE.iter().filter_map(of).filter(token);
        let is_true = |next: &NodeId| self.is_true(Some(*next));
        tokens.next().or_else(|| kind::TRUNCATED.iter().filter_map(of).find(is_true))
    }

    /// A machine or a NIC of a page behind which there are more. Other pages may have come too, but none tells whether
    /// those between it and the last did: so there may be more, until the whole list is given as one.
    fn one_of_more(&mut self, found: Found) {
        let network = &mut self.draft.network;
        let more = match found {
            Found::Machine | Found::Nic => &mut network.more,
            Found::Instance | Found::Interface => &mut network.more_ec2,
            _ => return,
        };
        let Some(next) = self.next else { return };
        *more = true;
        let place = self.place(next);
        // Each page is said once.
        if self.draft.pages.last() != Some(&place) {
            self.draft.pages.push(place);
            self.fact(next, Oddity::Lost(Lost::Page));
        }
    }

    /// A template's resources: a list, or members with names of their own.
    fn resources(&mut self, node: NodeId, parent: Option<Parent>) {
        let tape = self.tape;
        let listed = tape.elements(node).map(|element| element.value);
        for node in listed.chain(tape.members(node).map(|member| member.value)) {
            match tape.kind(node) {
                NodeKind::Object => self.one(node, parent, true),
                NodeKind::Array => self.walk(node, true),
                _ => {}
            }
        }
    }

    fn resource(&mut self, found: Found, node: NodeId, parent: Option<Parent>) {
        // What is in a resource hangs on what that hangs on.
        let outer = self.draft.perhaps.clone();
        if self.is_deployed(node, found) {
            self.deployed(found, node, parent);
        }
        self.draft.perhaps = outer;
    }

    fn deployed(&mut self, found: Found, node: NodeId, parent: Option<Parent>) {
        let tape = self.tape;
        // Nor does one tell what is in a resource that it only refers to.
        let exists = self.is_true(member(tape, node, "existing"));
        self.one_of_more(found);
        let found = if exists { Found::Other } else { found };
        if found == Found::Deployment {
            return self.deployment(node);
        }
        self.read(found, node, parent);
        self.read_again(found, node, parent);
        // Child resources of a template.
        if let Some(inner) = member(tape, node, "resources")
            && let Some(of) = kind::resource_type(tape, node, parent.map(|parent| parent.of))
        {
            let id = self.id(node, parent);
            self.resources(inner, Some(Parent { of: &of, id: &id }));
        }
    }

    fn read(&mut self, found: Found, node: NodeId, parent: Option<Parent>) {
        match found {
            Found::Machine => self.machine(node, parent, false),
            Found::ClassicMachine => self.machine(node, parent, true),
            Found::Nic => self.nic(node, parent),
            Found::Nsg => self.nsg(node, parent),
            Found::Rule => self.lone_rule(node, parent, false),
            Found::DefaultRule => self.lone_rule(node, parent, true),
            Found::Vnet => self.vnet(node, parent),
            Found::Subnet => self.lone_subnet(node, parent),
            Found::Peering => self.lone_peering(node, parent),
            Found::PublicIp => self.public_ip(node, parent),
            Found::Asg => self.asg(node, parent),
            Found::RouteTable => self.route_table(node, parent),
            Found::Route => self.lone_route(node, parent),
            Found::Firewall => self.firewall(node, parent),
            Found::Instance => self.instance(node),
            Found::Interface => self.interface(node),
            Found::SecurityGroup => self.security_group(node),
            Found::ServiceTags => self.service_tags(node),
            Found::Deployment | Found::Other => {}
        }
    }

    /// A template in a template.
    fn deployment(&mut self, node: NodeId) {
        let [template, linked] = self.fields(node, &["template", "templateLink"]);
        if let Some(template) = template.filter(|&id| self.tape.kind(id) == NodeKind::Object) {
            let outer = (self.scope, self.base.clone());
            self.base = self.deployed_to(node);
            self.enter_nested(node, template);
            if let Some(resources) = member(self.tape, template, "resources") {
                self.resources(resources, None);
            }
            (self.scope, self.base) = outer;
        } else if let Some(linked) = linked {
            self.fact(linked, Oddity::LinkedTemplate);
        }
    }

    /// True for what tells of something that exists, as opposed to a template or a call, which tell all that is to be.
    fn is_export(&self, node: NodeId) -> bool {
        let version = member(self.tape, node, "apiVersion").and_then(|node| self.tape.string(node));
        version.is_none_or(|version| version.is_empty())
    }

    /// Remembers a resource that came without what decides, and where it is named; false where it came before: what is
    /// known of it stays.
    fn bare(&mut self, id: &str, kind: ResourceKind, node: NodeId) -> bool {
        if self.draft.names.get(id, kind.number()).is_some() {
            return false;
        }
        let named = ["name", "id", "GroupId"].into_iter().find_map(|name| member(self.tape, node, name));
        let places = [self.place(node), self.place(named.unwrap_or(node))];
        self.draft.bare.insert(String::from(id), kind.number(), places);
        true
    }

    /// The id, the name and the region of a resource.
    fn head(&mut self, node: NodeId, parent: Option<Parent>, kind: ResourceKind) -> Head {
        let id = self.id(node, parent);
        let name = member(self.tape, node, "name").and_then(|node| self.name(node));
        let last = |text: &str| String::from(text.rsplit('/').next().unwrap_or(text));
        // A child's name in a template may have its parents' in front of it.
        let name = name.map_or_else(|| last(&id), |name| last(&name));
        let location = self.words(member(self.tape, node, "location"));
        if id.is_empty() {
            self.fact(node, Oddity::NoId(kind));
        }
        Head { id, name, location, place: self.place(node) }
    }

    /// The id as it is told, or as a template's type and name make it: without what the template does not know,
    /// as `resourceId` in an expression makes it too.
    fn id(&mut self, node: NodeId, parent: Option<Parent>) -> String {
        let tape = self.tape;
        if let Some(id) =
            member(tape, node, "id").and_then(|node| self.name(node)).filter(|id| !id.is_empty())
        {
            return id.trim_end_matches('/').into();
        }
        let Some(name) = member(tape, node, "name").and_then(|node| self.name(node)) else {
            return String::new();
        };
        let Some(of) = kind::resource_type(tape, node, parent.map(|parent| parent.of)) else {
            return String::new();
        };
        if let Some(parent) = parent
            && !name.contains('/')
            && let Some(last) = of.rsplit('/').next()
        {
            return [parent.id, last, &name].join("/");
        }
        [&*self.base, &expression::resource_id(&of, &name)].concat()
    }
}
