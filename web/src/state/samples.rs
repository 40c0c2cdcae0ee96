//! The documents that the workbench offers to begin with.

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
}

macro_rules! sample {
    ($name:literal, $note:literal, $folder:literal) => {
        Sample {
            name: $name,
            note: $note,
            policy: include_str!(concat!("../../samples/", $folder, "/policy.json")),
            request: include_str!(concat!("../../samples/", $folder, "/request.json")),
            from: "10.20.4.7",
        }
    };
}

/// All of them; the workbench opens with the first.
pub const SAMPLES: &[Sample] = &[
    sample!("Asks too much", "A policy with slips, and a request for more than it allows", "asks-too-much"),
    sample!("All in order", "A careful policy, and a request that is granted", "in-order"),
    sample!("Wide open", "Accepted by Azure, and open to the whole internet for a day", "wide-open"),
    sample!("Exported from Azure", "A policy with the members that only Azure writes", "exported"),
    sample!("Written by hand", "No JSON any more: comments, commas, quotes, numbers as text", "by-hand"),
    sample!("ARM template", "Values that are known only when the template is deployed", "template"),
];
