//! A network as it is shown.

use jitgate_core::network::{Engine, Network};
use jitgate_core::wire::inventory::{ArmKind, Inventory, Links};

/// All resources, each kind a list as a GET answers it, and the EC2 security groups.
pub fn shown(network: &Network) -> Vec<String> {
    let engine = Engine::new(network.clone());
    let links = Links::new(network);
    let inventory = Inventory::new(&engine, &links);
    let list = |kind: ArmKind| {
        let ids = kind.ids(network).into_iter();
        let all: Vec<_> =
            ids.map(|(at, _)| inventory.resource(kind, at).expect("it is in the list")).collect();
        format!("{{\"value\":[{}]}}", all.join(","))
    };
    let mut lists: Vec<String> = ArmKind::ALL.into_iter().map(list).collect();
    let groups: Vec<_> = (0..network.security_groups.len()).map(|at| inventory.security_group(at)).collect();
    let groups: Vec<_> = groups.into_iter().map(|group| group.expect("it is there")).collect();
    lists.push(format!("{{\"SecurityGroups\":[{}]}}", groups.join(",")));
    lists
}
