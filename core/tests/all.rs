//! The tests of the core from outside, as one program: linking it once takes less time than once for each file.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::needless_raw_string_hashes,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod access;
mod access_read;
mod bad_input;
mod convert;
mod convert_endpoint;
mod convert_laws;
mod convert_round;
mod convert_script;
mod convert_support;
mod convert_words;
mod decide;
mod decide_again;
mod decide_deployed;
mod decide_long;
mod decide_nearest;
mod decide_support;
mod decide_templates;

mod dry_granted;
mod dry_run;
mod dry_sharing;
mod dry_together;
mod fixes_change;
mod fleet;
mod fleet_causes;
mod fleet_changes;
mod fuzz;
mod inventory;
mod inventory_lost;
mod ledger;
mod ledger_activity;
mod ledger_chain;
mod ledger_clients;
mod ledger_closing;
mod ledger_laws;
mod ledger_limits;
mod ledger_policies;
mod ledger_repeats;
mod ledger_revoke;
mod ledger_roles;
mod ledger_support;
mod ledger_time;
mod network_bare;
mod network_claims;
mod network_engine;
mod network_engine_support;
mod network_engine_ways;
mod network_firewalls;
mod network_listed;
mod network_lost;
mod network_members;
mod network_pages;
mod network_perhaps;
mod network_read;
mod network_read_more;
mod network_read_odd;
mod network_twice;
mod network_values;
mod preview;
mod preview_clouds;
mod preview_diff;
mod preview_firewall;
mod preview_unsure;
mod reading;
mod recovery;
mod rules_document;
mod rules_document_kinds;
mod rules_document_support;
mod rules_machines;
mod rules_ports;
mod rules_requests;
mod rules_sources;
mod rules_time;
mod safe_fixes;
mod script;
mod script_added;
mod script_changed;
mod script_changed_powershell;
mod script_files;
mod script_http;
mod script_language;
mod script_large;
mod script_laws;
mod script_loops;
mod script_noise;
mod script_pasted;
mod script_pipeline;
mod script_said;
mod script_shell;
mod script_unsure;
mod sets;
mod sets_brute;
mod sets_laws;
mod sets_support;
mod standing;
mod standing_laws;
mod standing_support;
mod support;
