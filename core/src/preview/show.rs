//! The states of the network side by side, and what each machine's are.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::answer::{
    Interval, Left, MachinePreview, RuleChange, RuleChanges, RuleMove, States, lost, surely_lost,
};
use super::beside::Sees;
use super::draft::Draft;
use super::fleet::{Fleet, Opened};
use super::residual::residual;
use super::rules::{Write, Writes};
use super::scene::{Opening, Scene};
use super::site::sites;
use super::target::Target;
use super::time::Origin;
use super::world::World;
use super::{strip, text, time};
use crate::model::{Protocol, Timestamp};
use crate::network::{Bounds, Engine, Index, Network, NetworkSecurityGroup, SecurityRule, VirtualMachine};
use crate::order;
use crate::sets::Traffic;

/// The network in all its states.
pub(super) struct Worlds<'n> {
    pub scene: &'n Scene,
    pub network: &'n Network,
    pub before: World<'n>,
    pub as_found: World<'n>,
    pub rest: World<'n>,
    pub opening: Opening,
    pub open: World<'n>,
    after: World<'n>,
}

impl<'n> Worlds<'n> {
    pub(super) fn new(engine: &'n Engine, scene: &'n Scene, at: Timestamp) -> Self {
        let given = World::given(engine);
        let network = given.network;
        let opening = scene.open(network, at);
        let rest = given.with(&scene.rest);
        Self {
            scene,
            network,
            before: given.with(&scene.before),
            as_found: given.with(&scene.as_found),
            open: rest.near(&scene.rest, &opening.draft),
            after: rest.near(&scene.rest, &strip::close(network, &opening.draft, &scene.rest)),
            rest,
            opening,
        }
    }

    /// With the tables of another network at rest, wherever they are the same.
    pub(super) fn sharing(self, at_rest: &Engine) -> Self {
        let rest = self.rest.sharing(at_rest);
        let near = |draft: &Draft| rest.near(&self.scene.rest, draft);
        let open = near(&self.opening.draft);
        let after = near(&strip::close(self.network, &self.opening.draft, &self.scene.rest));
        Self { before: self.before.sharing(at_rest), rest, open, after, ..self }
    }

    /// Every machine of the network, then those of policies that are not in it. Of one that is not told of, as if no policy
    /// had it.
    pub(super) fn machines(&self) -> Vec<MachinePreview> {
        let mut targets: Vec<Vec<(usize, &Target)>> = Vec::new();
        targets.resize(self.network.machines.len(), Vec::new());
        for (at, target) in self.scene.targets.iter().enumerate() {
            let shown = target.machine.filter(|&machine| self.scene.shows(machine));
            if let Some(of) = shown.and_then(|machine| targets.get_mut(machine.get())) {
                of.push((at, target));
            }
        }
        let machines = targets.iter().enumerate();
        let machines = machines.filter_map(|(index, targets)| self.machine(Index::new(index), targets));
        let mut machines: Vec<MachinePreview> = machines.collect();
        let told = self.scene.targets.iter().filter(|target| self.scene.tells(target));
        for target in told.filter(|target| target.machine.is_none()) {
            machines.push(absent(target, "in a policy, and not in the network that was given"));
        }
        machines
    }

    fn machine(&self, index: Index<VirtualMachine>, targets: &[(usize, &Target)]) -> Option<MachinePreview> {
        let machine = self.network.machines.get(index.get())?;
        let (class, reason) = self.before.classify(index, !targets.is_empty());
        let mut preview = MachinePreview {
            id: machine.id.clone(),
            name: machine.name.clone(),
            class,
            reason,
            policies: targets.iter().map(|(_, target)| target.policy.clone()).collect(),
            ports: ports(targets.iter().map(|(_, target)| *target)),
            rules: RuleChanges::default(),
            states: None,
            entangled: Vec::new(),
            residual: Vec::new(),
            reopened: None,
        };
        if targets.is_empty() {
            return Some(preview);
        }
        let is_own = |target: usize| targets.iter().any(|(own, _)| *own == target);
        preview.rules = self.rules(index, is_own);
        let found = self.scene.stripped.found.iter().any(|found| found.target.is_some_and(is_own));
        let at_rest = self.rest.effective(index);
        let hidden =
            |world: &World, effective: Bounds<Traffic>| with_hidden(world, index, &preview.ports, effective);
        let states = States {
            before: hidden(&self.before, self.before.effective(index)),
            as_found: found.then(|| hidden(&self.as_found, self.as_found.effective(index))),
            open: hidden(&self.open, self.open.effective_near(&self.rest, &at_rest, index)),
            after: hidden(&self.after, self.after.effective_near(&self.rest, &at_rest, index)),
            at_rest: hidden(&self.rest, at_rest.clone()),
        };
        if !states.at_rest.is_exact() {
            let engine = self.rest.engine();
            let name = |of| engine.resource(of).1.unwrap_or_default().to_string();
            preview.entangled = engine.entangled(index).into_iter().map(name).collect();
        }
        for (_, target) in targets {
            if let Some(reaching) = &states.as_found {
                let draft = &self.scene.as_found;
                preview.residual.extend(residual(&self.as_found, draft, target, reaching, true));
            }
            let (draft, reaching) = (&self.scene.rest, &at_rest);
            preview.residual.extend(residual(&self.rest, draft, target, reaching, false));
        }
        preview.states = Some(states);
        Some(preview)
    }

