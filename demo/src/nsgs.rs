//! The NSGs: what people wrote over the years, and here and there what Defender for Cloud wrote.

use serde_json::{Value, json};

use super::plan::{Machine, NicNsg, Plan, Site, SiteKind};
use super::set;

/// The office.
pub const OFFICE: &str = "198.18.4.0/24";
/// Who dials in.
pub const VPN: &str = "100.64.16.0/22";
/// The hub's jump hosts.
pub const JUMP: &str = "10.0.4.0/24";

/// A rule of those in an NSG: its name, number, protocol, sources, destination, ports.
pub struct Line<'a>(&'a str, u32, &'a str, &'a [&'a str], &'a str, &'a [&'a str]);

fn inbound(Line(name, priority, protocol, sources, destination, ports): &Line, access: &str) -> Value {
    let mut properties = json!({
        "priority": priority, "direction": "Inbound", "access": access, "protocol": protocol, "sourcePortRange": "*"
    });
    let groups = |ids: &[&str]| ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>();
    match sources {
        [one] if one.starts_with('/') => {
            set(&mut properties, "", "sourceApplicationSecurityGroups", json!(groups(sources)));
        }
        [one] => set(&mut properties, "", "sourceAddressPrefix", json!(one)),
        several => set(&mut properties, "", "sourceAddressPrefixes", json!(several)),
    }
    if destination.starts_with('/') {
        set(&mut properties, "", "destinationApplicationSecurityGroups", json!(groups(&[destination])));
    } else {
        set(&mut properties, "", "destinationAddressPrefix", json!(destination));
    }
    match ports {
        [one] => set(&mut properties, "", "destinationPortRange", json!(one)),
        several => set(&mut properties, "", "destinationPortRanges", json!(several)),
    }
    json!({"name": name, "properties": properties})
}

fn nsg(site: &Site, name: &str, rules: &[Value]) -> Value {
    json!({
        "id": site.net("networkSecurityGroups", name), "name": name, "location": site.region.0,
        "type": "Microsoft.Network/networkSecurityGroups", "properties": {"securityRules": rules}
    })
}

/// The name of a subnet's NSG; none for those without.
pub fn of_subnet(site: &Site, subnet: &str) -> Option<String> {
    let bare = ["desk", "legacy", "backup", "mirror"];
    (!bare.contains(&subnet)).then(|| format!("nsg-{subnet}-{}", site.code))
}

/// The name of the NSG on a machine's NIC.
pub fn of_nic(site: &Site, machine: &Machine) -> Option<String> {
    match machine.app.nic_nsg {
        NicNsg::None => None,
        NicNsg::Own => Some(format!("nsg-{}", machine.name)),
        NicNsg::Shared => Some(format!("nsg-{}-{}", machine.app.name, site.code)),
    }
}

/// Whether Defender for Cloud protected the machine before the export was made, below rules that let people in all the
/// same: somebody added them later.
fn was_protected(site: &Site, machine: &Machine) -> bool {
    match machine.app.name {
        "track-web" => site.number == 0 || site.number % 5 == 2,
        "pay-app" => site.number % 4 == 1,
        _ => false,
    }
}

/// All NSGs.
pub fn nsgs(plan: &Plan) -> Vec<Value> {
    let mut all = Vec::new();
    for (at, site) in plan.sites.iter().enumerate() {
        let machines: Vec<&Machine> = plan.machines.iter().filter(|machine| machine.site == at).collect();
        let mut subnets: Vec<&str> = site.apps().iter().map(|app| app.subnet).collect();
        subnets.dedup();
        for subnet in subnets {
            let Some(name) = of_subnet(site, subnet) else { continue };
            let mut rules = subnet_rules(site, subnet);
            let here = machines.iter().filter(|machine| machine.app.subnet == subnet);
            rules.extend(denies(here.copied().filter(|machine| was_protected(site, machine))));
            all.push(nsg(site, &name, &rules));
        }
        let mut made = Vec::new();
        for machine in machines {
            let Some(name) = of_nic(site, machine).filter(|name| !made.contains(name)) else { continue };
            let mut rules = nic_rules(site, machine);
            rules.extend(denies(std::iter::once(machine).filter(|machine| was_protected(site, machine))));
            all.push(nsg(site, &name, &rules));
            made.push(name);
        }
    }
    all
}

