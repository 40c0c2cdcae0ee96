//! The inventory as it stands: under the policies that are stored, with the grants that are live. Each part is worked
//! out when it is first asked for, and kept until what it is made of changes.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::busy::counting;
use super::view::{List, View};
use crate::ledger::{self, GrantView, InventoryFile, ResourceId, State};
use crate::model::Timestamp;
use crate::network::{Engine, Index};
use crate::preview::{Activity, Fleet, Granted, LiveGrant, MachineExposure, Mode, Names, Origin, Standing};
use crate::wire::ledger::policy_rules;

/// How far back requests are counted.
const WEEK: Duration = Duration::from_hours(7 * 24);

/// What was worked out last.
#[derive(Debug, Default)]
pub struct Cache {
    view: Option<(Option<Arc<ledger::Inventory>>, Arc<View>)>,
    fleet: Option<(Policies, Arc<Ordered>)>,
    present: Option<(u64, Arc<Present>)>,
}

/// How many policies there are, the newest of their versions, and how many machines were ever in one. Versions only grow,
/// and what is deleted does not come back, so that in one ledger the same three always mean the same policies, and the same
/// machines that none has any more.
type Policies = (usize, u64, usize);

/// A fleet with its machines in the order of lists.
#[derive(Debug)]
struct Ordered {
    fleet: Fleet,
    /// Machines of the network, by the ids that policies have for them or else their own; behind those, in the order of
    /// their places, the machines of policies that are not in the network.
    machines: List,
}

/// The inventory at an instant.
#[derive(Debug)]
pub struct Present {
    /// The network.
    pub view: Arc<View>,
    ordered: Arc<Ordered>,
    /// The rules as they stand.
    pub standing: Standing,
}

impl Cache {
    /// The inventory of this state, at a time that is not before it; `read` has the bytes of a file that was imported.
    /// This may take a second, where the policies of a large fleet have changed.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn present<B: AsRef<[u8]>, E>(
        &mut self,
        state: &State,
        now: Timestamp,
        read: impl Fn(&InventoryFile) -> Result<B, E>,
    ) -> Result<Arc<Present>, E> {
        let now = state.present(now);
        if let Some((seq, present)) = &self.present
            && *seq == state.seq()
            && present.is_good_at(now)
        {
            return Ok(present.clone());
        }
        let view = self.view(state, read)?;
        let ordered = self.fleet(&view, state);
        let present = Arc::new(Present { view, standing: standing(&ordered.fleet, state, now), ordered });
        self.present = Some((state.seq(), present.clone()));
        Ok(present)
    }

    /// The network of this state; `read` has the bytes of a file that was imported.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn view<B: AsRef<[u8]>, E>(
        &mut self,
        state: &State,
        read: impl Fn(&InventoryFile) -> Result<B, E>,
    ) -> Result<Arc<View>, E> {
        let inventory = state.inventory();
        if let Some((known, view)) = &self.view
            && known.as_ref() == inventory
        {
            return Ok(view.clone());
        }
        let files = inventory.map(|inventory| inventory.files.as_slice()).unwrap_or_default();
        let contents: Vec<B> = files.iter().map(read).collect::<Result<_, E>>()?;
        let contents: Vec<&[u8]> = contents.iter().map(AsRef::as_ref).collect();
        let view = Arc::new(View::read(&contents));
        (self.fleet, self.present) = (None, None);
        self.view = Some((inventory.cloned(), view.clone()));
        Ok(view)
    }

    fn fleet(&mut self, view: &View, state: &State) -> Arc<Ordered> {
        let newest = state.all_policies().map(|policy| policy.tag.version).max().unwrap_or_default();
        let policies = (state.policy_count(), newest, state.machine_count());
        if let Some((known, ordered)) = &self.fleet
            && *known == policies
        {
            return ordered.clone();
        }
        // What is known is of the same network: another one would have taken it away.
        let known = self.fleet.as_ref().map(|(_, known)| &known.fleet);
        let fleet = fleet(known, &view.network().engine, state);
        let ordered = Arc::new(Ordered::new(fleet));
        self.fleet = Some((policies, ordered.clone()));
        ordered
    }
}

impl Ordered {
    fn new(fleet: Fleet) -> Self {
        let network = fleet.given().network();
        let count = network.machines.len();
        let given = (0..count).map(|at| (at, fleet.named(Index::new(at))));
        let machines = List::new(given.chain((count..).zip(fleet.absent_ids())));
        Self { fleet, machines }
    }
}

