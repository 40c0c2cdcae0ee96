//! Answers made smaller on their way out, where the client takes that: JSON, lines of it, and CSV. Streams of changes,
//! the portal's files and what is small go as they are.
//!
//! That a length tells of secrets (BREACH) would take somebody else's page that makes a browser send them; ours travel
//! in `Authorization`, which no page of others can set.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody, to_bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio_stream::Stream;

use super::coding::Coding;
use super::error::Error;
use crate::store::Fault;

/// Below so many bytes it costs more than it saves.
const SMALL: u64 = 2048;
/// From so many bytes on it is done away from the threads that answer calls.
const LARGE: usize = 64 * 1024;

/// Levels at which lists become some fifty times smaller, at half a gigabyte a second and more.
const GZIP: Compression = Compression::new(4);
const BROTLI: u32 = 1;
/// Brotli's window is two to the power of that, in bytes: a client needs as much to read it.
const BROTLI_WINDOW: u32 = 20;
const BROTLI_BUFFER: usize = 4096;

/// The answer in the first of these codings, if it gains by it.
pub async fn compress(codings: Vec<Coding>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    if !is_text(headers) || headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let length = response.body().size_hint().exact();
    let coding = codings.first().filter(|_| length.is_none_or(|length| length >= SMALL));
    let Some(&coding) = coding else { return response };
    let (mut parts, body) = response.into_parts();
    let body = match length {
        Some(_) => match whole(coding, body).await {
            Ok(encoded) => Body::from(encoded),
            Err(fault) => return Error::from(fault).into_response(),
        },
        None => {
            let encoder = Some(Encoder::new(coding));
            Body::from_stream(Encoded { parts: body.into_data_stream(), encoder })
        }
    };
    // Where it is known hyper tells the new one.
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    if let Some(tag) = parts.headers.get(header::ETAG).map(|tag| coding.tag(tag)) {
        parts.headers.insert(header::ETAG, tag);
    }
    Response::from_parts(parts, body)
}

/// True for what is long because it says the same many times.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    ["application/json", "application/x-ndjson", "text/csv"].contains(&kind)
}

/// A body that is in memory already.
async fn whole(coding: Coding, body: Body) -> Result<Vec<u8>, Fault> {
    let plain = to_bytes(body, usize::MAX).await.map_err(Fault::other)?;
    let encoded = if plain.len() < LARGE {
        encode(coding, &plain)
    } else {
        tokio::task::spawn_blocking(move || encode(coding, &plain)).await.map_err(Fault::other)?
    };
    encoded.map_err(Fault::other)
}

fn encode(coding: Coding, plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = Encoder::new(coding);
    encoder.write(plain)?;
    encoder.finish()
}

/// An encoder, and what has come out of it.
enum Encoder {
    Brotli(Box<CompressorWriter<Vec<u8>>>),
    Gzip(Box<GzEncoder<Vec<u8>>>),
}

impl Encoder {
    fn new(coding: Coding) -> Self {
        let out = Vec::new();
        match coding {
            Coding::Brotli => {
                Self::Brotli(Box::new(CompressorWriter::new(out, BROTLI_BUFFER, BROTLI, BROTLI_WINDOW)))
            }
            Coding::Gzip => Self::Gzip(Box::new(GzEncoder::new(out, GZIP))),
        }
    }

    fn write(&mut self, plain: &[u8]) -> io::Result<()> {
        match self {
            Self::Brotli(encoder) => encoder.write_all(plain),
            Self::Gzip(encoder) => encoder.write_all(plain),
        }
    }

    /// All of a part: whoever waits for it can read it.
    fn part(&mut self, plain: &[u8]) -> io::Result<Vec<u8>> {
        self.write(plain)?;
        match self {
            Self::Brotli(encoder) => encoder.flush().map(|()| std::mem::take(encoder.get_mut())),
            Self::Gzip(encoder) => encoder.flush().map(|()| std::mem::take(encoder.get_mut())),
        }
    }

    /// What is left, with the end.
    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli(encoder) => Ok(encoder.into_inner()),
            Self::Gzip(encoder) => encoder.finish(),
        }
    }
}

/// A body whose length nobody knows, encoded part by part.
struct Encoded {
    parts: BodyDataStream,
    /// None once it has ended: one that breaks off is not made to look whole.
    encoder: Option<Encoder>,
}

impl Stream for Encoded {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context) -> Poll<Option<Self::Item>> {
        let Self { parts, encoder } = &mut *self;
        let Some(mut encoding) = encoder.take() else { return Poll::Ready(None) };
        let Poll::Ready(part) = Pin::new(parts).poll_next(cx) else {
            *encoder = Some(encoding);
            return Poll::Pending;
        };
        let encoded = match part {
            Some(Ok(part)) => {
                let encoded = encoding.part(&part);
                *encoder = encoded.is_ok().then_some(encoding);
                encoded.map_err(axum::Error::new)
            }
            Some(Err(error)) => Err(error),
            None => encoding.finish().map_err(axum::Error::new),
        };
        Poll::Ready(Some(encoded.map(Bytes::from)))
    }
}
