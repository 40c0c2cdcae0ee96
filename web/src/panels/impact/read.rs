//! From the JSON of a preview to lines that a person reads.
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use jitgate_core::order;
use jitgate_logic::same_machine;

use super::{Aim, Question};
use crate::api::{Failure, Json, stopped};
use crate::parts::{clock, is_everybody, let_in_by, plural};

/// What is told, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    pub open: Vec<String>,
    /// Who else gets in as long as it is open.
    pub others: Vec<String>,
    /// What is granted, and reaches nothing.
    pub stopped: Vec<String>,
    /// What reaches the ports again without the policy.
    pub reopened: Vec<String>,
    pub closed: Vec<String>,
    pub residual: Vec<String>,
    pub touched: Vec<String>,
    /// What could not be told, and why: never shown as closed.
    pub unknown: Vec<String>,
}

/// So many sources stand in a line.
const MOST_SOURCES: usize = 4;

impl Impact {
    /// The answer about one policy.
    pub fn add(&mut self, question: &Question, answer: Result<Arc<str>, Failure>) {
        let text = match answer {
            Ok(text) => text,
            Err(failure) => {
                let why = match &failure {
                    Failure::Refused(refusal) if refusal.status == 403 => {
                        "You may not see what it does to the network.".to_owned()
                    }
                    other => other.to_string(),
                };
                let policy = question.policy.name();
                self.unknown.push(format!("What policy {policy} does to the network: {why}"));
                return;
            }
        };
        Json::read(&text, |json| {
            let machines: Vec<Json> = json.get("machines").list().collect();
            let own = |machine: &&Json| {
                question.mine.iter().any(|id| same_machine(id, &ResourceId::new(&machine.get("id").string())))
            };
            for machine in machines.iter().filter(own) {
                self.machine(*machine, question.aim);
            }
            for id in &question.mine {
                let is = |machine: &Json| same_machine(id, &ResourceId::new(&machine.get("id").string()));
                if let Some(left) = json.get("left").list().find(&is) {
                    self.left(left);
                } else if !machines.iter().any(is) {
                    self.unknown.push(format!(
                        "{}: its network is not known, so what reaches it cannot be told.",
                        id.name()
                    ));
                }
            }
            if question.aim == Aim::Open {
                self.grants(json, &machines);
            }
            if question.aim == Aim::Close {
                self.neighbours(&machines, question);
            }
            self.sharing(json, question);
        });
    }

    /// A machine that leaves its policy. Of several policies each tells the same.
    fn left(&mut self, left: Json) {
        let name = left.get("name").string();
        let open = flows(&name, left.get("reopened"));
        if open.is_empty() {
            add(&mut self.closed, format!("{name}: nothing more gets in without it"));
        }
        open.into_iter().for_each(|line| add(&mut self.reopened, line));
    }

    fn machine(&mut self, machine: Json, aim: Aim) {
        let name = machine.get("name").string();
        let is_known = machine.get("states").is_there();
        if !is_known {
            let reason = machine.get("reason").string();
            let why = if reason.is_empty() { "its network is not known".to_owned() } else { reason };
            self.unknown.push(format!("{name}: what reaches it cannot be told ({why})."));
        }
        let closed = flows(&name, machine.get("closed"));
        // What the policies that are stored keep out, and those in their place do not.
        flows(&name, machine.get("reopened")).into_iter().for_each(|line| add(&mut self.reopened, line));
        match aim {
            Aim::Open | Aim::Remove => {}
            Aim::Close if closed.is_empty() && is_known => {
                let what = if was_reached(machine) {
                    "JIT closes nothing here"
                } else {
                    // Other policies may keep them closed, which does not change.
                    "nothing would reach these ports without it either"
                };
                add(&mut self.closed, format!("{name}: {what}"));
            }
            Aim::Close => closed.into_iter().for_each(|line| add(&mut self.closed, line)),
        }
        for one in machine.get("residual").list() {
            add(&mut self.residual, residual(&name, one));
        }
        // A request moves none: they were moved when the policy was made.
        for moved in machine.get("rules").get("moved").list().filter(|_| aim == Aim::Close) {
            let count = moved.get("rules").list().count();
            let nsg = moved.get("resource").get("name").string();
            let rules = plural(count, "rule of NSG", "rules of NSG");
            // They may have been moved already, when the policy was made.
            let stand = if count == 1 { "stands" } else { "stand" };
            let line = format!(
                "{rules} {nsg} {stand} at other priorities than in what was imported, to make room; what is let in stays the same"
            );
            if !self.touched.contains(&line) {
                self.touched.push(line);
            }
        }
        let entangled = machine.get("entangled").strings();
        if !entangled.is_empty() {
            let filters = entangled.join(", ");
            self.unknown
                .push(format!("{name}: the rules of {filters} are too entangled to be told exactly."));
        }
    }