/// The network under the policies of a state, with what was worked out under others.
pub(super) fn fleet(known: Option<&Fleet>, engine: &Engine, state: &State) -> Fleet {
    let documents: Vec<String> = state.all_policies().map(|policy| policy_rules(policy, |_| true)).collect();
    let documents: Vec<&[u8]> = documents.iter().map(String::as_bytes).collect();
    let once: Vec<&str> = state.former_machines().map(ResourceId::text).collect();
    match known {
        Some(known) => known.under(&documents, &once, Mode::Enforce, Names::Instances),
        None => Fleet::new(engine, &documents, &once, Mode::Enforce, Names::Instances),
    }
}

fn standing(fleet: &Fleet, state: &State, now: Timestamp) -> Standing {
    let grants = granted(fleet, state, now);
    fleet.standing(grants.into_iter().map(|(grant, _)| grant).collect(), now)
}

/// The grants that count at an instant, for the machines and ports that policies have then, each with its request.
pub(super) fn granted<'s>(
    fleet: &Fleet,
    state: &'s State,
    now: Timestamp,
) -> Vec<(LiveGrant, &'s ledger::Request)> {
    let counting = counting(state, fleet, now);
    let sources: Vec<_> = counting.iter().map(|view| view.grant.prefixes.nets()).collect();
    let grants = counting.iter().zip(&sources).flat_map(|(view, sources)| {
        let GrantView { request, grant, .. } = *view;
        grant.protocols.iter().map(move |protocol| {
            let granted = Granted {
                policy: request.policy.text(),
                machine: grant.machine.text(),
                port: grant.number,
                protocol: Some(protocol),
                sources,
                from: request.start,
                until: view.until(),
                who: request.requestor.requestor(),
                why: request.justification.as_deref(),
            };
            (granted, request)
        })
    });
    let (grants, requests): (Vec<Granted>, Vec<&ledger::Request>) = grants.unzip();
    let live = fleet.granted(&grants).into_iter();
    let request = |grant: &LiveGrant| match grant.origin {
        Origin::Request(index) | Origin::History(index) => requests.get(index).copied(),
    };
    live.filter_map(|grant| request(&grant).map(|request| (grant, request))).collect()
}

impl Present {
    /// True as long as nothing has ended since.
    fn is_good_at(&self, now: Timestamp) -> bool {
        self.standing.at <= now && self.standing.until().is_none_or(|until| now < until)
    }

    /// The fleet under all policies.
    pub fn fleet(&self) -> &Fleet {
        &self.ordered.fleet
    }

    /// Machines whose keys begin so and come after another, in order; behind them, where they are wanted, the EC2
    /// instances that no policy has, which are in no subscription.
    pub fn machines<'p>(
        &'p self,
        prefix: &str,
        after: Option<&str>,
        instances: bool,
    ) -> impl Iterator<Item = (&'p str, MachineExposure<'p>)> {
        let list = &self.ordered.machines;
        let listed =
            list.after(prefix, after).chain(instances.then(|| list.after("i-", after)).into_iter().flatten());
        listed.filter_map(|(key, at)| Some((key, self.at(at)?)))
    }

    fn at(&self, place: usize) -> Option<MachineExposure<'_>> {
        let given = self.fleet().given().network().machines.len();
        match place.checked_sub(given) {
            None => self.fleet().machine(&self.standing, Index::new(place)),
            Some(absent) => self.fleet().absent_at(&self.standing, absent),
        }
    }

    /// The machine of that id, by its own or the one that policies have for it.
    pub fn machine(&self, id: &str) -> Option<MachineExposure<'_>> {
        let by_policy = || self.fleet().find(id).map(Index::get);
        self.at(self.ordered.machines.find(id).or_else(by_policy)?)
    }
}

/// Who came lately to a machine, by the ledger.
pub fn activity(state: &State, machine: &str, now: Timestamp) -> Activity {
    let mut activity = Activity::default();
    let mut counted = None;
    for view in state.grants_of(&ResourceId::new(machine)) {
        let start = view.request.start;
        if activity.last.is_none() {
            activity.last = Some((start, view.request.requestor.requestor().to_owned()));
        }
        if now.since(start).is_some_and(|age| age > WEEK) {
            break;
        }
        if counted != Some(view.request.seq) {
            counted = Some(view.request.seq);
            activity.last_seven_days = activity.last_seven_days.saturating_add(1);
        }
    }
    activity
}

/// How many machines there are of each group, and how many are open or exposed.
pub fn counts<'m>(machines: impl Iterator<Item = MachineExposure<'m>>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::from(
        ["configured", "notConfigured", "unsupported", "open", "residual"].map(|name| (name, 0_usize)),
    );
    let mut add = |name| {
        if let Some(count) = counts.get_mut(name) {
            *count = count.saturating_add(1);
        }
    };
    for machine in machines {
        add(machine.group().0);
        if !machine.open.is_empty() {
            add("open");
        }
        if machine.has_residual() {
            add("residual");
        }
    }
    counts
}