fn subnet_rules(site: &Site, subnet: &str) -> Vec<Value> {
    let (web, api) =
        (site.net("applicationSecurityGroups", "asg-web"), site.net("applicationSecurityGroups", "asg-api"));
    // Where things are tried, nobody looks closely.
    let sloppy = site.kind == SiteKind::Spoke && site.number % 3 == 2;
    let ssh: &[&str] = if sloppy { &["*"] } else { &[OFFICE, VPN] };
    let from_web = [web.as_str()];
    let from_api = [api.as_str()];
    let lines: Vec<Line> = match subnet {
        "web" => vec![
            Line("AllowHttps", 300, "Tcp", &["Internet"], "*", &["443"]),
            Line("AllowHttp", 310, "Tcp", &["Internet"], "*", &["80"]),
            Line("AllowSsh", 1002, "Tcp", ssh, "*", &["22"]),
        ],
        "app" => vec![
            Line("AllowWebToApi", 300, "Tcp", &from_web, &api, &["8080", "8443"]),
            Line("AllowSshFromJump", 400, "Tcp", &[JUMP], "*", &["22"]),
            Line("AllowDeploy", 410, "Tcp", &["10.0.6.0/24"], "*", &["22", "8000-8010"]),
        ],
        "data" => vec![
            Line("AllowApiToSql", 300, "Tcp", &from_api, "*", &["1433", "5432"]),
            Line("AllowRdpFromJump", 400, "Tcp", &[JUMP], "*", &["3389"]),
            Line("AllowSshFromJump", 410, "Tcp", &[JUMP], "*", &["22"]),
        ],
        "access" => vec![Line("AllowRdpFromFirewall", 300, "Tcp", &["10.0.1.0/26"], "*", &["3389"])],
        "identity" => vec![
            Line("AllowDirectory", 300, "*", &["VirtualNetwork"], "*", &["53", "88", "389", "636"]),
            Line("AllowRdp", 310, "Tcp", &[JUMP, OFFICE], "*", &["3389"]),
        ],
        "build" => vec![Line("AllowSshOffice", 300, "Tcp", &[OFFICE], "*", &["22"])],
        _ => vec![Line("AllowSsh", 300, "Tcp", &["Internet"], "*", &["22"])],
    };
    lines.iter().map(|line| inbound(line, "Allow")).collect()
}

fn nic_rules(site: &Site, machine: &Machine) -> Vec<Value> {
    let everybody = machine.public.is_some() || site.number % 3 == 2;
    let rdp: &[&str] = if everybody { &["*"] } else { &[OFFICE] };
    let lines = [
        Line("RDP", 1001, "Tcp", rdp, "*", &["3389"]),
        Line("WinRM", 1011, "Tcp", &[JUMP], "*", &["5985", "5986"]),
        Line("AllowPayroll", 1021, "Tcp", &["VirtualNetwork"], "*", &["8443"]),
    ];
    lines.iter().map(|line| inbound(line, "Allow")).collect()
}

/// The denies of Defender for Cloud, from the end of the list up.
fn denies<'m>(machines: impl Iterator<Item = &'m Machine>) -> Vec<Value> {
    let deny = |(step, machine): (u32, &Machine)| {
        let address = machine.address.to_string();
        let bits = u64::from(machine.address.to_bits());
        let name = format!(
            "MicrosoftDefenderForCloud-JITRule_-{}_{:016X}{:016X}",
            bits,
            bits.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            bits.wrapping_mul(0xBF58_476D_1CE4_E5B9)
        );
        let port = [if machine.app.windows { "3389" } else { "22" }];
        let mut rule =
            inbound(&Line(&name, 4096_u32.saturating_sub(step), "*", &["*"], &address, &port), "Deny");
        let description =
            json!(format!("MDC JIT Network Access rule for policy 'default' of VM '{}'.", machine.name));
        set(&mut rule, "/properties", "description", description);
        rule
    };
    (0..).zip(machines).map(deny).collect()
}
