//! The documents that the workbench offers to begin with.
use super::Shared;

/// A policy and a request against it.
#[derive(Debug)]
pub struct Sample {
    pub name: &'static str,
    /// What it shows.
    pub note: &'static str,
    pub policy: &'static str,
    pub request: &'static str,
    /// Where the caller comes from.
    pub from: &'static str,
    /// The present, where the documents are about a certain day.
    pub now: &'static str,
    /// The network's files: name and text.
    pub network: &'static [(&'static str, &'static str)],
}

impl Sample {
    /// As it would come by a link.
    pub fn shared(&self) -> Shared {
        Shared {
            policy: self.policy.to_owned(),
            request: self.request.to_owned(),
            from: self.from.to_owned(),
            now: self.now.to_owned(),
            network: self.network.iter().map(|&(name, text)| (name.to_owned(), text.into())).collect(),
            ..Shared::default()
        }
    }
}

macro_rules! files {
    ($($name:literal),*) => { &[$(($name, include_str!(concat!("../../samples/network/", $name)))),*] };
}

/// A small shop: two web servers behind one NSG, a database, a jump host, and a machine that nothing protects.
const SHOP: &[(&str, &str)] = files!("vms.json", "nics.json", "nsgs.json", "vnets.json", "addresses.json");

macro_rules! sample {
    ($name:literal, $note:literal, $folder:literal, $now:literal, $network:expr) => {
        Sample {
            name: $name,
            note: $note,
            policy: include_str!(concat!("../../samples/", $folder, "/policy.json")),
            request: include_str!(concat!("../../samples/", $folder, "/request.json")),
            from: "10.20.4.7",
            now: $now,
            network: $network,
        }
    };
}

/// All of them; the workbench opens with the first.
pub const SAMPLES: &[Sample] = &[
    sample!(
        "Asks too much",
        "Slips, a request for too much, and a port that stays open",
        "asks-too-much",
        "",
        SHOP
    ),
    sample!("All in order", "A careful policy, and a request that is granted", "in-order", "", SHOP),
    sample!(
        "Wide open",
        "Accepted by Azure, and open to the whole internet for a day",
        "wide-open",
        "",
        SHOP
    ),
    sample!(
        "Exported from Azure",
        "As Azure gives it back, with the requests of one morning",
        "exported",
        "2026-03-04T09:10:00Z",
        SHOP
    ),
    sample!(
        "Written by hand",
        "No JSON any more: comments, commas, quotes, numbers as text",
        "by-hand",
        "",
        SHOP
    ),
    sample!("ARM template", "Values that are known only when the template is deployed", "template", "", &[]),
];