    /// What the request opens: what the decision grants, where the network lets it through.
    fn grants(&mut self, json: Json, machines: &[Json]) {
        for grant in json
            .get("decisions")
            .list()
            .flat_map(|decision| decision.get("grants").list().collect::<Vec<_>>())
        {
            let id = ResourceId::new(&grant.get("machine").string());
            let is = |machine: &&Json| same_machine(&id, &ResourceId::new(&machine.get("id").string()));
            let machine = machines.iter().find(is);
            let name = machine.map_or_else(|| id.name().to_owned(), |machine| machine.get("name").string());
            let port = grant.get("port").raw().to_owned();
            let protocol = grant.get("protocol").string();
            let protocol = protocol_word(&protocol);
            let from = sources(&grant.get("sources").strings());
            let until = grant.get("endTimeUtc").time().map(clock).unwrap_or_default();
            let line = format!("{name} {port}/{protocol} from {from} until {until}");
            // What becomes of it in the network, where that is known.
            let is_known = machine.is_some_and(|machine| machine.get("states").is_there());
            let mut made = json.get("granted").list().filter(|_| is_known);
            let made = made.find(|made| {
                ResourceId::new(&made.get("machine").string()) == id
                    && made.get("port").raw() == port
                    && made.get("protocol").string() == grant.get("protocol").string()
            });
            let others = made.map(|made| made.get("alsoFrom").strings()).unwrap_or_default();
            if !others.is_empty() {
                self.others.push(format!(
                    "{name} {port}/{protocol} from {} until {until}: the firewall's own rules lead there, and the machine lets the firewall in",
                    sources(&others)
                ));
            }
            match made.and_then(stopped) {
                Some(why) => self.stopped.push(format!("{line}: {why}")),
                None => self.open.push(format!("{line}{}", made.map(but).unwrap_or_default())),
            }
        }
    }

    /// Instances of which the form says nothing else, and that have a security group of one that it is about.
    fn sharing(&mut self, json: Json, question: &Question) {
        let is_own = |one: &Json| {
            let id = ResourceId::new(&one.get("id").string());
            question.mine.iter().chain(&question.others).any(|own| same_machine(own, &id))
        };
        for one in json.get("sharing").list().filter(|one| !is_own(one)) {
            let name = one.get("name").string();
            if name.is_empty() {
                let line = "Instances that you may not see share a security group, and what reaches them changes as well";
                add(&mut self.touched, line.to_owned());
            }
            let groups = one.get("groups").strings().join(", ");
            for flow in flows(&name, one.get("closed")) {
                add(&mut self.touched, format!("{flow} is closed as well: it shares {groups}"));
            }
            for flow in flows(&name, one.get("reopened")) {
                add(&mut self.reopened, format!("{flow}: it shares {groups}"));
            }
        }
    }

    /// Machines of the same policy that get rules in the same NSG or firewall.
    fn neighbours(&mut self, machines: &[Json], question: &Question) {
        let is_own = |machine: &Json| {
            question.mine.iter().any(|id| same_machine(id, &ResourceId::new(&machine.get("id").string())))
        };
        let filters = |machine: &Json| -> Vec<(String, String)> {
            let added = machine.get("rules").get("added").list();
            // What changes in a security group is told of each instance that has it.
            let kept =
                |rule: &Json| rule.get("resource").get("kind").text().as_deref() != Some("securityGroup");
            added
                .filter(kept)
                .map(|rule| {
                    (rule.get("resource").get("id").string(), rule.get("resource").get("name").string())
                })
                .collect()
        };
        let mut own: Vec<_> = machines.iter().filter(|machine| is_own(machine)).flat_map(filters).collect();
        order::distinct(&mut own);
        for filter in own {
            let others =
                machines.iter().filter(|machine| !is_own(machine) && filters(machine).contains(&filter));
            let others: Vec<_> = others.map(|machine| machine.get("name").string()).collect();
            let left = others.len().saturating_sub(MOST_SOURCES);
            let shown = others.iter().take(MOST_SOURCES).cloned().collect::<Vec<_>>().join(", ");
            let more = if left > 0 { format!(" and {left} more") } else { String::new() };
            if !others.is_empty() {
                let share = if others.len() == 1 { "shares" } else { "share" };
                self.touched.push(format!("{shown}{more} {share} {}: their own rules stay", filter.1));
            }
        }
    }
}