    /// What reaches each machine of a policy at rest, and does not under the version of it that is stored.
    pub(super) fn reopened(&self, machines: &mut [MachinePreview], stored: &Fleet, policy: &str) {
        let world = World::given(stored.at_rest());
        for (index, machine) in (0..self.network.machines.len()).map(Index::new).zip(machines) {
            let Some(states) = machine.states.as_ref().filter(|_| stored.has(policy, index)) else {
                continue;
            };
            let kept_out = with_hidden(&world, index, &machine.ports, world.effective(index));
            machine.reopened = change(&states.at_rest, &kept_out);
        }
    }

    /// The machines that the stored version of a policy has and this one does not, as far as they may be told of.
    pub(super) fn left(&self, stored: &Fleet, policy: &str, sees: &Sees) -> Vec<Left> {
        let world = World::given(stored.at_rest());
        let is_kept = |target: &Target| {
            let mut own = self.scene.targets.iter().filter(|own| own.policy_id.eq_ignore_ascii_case(policy));
            own.any(|own| own.id.eq_ignore_ascii_case(&target.id))
        };
        let left = stored.targets_of(policy).filter(|target| !is_kept(target));
        left.filter_map(|target| {
            let machine = target.machine.filter(|&machine| sees(machine))?;
            let ports = ports([target].into_iter());
            let at_rest = |world: &World| with_hidden(world, machine, &ports, world.effective(machine));
            let reopened = lost(&at_rest(&self.rest), &at_rest(&world));
            Some(Left { id: target.id.clone(), name: target.name.clone(), reopened })
        })
        .collect()
    }

    fn rules(&self, machine: Index<VirtualMachine>, is_own: impl Fn(usize) -> bool) -> RuleChanges {
        let mut changes = RuleChanges::default();
        let mut collect = |writes: &Writes, for_request: bool| {
            for (_, write) in writes.iter().filter(|(target, _)| is_own(*target)) {
                self.written(write, for_request, &mut changes);
            }
        };
        collect(&self.scene.rest_writes, false);
        collect(&self.opening.writes, true);
        let mut nsgs: Vec<Index<NetworkSecurityGroup>> =
            sites(self.network, machine).into_iter().flat_map(|site| site.nsgs).collect();
        order::distinct(&mut nsgs);
        for nsg in nsgs {
            // What was there stands first, in its order, before and after.
            let (before, after) = (
                self.scene.stripped.before.rules(self.network, nsg),
                self.scene.rest.rules(self.network, nsg),
            );
            let moved = before.iter().zip(after).filter(|(before, after)| before.priority != after.priority);
            changes.moved.extend(moved.map(|(before, after): (&SecurityRule, &SecurityRule)| RuleMove {
                resource: text::nsg(self.network, nsg),
                name: before.name.clone(),
                from: before.priority,
                to: after.priority,
            }));
        }
        changes
    }

    fn written(&self, write: &Write, for_request: bool, changes: &mut RuleChanges) {
        let network = self.network;
        let mut add = |resource, rule| changes.added.push(RuleChange { resource, rule, for_request });
        match write {
            Write::Rule { nsg, rule } => add(text::nsg(network, *nsg), text::security_rule(rule, network)),
            Write::Nat { firewall, rule } => {
                if let Some(firewall) = network.firewalls.get(firewall.get()) {
                    add(text::firewall(firewall), text::nat_rule(rule, network));
                }
            }
            Write::Group { group } => {
                for permission in &group.ingress {
                    add(text::group(group), text::permission(permission, network));
                }
            }
            Write::Revoke { group, permission, kept } => {
                let Some(group) = network.security_groups.get(group.get()) else { return };
                for kept in kept {
                    add(text::group(group), text::permission(kept, network));
                }
                let rule = text::permission(permission, network);
                changes.removed.push(RuleChange { resource: text::group(group), rule, for_request });
            }
            Write::NoPriority { .. } => {}
        }
    }

    /// What becomes of the grants of a request that was made now.
    pub(super) fn granted(&self) -> Vec<Opened> {
        let Opening { grants, unwritten, .. } = &self.opening;
        let made = grants.iter().zip(unwritten);
        let made = made.filter(|((grant, _), _)| matches!(grant.origin, Origin::Request(_)));
        made.filter_map(|((grant, mapped), &unwritten)| {
            let target = self.scene.targets.get(grant.target).filter(|target| self.scene.tells(target))?;
            let opened = Opened::new(&target.policy_id, grant.clone(), *mapped, unwritten);
            let Some(machine) = target.machine else { return Some(opened) };
            let own = grants.iter().filter_map(|(grant, mapped)| {
                let target = self.scene.targets.get(grant.target)?;
                (target.machine == Some(machine)).then_some((grant, *mapped, target))
            });
            let engines = (self.open.engine(), self.rest.engine());
            let also_from =
                opened.others(self.network, engines, &self.scene.rest, machine, &own).unwrap_or_default();
            Some(Opened { also_from, ..opened.on(self.open.engine(), machine) })
        })
        .collect()
    }

