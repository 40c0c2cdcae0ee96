//! What the server writes about its work: to the standard error, as text or JSON. No secret goes in: no header, no
//! query, no body.

use std::io::stderr;

use tracing_subscriber::EnvFilter;

use crate::args::LogFormat;

/// What is logged unless the environment says otherwise: calls, and what goes wrong.
const DEFAULT: &str = "info";

/// Begins to log. In tests of the library nobody calls it, and nothing is written.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_env("JITGATE_LOG").unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_target(false);
    // It fails only where a log has begun already, which then goes on.
    drop(match format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
        }
    });
}
