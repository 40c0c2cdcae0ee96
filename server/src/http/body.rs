//! Reads the body of a request: all of it, up to a limit, in a limited time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio_stream::StreamExt;

use super::error::Error;

/// Resource Manager's limit.
pub const LIMIT: usize = 4 * 1024 * 1024;

/// The whole body. After an error the connection ends, since what is left of the body is still on it.
pub async fn read(headers: &HeaderMap, body: Body, time: Duration) -> Result<Bytes, Error> {
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > u64::try_from(LIMIT).unwrap_or(u64::MAX)) {
        return Err(too_large());
    }
    let whole = async {
        let mut chunks = body.into_data_stream();
        let mut whole = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| {
                closing(Error::bad_request(
                    "InvalidRequestContent",
                    "The body of the request ended too early.",
                ))
            })?;
            if whole.len().saturating_add(chunk.len()) > LIMIT {
                return Err(too_large());
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(Bytes::from(whole))
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
    match read(headers, body, time).await {
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
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(LIMIT + 1));
        assert_eq!(read(&headers, Body::empty(), TIME).await.unwrap_err().status, 413);
        let never = Body::from_stream(tokio_stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read(&HeaderMap::new(), never, TIME).await.unwrap_err().status, 408);
    }
}
