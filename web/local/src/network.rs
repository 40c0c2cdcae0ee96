//! The inventory: resources in Azure's words with just-in-time rules as they stand, what is open on machines, and what a
//! policy would do.

use jitgate_core::access::Scope;
use jitgate_core::inventory::{DryRun, View, activity, counts};
use jitgate_core::ledger::{Refusal, ResourceId};
use jitgate_core::preview::{MachineExposure, Names, Options};
use jitgate_core::rest::{Page, Place, is_in};
use jitgate_core::wire;
use jitgate_core::wire::inventory::{ArmKind, ArmPart, Inventory};

use crate::reply::{Outcome, Reply};
use crate::service::Call;

impl Call<'_> {
    /// The resources of a place, and perhaps of one region, a page at a time.
    pub fn resources(&mut self, kind: ArmKind, place: &Place, region: Option<&str>) -> Outcome {
        self.query.unfiltered()?;
        let present = self.present()?;
        let (prefix, after) = (place.within().prefix(), self.query.after()?);
        let visible = visible(place);
        let list = present.view.list(kind);
        let there = |at| {
            region.is_none_or(|region| present.view.outline(kind, at).is_some_and(|one| is_in(&one, region)))
        };
        let listed = list.after(&prefix, after.as_deref()).filter(|(key, at)| visible(key) && there(*at));
        let shown = Page::of(listed, self.page()?);
        if shown.items.is_empty() && after.is_none() {
            self.asked(Some(&present.view)).find_place(place)?;
        }
        let next = shown.followed().map(|(key, _)| self.next_link(key));
        let engine = present.standing.engine();
        let items = shown.items.iter().filter_map(|(_, at)| present.view.resource(engine, kind, *at));
        Ok(Reply::json(wire::page(items, &[], next.as_deref())))
    }

    /// One of them.
    pub fn resource(&mut self, kind: ArmKind, place: &Place, name: &str) -> Outcome {
        let present = self.present()?;
        let of = kind.resource_type();
        let at = present.view.list(kind).find(&format!("{}/providers/{of}/{name}", place.id()));
        let (view, engine) = (&present.view, present.standing.engine());
        let expanded = self.query.expands("instanceView");
        let found = at.and_then(|at| {
            if expanded { view.expanded(engine, kind, at) } else { view.resource(engine, kind, at) }
        });
        found.map(Reply::json).ok_or_else(|| self.missing(view, place, kind, name))
    }

    /// 404 for a resource that is not there: where there is no such place, for that.
    fn missing(&self, view: &View, place: &Place, kind: ArmKind, name: &str) -> Refusal {
        self.asked(Some(view)).missing(place, place.not_found(kind, name))
    }

    /// How a machine does.
    pub fn instance_view(&mut self, place: &Place, name: &str) -> Outcome {
        let (kind, present) = (ArmKind::VirtualMachine, self.present()?);
        let id = format!("{}/providers/{}/{name}", place.id(), kind.resource_type());
        let found = present.view.list(kind).find(&id);
        found
            .map(|_| Reply::json(Inventory::instance_view()))
            .ok_or_else(|| self.missing(&present.view, place, kind, name))
    }

    /// The parts of a resource, or one of them.
    pub fn parts(&mut self, part: ArmPart, place: &Place, whole: &str, name: Option<&str>) -> Outcome {
        let present = self.present()?;
        Ok(Reply::json(self.asked(Some(&present.view)).parts(&present, part, (place, whole), name)?))
    }

    /// What is open now on the machines of a place; the first page also tells how many there are of each group.
    pub fn exposures(&mut self, place: &Place) -> Outcome {
        self.query.unfiltered()?;
        let present = self.present()?;
        let after = self.query.after()?;
        let prefix = place.within().prefix();
        // Instances of EC2 are in no subscription, and in no group.
        let instances = place.resource_group.is_none();
        let now = self.state().present(self.situation.now);
        let mut members = vec![("at", format!("\"{now}\""))];
        if after.is_none() && Scope::new(&place.id()).is_some() {
            let all = present.machines(&prefix, None, instances).map(|(_, machine)| machine);
            members.push(("counts", wire::counts(&counts(all))));
        }
        let visible = visible(place);
        let listed = present.machines(&prefix, after.as_deref(), instances).filter(|(key, _)| visible(key));
        let shown = Page::of(listed, self.page()?);
        let next = shown.followed().map(|(key, _)| self.next_link(key));
        let items = shown.items.into_iter().map(|(_, machine)| self.machine(machine));
        Ok(Reply::json(wire::page(items, &members, next.as_deref())))
    }

    /// The same of one machine.
    pub fn exposure(&mut self, place: &Place, id: &str) -> Outcome {
        let present = self.present()?;
        let machine = present.machine(id).ok_or_else(|| {
            let name = id.rsplit('/').next().unwrap_or_default();
            place.not_found(ArmKind::VirtualMachine, name)
        })?;
        Ok(Reply::json(self.machine(machine)))
    }

    fn machine(&self, machine: MachineExposure) -> String {
        let now = self.state().present(self.situation.now);
        let activity = activity(self.state(), machine.named, now);
        wire::exposure(&MachineExposure { activity: Some(&activity), ..machine })
    }

    /// What a policy, stored or only proposed, and a request would open and close.
    pub fn preview(&mut self, id: &ResourceId) -> Outcome {
        let present = self.present()?;
        let asked = DryRun::read(self.ask.body);
        let mode = self.query.mode()?;
        let now = self.state().present(self.situation.now);
        let caller_address = self.situation.address;
        let options = Options { mode, caller_address, names: Names::Instances, ..Options::at(now) };
        let context = self.situation.context(self.ask.id);
        Ok(Reply::json(present.dry_run(self.state(), (id, &asked), &context, &options, &|_| true)?))
    }
}

/// Which items of a list the user may see, by their keys: even who owns everything has no right at what is no scope.
fn visible(place: &Place) -> impl Fn(&str) -> bool {
    let whole = Scope::new(&place.id()).is_some();
    move |key| whole || Scope::new(key).is_some()
}
