//! A ledger over a network: policies, requests, and imports of what it shows itself.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use crate::ledger_support::{Ledger, user};
use crate::support::scene::{file, vm};
use jitgate_core::Timestamp;
use jitgate_core::inventory::{Cache, Present};
use jitgate_core::ledger::{Command, Expects, Inventory, InventoryFile, Knows, PutPolicy, ResourceId};
use jitgate_core::wire;
use jitgate_core::wire::inventory::ArmKind;
use serde_json::{Value, json};

/// An allow of JIT's in an NSG.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allow {
    pub nsg: String,
    pub to: String,
    pub port: u16,
    pub sources: Vec<String>,
    pub priority: u64,
}

/// A ledger, the files of all its imports, and what it has worked out.
#[derive(Default)]
pub struct Standing {
    pub ledger: Ledger,
    imports: Vec<Vec<Vec<u8>>>,
    cache: Cache,
}

pub fn policy_id(name: &str) -> ResourceId {
    let group = "/subscriptions/6f0b8d0e-5c5f-4f3e-9a0e-2f6f2f1f7a10/resourceGroups/rg/providers";
    ResourceId::new(&format!(
        "{group}/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/{name}"
    ))
}

impl Standing {
    /// With this network, imported at that time.
    pub fn of(resources: Vec<Value>, now: Timestamp) -> Self {
        let mut standing = Self::default();
        standing.import(vec![file(resources)], now);
        standing
    }

    pub fn import(&mut self, files: Vec<Vec<u8>>, now: Timestamp) {
        let import = self.imports.len();
        let listed = (0..files.len()).map(|at| InventoryFile {
            name: format!("{at}"),
            sha256: format!("{import}-{at}"),
            size: 0,
        });
        let inventory = Inventory { files: listed.collect(), counts: BTreeMap::new() };
        self.imports.push(files);
        self.ledger.run(user("olga"), now, &Command::ImportInventory(inventory)).expect("it is taken");
    }

    /// Puts a policy for ports of machines, each open from anywhere for three hours.
    pub fn put(&mut self, name: &str, machines: &[(&str, &[u16])], protocol: &str, now: Timestamp) {
        let port = |port: &u16| json!({"number": port, "protocol": protocol, "allowedSourceAddressPrefix": "*", "maxRequestAccessDuration": "PT3H"});
        let machine = |(name, ports): &(&str, &[u16])| json!({"id": vm(name), "ports": ports.iter().map(port).collect::<Vec<_>>()});
        let machines: Vec<Value> = machines.iter().map(machine).collect();
        let body = json!({"kind": "Basic", "properties": {"virtualMachines": machines}});
        let put = PutPolicy {
            policy: policy_id(name),
            body: body.to_string().into_bytes(),
            expects: Expects::Anything,
            knows: Knows::at(self.ledger.state.seq()),
        };
        self.ledger.run(user("olga"), now, &Command::PutPolicy(put)).expect("it is taken");
    }

    pub fn delete(&mut self, name: &str, now: Timestamp) {
        let delete = Command::DeletePolicy { policy: policy_id(name), expects: Expects::Anything };
        self.ledger.run(user("olga"), now, &delete).expect("it is there");
    }

    /// Asks for a port; true if it was granted.
    pub fn ask(
        &mut self,
        who: &str,
        policy: &str,
        (name, port, source, minutes): (&str, u16, &str, u64),
        now: Timestamp,
    ) -> bool {
        let ports = json!([{"number": port, "allowedSourceAddressPrefix": source, "duration": format!("PT{minutes}M")}]);
        let body = json!({"virtualMachines": [{"id": vm(name), "ports": ports}]}).to_string().into_bytes();
        let ask = Command::Initiate { policy: policy_id(policy), body, expects: Expects::Anything };
        self.ledger.run(user(who), now, &ask).is_ok()
    }

    /// Closes somebody's own access; true if there was some.
    pub fn revoke(&mut self, who: &str, policy: &str, now: Timestamp) -> bool {
        let revoke = Command::Revoke {
            policy: policy_id(policy),
            body: Vec::new(),
            expects: Expects::Anything,
            may_write: false,
        };
        self.ledger.run(user(who), now, &revoke).is_ok()
    }

