//! Which networks and machines there are.

use std::net::Ipv4Addr;

use super::ids::{REGIONS, Region, SUBSCRIPTIONS, resource};

/// What a network is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteKind {
    /// An application's network.
    Spoke,
    /// Where people and updates come in, with an Azure Firewall that has classic rules.
    Hub,
    /// The same in another region, with a firewall under a firewall policy.
    ManagedHub,
}

/// A virtual network and its place.
#[derive(Clone, Debug)]
pub struct Site {
    /// What it is for.
    pub kind: SiteKind,
    /// The subscription's id.
    pub subscription: &'static str,
    /// The region.
    pub region: Region,
    /// The end of its resources' names: `pwe`.
    pub code: String,
    /// Its addresses are 10.{octet}.0.0/16.
    pub octet: u8,
    /// Its number among the spokes, from 0; of hubs their own.
    pub number: u8,
}

/// A machine of Azure's.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Its network.
    pub site: usize,
    /// What it does.
    pub app: &'static App,
    /// Its number among those that do the same, from 1.
    pub number: u8,
    /// Its name.
    pub name: String,
    /// Its resource group.
    pub group: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// Its public address.
    pub public: Option<Ipv4Addr>,
    /// A second NIC in the subnet for backups, which has no NSG.
    pub second: Option<Ipv4Addr>,
}

/// Machines that are alike.
#[derive(Debug)]
pub struct App {
    /// The beginning of their names.
    pub name: &'static str,
    /// Their resource groups' name.
    pub group: &'static str,
    /// Their subnet.
    pub subnet: &'static str,
    /// The third byte of their addresses.
    pub octet: u8,
    /// How many in each network.
    pub count: u8,
    /// Windows; else Linux.
    pub windows: bool,
    /// Their size.
    pub size: &'static str,
    /// Their application security group.
    pub asg: Option<&'static str>,
    /// How many have a public address.
    pub public: u8,
    /// The NSG on their NICs.
    pub nic_nsg: NicNsg,
    /// Who answers for them.
    pub team: &'static str,
}

/// The NSGs on NICs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NicNsg {
    /// None: the subnet's filters.
    None,
    /// One for each machine.
    Own,
    /// One for all of them.
    Shared,
}

