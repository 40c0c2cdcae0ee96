//! Text ↔ the short form that fits into an address: raw deflate, then base64url.
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use js_sys::{Array, Function, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair};

/// The most that a short form may unfold to: a few kilobytes can hold gigabytes of zeros.
const MOST: usize = 8_000_000;

/// The short form of a text.
pub async fn squeeze(text: &str) -> Result<String, JsValue> {
    let bytes = pass(text.as_bytes(), "CompressionStream").await?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The text of a short form.
pub async fn unsqueeze(short: &str) -> Result<String, JsValue> {
    let bytes = URL_SAFE_NO_PAD.decode(short).map_err(|error| error.to_string())?;
    let bytes = pass(&bytes, "DecompressionStream").await?;
    String::from_utf8(bytes).map_err(|error| error.to_string().into())
}

/// Sends bytes through one of the browser's transforms, named as JavaScript knows it: web-sys counts both as unstable.
async fn pass(bytes: &[u8], transform: &str) -> Result<Vec<u8>, JsValue> {
    let class: Function = Reflect::get(&window(), &transform.into())?.dyn_into()?;
    let pair: ReadableWritablePair =
        Reflect::construct(&class, &Array::of1(&"deflate-raw".into()))?.unchecked_into();
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    drain(&blob.stream().pipe_through(&pair)).await
}

async fn drain(stream: &ReadableStream) -> Result<Vec<u8>, JsValue> {
    let reader = ReadableStreamDefaultReader::new(stream)?;
    let mut bytes = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await?;
        if Reflect::get(&chunk, &"done".into())?.is_truthy() {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&chunk, &"value".into())?.dyn_into()?;
        bytes.extend(value.to_vec());
        if bytes.len() > MOST {
            JsFuture::from(reader.cancel()).await?;
            return Err("it is too long".into());
        }
    }
}
