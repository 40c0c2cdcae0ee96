//! What the server writes about its work: to the standard error, as text or JSON. No secret goes in: no header, no
//! query, no body.

use std::io::stderr;

use tracing_subscriber::EnvFilter;

use crate::args::LogFormat;

/// What is logged unless the environment says otherwise: calls, and what goes wrong.
const DEFAULT: &str = "info";

/// The variable that says what is logged.
const VARIABLE: &str = "JITGATE_LOG";

/// Begins to log. In tests of the library nobody calls it, and nothing is written.
pub fn start(format: LogFormat) -> Result<(), String> {
    let filter = match std::env::var_os(VARIABLE) {
        None => EnvFilter::new(DEFAULT),
        Some(_) => EnvFilter::try_from_env(VARIABLE).map_err(|error| {
            format!("`{VARIABLE}` cannot be used: {error}; it is `info`, `debug` or `off`, say")
        })?,
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_target(false);
    // It fails only where a log has begun already, which then goes on.
    drop(match format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
        }
    });
    Ok(())
}