    /// From an instant on: the times in which something is open.
    pub(super) fn timeline(&self, from: Timestamp) -> Vec<Interval> {
        let shown = self.scene.grants.iter().filter(|grant| self.scene.shows_grant(grant));
        let instants = time::instants(shown, from);
        let pairs = instants.iter().zip(instants.iter().skip(1));
        pairs.filter_map(|(&from, &until)| self.interval(from, until)).collect()
    }

    fn interval(&self, from: Timestamp, until: Timestamp) -> Option<Interval> {
        let scene = self.scene;
        let mut opening = scene.open(self.network, from);
        let all = opening.grants.len();
        opening.grants.retain(|(grant, _)| scene.shows_grant(grant));
        if opening.grants.is_empty() {
            return None;
        }
        let near = |draft: &Draft| self.rest.near(&scene.rest, draft);
        let world = near(&opening.draft);
        // What is open on the other machines anyway.
        let anyway = (opening.grants.len() < all).then(|| {
            let others = scene.grants.iter().filter(|grant| !scene.shows_grant(grant)).cloned();
            let others: Vec<_> = others.collect();
            near(&Opening::new(self.network, &scene.targets, &scene.rest, &others, from).draft)
        });
        // Whoever shares what is written may be touched as well.
        let opened = self.beside(&opening).into_iter().filter_map(|index| {
            let machine = self.network.machines.get(index.get())?;
            let at_rest = self.rest.effective(index);
            let open = world.effective_near(&self.rest, &at_rest, index);
            let anyway = anyway.as_ref().filter(|_| !scene.shows(index));
            let before = anyway.map(|anyway| anyway.effective_near(&self.rest, &at_rest, index));
            let opened = change(&open, &before.unwrap_or(at_rest))?;
            Some((machine.id.clone(), machine.name.clone(), opened))
        });
        Some(Interval { from, until, opened: opened.collect(), grants: opening.grants })
    }

    /// The machines that grants are for, and all behind the NSGs that are written to.
    fn beside(&self, opening: &Opening) -> Vec<Index<VirtualMachine>> {
        let written: Vec<Index<NetworkSecurityGroup>> = opening
            .writes
            .iter()
            .filter_map(|(of, write)| match write {
                Write::Rule { nsg, .. } => Some((self.scene.targets.get(*of)?.machine?, *nsg)),
                _ => None,
            })
            .filter(|(machine, _)| self.scene.shows(*machine))
            .map(|(_, nsg)| nsg)
            .collect();
        let granted: Vec<Index<VirtualMachine>> = opening
            .grants
            .iter()
            .filter_map(|(grant, _)| self.scene.targets.get(grant.target)?.machine)
            .collect();
        let is_touched = |index: &Index<VirtualMachine>| {
            granted.contains(index)
                || sites(self.network, *index)
                    .iter()
                    .any(|site| site.nsgs.iter().any(|nsg| written.contains(nsg)))
        };
        (0..self.network.machines.len()).map(Index::new).filter(is_touched).collect()
    }
}

/// What comes to a machine, with what may come to its ports through firewalls of which not everything is known.
fn with_hidden(
    world: &World,
    machine: Index<VirtualMachine>,
    ports: &[(Protocol, u16)],
    effective: Bounds<Traffic>,
) -> Bounds<Traffic> {
    let hidden = ports.iter().map(|&port| world.hidden(machine, port));
    let hidden: Vec<_> = hidden.filter(|hidden| !hidden.may.is_empty()).collect();
    if hidden.is_empty() { effective } else { Bounds::union_of([alloc::vec![effective], hidden].concat()) }
}

/// What is in the one and not in the other, if there is something.
fn change(from: &Bounds<Traffic>, to: &Bounds<Traffic>) -> Option<Bounds<Traffic>> {
    let may = lost(from, to);
    (!may.is_empty()).then(|| Bounds { surely: surely_lost(from, to), may })
}

fn ports<'t>(targets: impl Iterator<Item = &'t Target>) -> Vec<(Protocol, u16)> {
    targets.flat_map(|target| target.ports.iter().map(|port| (port.protocol, port.port))).collect()
}

/// A machine of a policy of which the network tells nothing.
pub(super) fn absent(target: &Target, reason: &str) -> MachinePreview {
    MachinePreview {
        id: target.id.clone(),
        name: target.name.clone(),
        class: "configured",
        reason: reason.to_string(),
        policies: [target.policy.clone()].into(),
        ports: ports([target].into_iter()),
        rules: RuleChanges::default(),
        states: None,
        entangled: Vec::new(),
        residual: Vec::new(),
        reopened: None,
    }
}