const fn app(
    name: &'static str,
    group: &'static str,
    subnet: (&'static str, u8),
    count: u8,
    windows: bool,
    team: &'static str,
) -> App {
    let size = if windows { "Standard_D4s_v5" } else { "Standard_D2s_v5" };
    let (subnet, octet) = subnet;
    App {
        name,
        group,
        subnet,
        octet,
        count,
        windows,
        size,
        asg: None,
        public: 0,
        nic_nsg: NicNsg::None,
        team,
    }
}

/// In each spoke.
pub static SPOKE: [App; 8] = [
    App { asg: Some("asg-web"), public: 2, ..app("track-web", "track", ("web", 1), 10, false, "tracking") },
    App { asg: Some("asg-api"), ..app("track-api", "track", ("app", 2), 8, false, "tracking") },
    App { size: "Standard_F4s_v2", ..app("parcel-sort", "parcels", ("app", 2), 6, false, "sorting") },
    App { size: "Standard_E8s_v5", ..app("ledger-sql", "orders", ("data", 3), 3, true, "databases") },
    App { size: "Standard_E4s_v5", ..app("orders-pg", "orders", ("data", 3), 4, false, "databases") },
    App { public: 2, nic_nsg: NicNsg::Own, ..app("pay-app", "pay", ("desk", 4), 6, true, "payroll") },
    App { nic_nsg: NicNsg::Shared, ..app("report-bi", "pay", ("desk", 4), 4, true, "reporting") },
    app("old-fax", "legacy", ("legacy", 5), 2, false, "facilities"),
];

/// In the hub.
pub static HUB: [App; 3] = [
    app("jump", "access", ("access", 4), 6, true, "platform"),
    app("dc", "identity", ("identity", 5), 4, true, "platform"),
    App { size: "Standard_D8s_v5", ..app("build", "build", ("build", 6), 12, false, "platform") },
];

/// In the hub whose firewall is under a firewall policy.
pub static MANAGED_HUB: [App; 2] = [
    app("mirror", "mirror", ("mirror", 4), 8, false, "platform"),
    app("relay", "relay", ("relay", 5), 6, false, "platform"),
];

static NOWHERE: Site = Site {
    kind: SiteKind::Spoke,
    subscription: "",
    region: ("", ""),
    code: String::new(),
    octet: 0,
    number: 0,
};

/// Everything in Azure.
#[derive(Debug)]
pub struct Plan {
    /// The networks: the hub, the managed hub, the spokes.
    pub sites: Vec<Site>,
    /// The machines, by network.
    pub machines: Vec<Machine>,
}

impl Plan {
    /// With so many spokes.
    pub fn new(spokes: u8) -> Self {
        let [production, staging, shared] = SUBSCRIPTIONS.map(|(id, _)| id);
        let [west, north, ..] = REGIONS;
        let hub = |kind, region: Region, octet: u8| Site {
            kind,
            subscription: shared,
            region,
            code: format!("s{}", region.1),
            octet,
            number: octet,
        };
        let mut sites = vec![hub(SiteKind::Hub, west, 0), hub(SiteKind::ManagedHub, north, 1)];
        for number in 0..spokes {
            // Every third network is one where things are tried.
            let (subscription, letter) = if number % 3 == 2 { (staging, 's') } else { (production, 'p') };
            let region = REGIONS.into_iter().cycle().nth(number.into()).unwrap_or(west);
            let round = usize::from(number).checked_div(REGIONS.len()).unwrap_or_default();
            let round = if round == 0 { String::new() } else { round.to_string() };
            sites.push(Site {
                kind: SiteKind::Spoke,
                subscription,
                region,
                code: format!("{letter}{}{round}", region.1),
                octet: number.saturating_add(10),
                number,
            });
        }
        let machines = (0..).zip(&sites).flat_map(|(at, site)| machines(at, site)).collect();
        Self { sites, machines }
    }

    /// A machine's network.
    pub fn site(&self, machine: &Machine) -> &Site {
        // Machines are made of sites, so that there is one.
        self.sites.get(machine.site).unwrap_or(&NOWHERE)
    }

    /// A machine's resource id.
    pub fn machine_id(&self, machine: &Machine) -> String {
        let site = self.site(machine);
        resource(site.subscription, &machine.group, "Microsoft.Compute/virtualMachines", &machine.name)
    }
}

impl Site {
    /// What it has machines for.
    pub fn apps(&self) -> &'static [App] {
        match self.kind {
            SiteKind::Spoke => &SPOKE,
            SiteKind::Hub => &HUB,
            SiteKind::ManagedHub => &MANAGED_HUB,
        }
    }

    /// The id of a network resource.
    pub fn net(&self, kind: &str, name: &str) -> String {
        resource(
            self.subscription,
            &format!("rg-net-{}", self.code),
            &format!("Microsoft.Network/{kind}"),
            name,
        )
    }

    /// An address of it.
    pub fn address(&self, third: u8, fourth: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, self.octet, third, fourth)
    }
}

fn machines(at: usize, site: &Site) -> Vec<Machine> {
    let mut machines = Vec::new();
    let mut used = std::collections::BTreeMap::<u8, u8>::new();
    for app in site.apps() {
        for number in 1..=app.count {
            // The first four of each subnet are Azure's own.
            let last = used.entry(app.octet).or_insert(3);
            *last = last.saturating_add(1);
            let public = (number <= app.public).then(|| {
                Ipv4Addr::new(198, 19, site.octet, last.saturating_add(app.octet.saturating_mul(40)))
            });
            let second =
                (app.name == "orders-pg" && number <= 2).then(|| site.address(7, number.saturating_add(3)));
            machines.push(Machine {
                site: at,
                app,
                number,
                name: format!("{}-{}-{number:02}", app.name, site.code),
                group: format!("rg-{}-{}", app.group, site.code),
                address: site.address(app.octet, *last),
                public,
                second,
            });
        }
    }
    machines
}
