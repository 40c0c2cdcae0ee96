//! Reads the body of a request: all of it, up to a limit, in a limited time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio_stream::StreamExt;

use super::error::Error;

/// Resource Manager's limit.
pub const LIMIT: usize = 4 * 1024 * 1024;

/// What is read of a larger body, and thrown away: many clients look at an answer only when all is sent.
const PATIENCE: usize = 8 * LIMIT;

/// The whole body, which must be as it is: encoded ones are not taken.
pub async fn read(headers: &HeaderMap, body: Body, time: Duration) -> Result<Bytes, Error> {
    // All of it is read first, so that the connection can be used again.
    let whole = whole(headers, body, time).await?;
    match headers.get_all(header::CONTENT_ENCODING).iter().find(|coding| !is_identity(coding)) {
        Some(coding) if !whole.is_empty() => Err(encoded(coding)),
        _ => Ok(whole),
    }
}

/// True for what changes nothing: `identity`, or no coding at all.
fn is_identity(coding: &HeaderValue) -> bool {
    coding.as_bytes().split(|byte| *byte == b',').all(|coding| {
        let coding = coding.trim_ascii();
        coding.is_empty() || coding.eq_ignore_ascii_case(b"identity")
    })
}

/// 415, and what would be taken (RFC 9110, section 12.5.3).
fn encoded(coding: &HeaderValue) -> Error {
    let coding = String::from_utf8_lossy(coding.as_bytes());
    let message =
        format!("The body of the request has the encoding '{coding}'. Send it as it is, without one.");
    Error::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)
        .target("Content-Encoding")
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))
}

/// Whatever was sent. After an error the connection ends, since what is left of the body may still be on it.
async fn whole(headers: &HeaderMap, body: Body, time: Duration) -> Result<Bytes, Error> {
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    // Who waits for a word before sending need not send it.
    let waits = headers.contains_key(header::EXPECT);
    if declared.is_some_and(|length| length > if waits { LIMIT } else { PATIENCE }) {
        return Err(too_large());
    }
    let whole = async {
        let mut chunks = body.into_data_stream();
        let (mut whole, mut length) = (Vec::new(), 0_usize);
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| {
                closing(Error::bad_request(
                    "InvalidRequestContent",
                    "The body of the request ended too early.",
                ))
            })?;
            length = length.saturating_add(chunk.len());
            if length > PATIENCE {
                return Err(too_large());
            }
            if length <= LIMIT {
                whole.extend_from_slice(&chunk);
            }
        }
        if length > LIMIT { Err(too_large()) } else { Ok(Bytes::from(whole)) }
    };
    tokio::time::timeout(time, whole).await.unwrap_or_else(|_| {
        let message = format!("The body of the request did not arrive within {} seconds.", time.as_secs());
        Err(closing(Error::new(StatusCode::REQUEST_TIMEOUT, "RequestTimeout", message)))
    })
}

/// Reads the body of a request that is refused already, so that the client gets the answer and may use the connection
/// again. A client that waits for a word before it sends the body is answered at once.
pub async fn drain(headers: &HeaderMap, body: Body, time: Duration, refusal: Error) -> Error {
    if headers.contains_key(header::EXPECT) {
        return closing(refusal);
    }
    match whole(headers, body, time).await {
        Ok(_) => refusal,
        Err(_) => closing(refusal),
    }
}

fn too_large() -> Error {
    let message = format!("The body of the request is larger than {LIMIT} bytes.");
    closing(Error::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestContentTooLarge", message))
}

fn closing(error: Error) -> Error {
    error.header(header::CONNECTION, HeaderValue::from_static("close"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn bodies() {
        let small = read(&HeaderMap::new(), Body::from("abc"), TIME).await.unwrap();
        assert_eq!(small, "abc");
        let large = read(&HeaderMap::new(), Body::from(vec![0; LIMIT + 1]), TIME).await.unwrap_err();
        assert_eq!(large.status, 413);
        read(&HeaderMap::new(), Body::from(vec![0; LIMIT]), Duration::from_secs(9)).await.unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(PATIENCE + 1));
        let never = || Body::from_stream(tokio_stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read(&headers, never(), TIME).await.unwrap_err().status, 413);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(LIMIT + 1));
        headers.insert(header::EXPECT, HeaderValue::from_static("100-continue"));
        assert_eq!(read(&headers, never(), TIME).await.unwrap_err().status, 413);
        assert_eq!(read(&HeaderMap::new(), never(), TIME).await.unwrap_err().status, 408);
    }
}