/// What of a grant may not get in.
fn but(made: Json) -> String {
    let stopped = made.get("stopped").strings();
    match (made.get("unsure").is_true(), stopped.is_empty()) {
        (true, _) => ": it is not known whether it gets through".to_owned(),
        (_, false) => format!(", but another filter still stops it from {}", sources(&stopped)),
        _ => String::new(),
    }
}

/// True unless it is known that nothing reaches a protected port without JIT.
fn was_reached(machine: Json) -> bool {
    let ports = machine.get("ports").strings();
    let before = machine.get("states").get("before").get("may");
    let is_own = |flow: Json| {
        let reached = flow.get("ports").strings();
        let numbers = ports.iter().filter_map(|port| port.rsplit(' ').next());
        numbers.into_iter().any(|port| reached.iter().any(|ports| holds(ports, port)))
    };
    before.get("more").is_there() || before.get("boxes").list().any(is_own)
}

/// True if a list of ports such as `22`, `20-30` or `*` has one.
fn holds(ports: &str, port: &str) -> bool {
    let number = |text: &str| text.parse::<u16>().ok();
    match ports.split_once('-') {
        _ if ports == "*" || ports == port => true,
        Some((first, last)) => {
            let range = number(first).zip(number(last)).zip(number(port));
            range.is_some_and(|((first, last), port)| (first..=last).contains(&port))
        }
        None => false,
    }
}

/// A line that is there once.
fn add(lines: &mut Vec<String>, line: String) {
    if !lines.contains(&line) {
        lines.push(line);
    }
}

/// A line for each part of some traffic, and one that there are more.
fn flows(name: &str, traffic: Json) -> Vec<String> {
    let boxes = traffic.get("boxes").list().map(|one| format!("{name} {}", flow(one)));
    let more = traffic.get("more").number().map(|more| format!("{name}: {more} more ways in"));
    boxes.chain(more).collect()
}

/// `22/TCP from 203.0.113.0/24`
fn flow(flow: Json) -> String {
    let ports = flow.get("ports").strings().join(", ");
    let ports = if ports == "*" { "every port".to_owned() } else { ports };
    let protocols = flow.get("protocol").string().replace(',', ", ");
    let maybe = if flow.get("certain").raw() == "false" { "maybe " } else { "" };
    format!("{maybe}{ports} ({protocols}) from {}", sources(&flow.get("sources").strings()))
}

fn residual(name: &str, one: Json) -> String {
    let rules = one.get("letInBy").list();
    let rule =
        |rule: Json| format!("{} ({})", rule.get("name").string(), rule.get("resource").get("name").string());
    let rules: Vec<_> = rules.map(rule).collect();
    let may = one.get("traffic").get("may").get("boxes").list();
    let mut from: Vec<String> = may.flat_map(|flow| flow.get("sources").strings()).collect();
    from.dedup();
    let port = one.get("port").raw();
    let protocol = one.get("protocol").string();
    let protocol = protocol_word(&protocol);
    let surely = if one.get("traffic").get("exact").is_true() { "" } else { " (at most)" };
    let now =
        if one.get("state").text().as_deref() == Some("asFound") { " as the network is now" } else { "" };
    let by = let_in_by(&rules, &one.get("unfiltered").strings());
    let steps = one.get("closing").get("steps").strings();
    let close = if steps.is_empty() { String::new() } else { format!(". To close it, {}", steps.join("; ")) };
    format!("{name} {port}/{protocol} from {}{now}{surely}{by}{close}", sources(&from))
}

fn protocol_word(protocol: &str) -> &str {
    if protocol == "*" { "Any" } else { protocol }
}

fn sources(all: &[String]) -> String {
    let left = all.len().saturating_sub(MOST_SOURCES);
    let shown: Vec<_> =
        all.iter().take(MOST_SOURCES).map(|one| if is_everybody(one) { "Any" } else { one }).collect();
    let shown = shown.join(", ");
    if left > 0 { format!("{shown} and {left} more") } else { shown }
}