    pub fn present(&mut self, now: Timestamp) -> Arc<Present> {
        let imports = &self.imports;
        let read = |file: &InventoryFile| -> Result<Vec<u8>, Infallible> {
            let (import, at) = file.sha256.split_once('-').expect("two numbers");
            let number = |text: &str| text.parse::<usize>().expect("a number");
            Ok(imports[number(import)][number(at)].clone())
        };
        match self.cache.present(&self.ledger.state, now, read) {
            Ok(present) => present,
        }
    }

    /// As if nothing had been worked out before.
    pub fn forget(&mut self) {
        self.cache = Cache::default();
    }

    /// All resources as they are shown, each kind a list.
    pub fn view(&mut self, now: Timestamp) -> Vec<Vec<u8>> {
        let present = self.present(now);
        let list = |kind: ArmKind| {
            let all = present.view.list(kind).after("", None);
            let all = all.filter_map(|(_, at)| present.view.resource(present.standing.engine(), kind, at));
            format!("{{\"value\":[{}]}}", all.collect::<Vec<_>>().join(",")).into_bytes()
        };
        ArmKind::ALL.into_iter().map(list).collect()
    }

    /// The rules of JIT in the NSGs as they are shown: those of that access.
    fn rules(&mut self, access: &str, now: Timestamp) -> Vec<(String, Value)> {
        let present = self.present(now);
        let mut rules = Vec::new();
        for (_, at) in present.view.list(ArmKind::NetworkSecurityGroup).after("", None) {
            let nsg = present.view.resource(present.standing.engine(), ArmKind::NetworkSecurityGroup, at);
            let nsg: Value = serde_json::from_str(&nsg.expect("it is listed")).expect("JSON");
            let own = nsg["properties"]["securityRules"].as_array().expect("rules").iter();
            let jit = own.filter(|rule| {
                rule["name"].as_str().is_some_and(|name| name.contains("JITRule"))
                    && rule["properties"]["access"] == access
            });
            let name = nsg["name"].as_str().expect("a name");
            rules.extend(jit.map(|rule| (name.to_owned(), rule["properties"].clone())));
        }
        rules
    }

    pub fn allows(&mut self, now: Timestamp) -> BTreeSet<Allow> {
        let rules = self.rules("Allow", now);
        rules.into_iter().map(|(nsg, rule)| allow(nsg, &rule)).collect()
    }

    /// Whom JIT's denies are for: NSG and address.
    pub fn denied(&mut self, now: Timestamp) -> BTreeSet<(String, String)> {
        let rules = self.rules("Deny", now).into_iter();
        rules.map(|(nsg, rule)| (nsg, text(&rule["destinationAddressPrefix"]))).collect()
    }

    /// What is said of a machine's exposure.
    pub fn exposure(&mut self, name: &str, now: Timestamp) -> Value {
        let present = self.present(now);
        let machine = present.machine(&vm(name)).expect("it is there");
        serde_json::from_str(&wire::exposure(&machine)).expect("JSON")
    }

    /// The policies as a GET answers them.
    pub fn policies(&self, now: Timestamp) -> Vec<String> {
        let state = &self.ledger.state;
        state.all_policies().map(|policy| wire::ledger::policy(state, policy, now)).collect()
    }

    /// The files of the last import.
    pub fn files(&self) -> Vec<Vec<u8>> {
        self.imports.last().cloned().unwrap_or_default()
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn allow(nsg: String, rule: &Value) -> Allow {
    let list = |one: &str, several: &str| match rule[one].as_str() {
        Some(one) => vec![one.to_owned()],
        None => rule[several].as_array().expect("a list").iter().map(text).collect(),
    };
    Allow {
        nsg,
        to: text(&rule["destinationAddressPrefix"]),
        port: text(&rule["destinationPortRange"]).parse().expect("a port"),
        sources: list("sourceAddressPrefix", "sourceAddressPrefixes"),
        priority: rule["priority"].as_u64().expect("a number"),
    }
}
