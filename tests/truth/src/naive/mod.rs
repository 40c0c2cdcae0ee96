//! Packet by packet, rule by rule, as the documents of Azure and AWS have it:
//!
//! - Microsoft, *Network security groups overview*: rules are looked at in the order of their priority, the
//!   lowest number first; once one matches, the rest is not looked at.
//! - Microsoft, *How network security groups filter network traffic*: for inbound traffic the subnet's group
//!   comes first, then the one of the network interface; a stage without a group lets everything through.
//! - Microsoft, *Virtual network service tags*, *Application security groups*: `address.rs`.
//! - Microsoft, *Azure Firewall rule processing logic*: `firewall.rs`.
//! - Amazon, *Control traffic to your AWS resources using security groups*: `ec2.rs`.
//!
//! No sets, no tables: each question walks the lists again.

mod address;
mod ec2;
mod firewall;
mod machine;
mod nsg;
mod rule;

use jitgate_core::network::Ref;

pub use firewall::Translation;
pub use machine::{Flow, Reached, arrives, direct, reach};
pub use nsg::{Stage, Verdict};

/// True for references to one resource.
fn same<T>(one: &Ref<T>, two: &Ref<T>) -> bool {
    match (one, two) {
        (Ref::Given(one), Ref::Given(two)) => one == two,
        (Ref::Missing(one), Ref::Missing(two)) => one.id.eq_ignore_ascii_case(&two.id),
        _ => false,
    }
}
