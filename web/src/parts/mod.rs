//! Parts of pages that know the domain: severities, times, traffic, JSON in colours.
mod access;
mod access_actions;
mod address;
mod count;
mod countdown;
mod extension;
mod fleet_state;
mod json_code;
mod late;
mod reach;
mod severity;
mod time;
mod tokens;
mod traffic;

pub use access::{Access, Held, OPEN_LIST};
pub use access_actions::{
    AccessFault, CloseQuestion, access_buttons, details, is_everybody, let_in_by, nothing_filters, person,
    requestor, sources,
};
pub use address::{activity_address, encoded, machine_address, machine_link};
pub use count::plural;
pub use countdown::{Countdown, EndsSoon};
pub use fleet_state::{ConnectionLost, FleetNotices, fleet_absent, fleet_progress};
pub use json_code::JsonCode;
pub use late::{LATE, Late};
pub use reach::{Addresses, line, open_port, target, use_addresses};
pub use severity::{SeverityBadge, SeverityIcon, counted, glyph};
pub use time::{
    ZoneNote, both, clock, hours, is_in_utc, left, local, local_day, local_minute, local_second, moment,
    near, other, set_in_utc, stamp, time, zone_millis,
};
pub use tokens::{Token, tokens};
pub use traffic::{Flow, flows, grouped, protocol};
