//! The ledger's records as they are stored: what `jitgate audit export` prints, in pages, for whoever wants to see for
//! themselves that the chain is whole.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::call::Call;
use super::error::Error;
use crate::store::{Fault, Reader};

/// Lines of JSON.
const LINES: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// The parameter: the number of the last record that the client has.
const AFTER: &str = "after";
/// A page has so many records at most, and ends after so many bytes.
const MOST: usize = 1000;
const BYTES: usize = 4 * 1024 * 1024;
/// The store counts no further.
const LAST: u64 = i64::MAX.unsigned_abs();

/// The records after the one that the client has, a line each; none where there are no more.
pub async fn page(call: &Call) -> Result<Response, Error> {
    let after = match call.query.get(AFTER) {
        None => 0,
        Some(number) => number.parse().map_err(|_| {
            let message =
                format!("'{number}' is no number of a record: it is a whole number, and not negative.");
            Error::bad_request("BadRequest", message).target(AFTER)
        })?,
    };
    let reader = call.app.reader.clone();
    let read = tokio::task::spawn_blocking(move || some(&*reader, after, MOST)).await;
    let rows = read.map_err(Fault::other)??;
    let text: String = rows.into_iter().flat_map(|(_, json)| [json, "\n".to_owned()]).collect();
    Ok(([(header::CONTENT_TYPE, LINES)], text).into_response())
}

/// Records after a place, number and JSON: so many at most.
pub fn some(reader: &dyn Reader, after: u64, most: usize) -> Result<Vec<(u64, String)>, Fault> {
    let (mut rows, mut bytes) = (Vec::new(), 0_usize);
    let full = Fault::other("enough");
    let read = reader.since(after.min(LAST), &mut |seq, json| {
        if rows.len() >= most || bytes >= BYTES {
            return Err(full.clone());
        }
        bytes = bytes.saturating_add(json.len());
        rows.push((seq, json.to_owned()));
        Ok(())
    });
    match read {
        Err(fault) if fault != full => Err(fault),
        _ => Ok(rows),
    }
}
