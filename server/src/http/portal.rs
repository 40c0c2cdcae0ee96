//! The portal's files, which are part of the program where it was built with them.
//!
//! The feature `portal` takes the files of the folder that `JITGATE_PORTAL` names at build time. Beside a file may
//! stand the same compressed, as `NAME.br` and `NAME.gz`.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::coding::Coding;

/// What every file is served with. The portal has no inline script or style.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Where there is no portal, the root says so.
const MISSING: &str =
    "This is jitgate. This build has no portal; the API is at /subscriptions, as Azure's.\n";

/// The page that stands at all of the portal's own addresses.
const PAGE: &str = "index.html";

/// What the page says of where the data lives: as it is built, and as it is served.
const DATA_IN_BROWSER: &str = "name=\"jitgate-data\" content=\"browser\"";
const DATA_ON_SERVER: &str = "name=\"jitgate-data\" content=\"server\"";

/// A file by its path without the slash in front.
type Find = fn(&str) -> Option<Cow<'static, [u8]>>;

#[cfg(feature = "portal")]
fn embedded(path: &str) -> Option<Cow<'static, [u8]>> {
    #[derive(rust_embed::Embed)]
    #[folder = "$JITGATE_PORTAL"]
    struct Files;
    Files::get(path).map(|file| file.data)
}

#[cfg(not(feature = "portal"))]
fn embedded(_: &str) -> Option<Cow<'static, [u8]>> {
    None
}

/// The answer for a path that is none of the API's; none where the portal has nothing there either.
pub fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    respond(embedded, method, path, headers)
}

fn respond(find: Find, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    let name = name(path, headers)?;
    if ![Method::GET, Method::HEAD].contains(method) {
        return None;
    }
    let Some(plain) = find(name) else {
        // The root is there in any build.
        let kind = HeaderValue::from_static("text/plain; charset=utf-8");
        return (path == "/")
            .then(|| (StatusCode::OK, [(header::CONTENT_TYPE, kind)], MISSING).into_response());
    };
    let (content, encoding) = if name == PAGE {
        (told(&plain), None)
    } else {
        encoded(find, name, headers).unwrap_or((plain, None))
    };
    let mut response = Response::new(body(content));
    let out = response.headers_mut();
    for (name, value) in HEADERS {
        out.insert(name, HeaderValue::from_static(value));
    }
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep(name)));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// The page as a server has it: the portal finds its data here, and not in the browser.
fn told(page: &[u8]) -> Cow<'static, [u8]> {
    let page = String::from_utf8_lossy(page);
    Cow::Owned(page.replacen(DATA_IN_BROWSER, DATA_ON_SERVER, 1).into_bytes())
}

/// The file of a path. A path whose last part has no dot is one of the portal's own addresses, and its page shows it to
/// whoever wants a page; a program that asks there wants the API.
fn name<'a>(path: &'a str, headers: &HeaderMap) -> Option<&'a str> {
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') {
        return path.strip_prefix('/');
    }
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    (path == "/" || accept.contains("text/html")).then_some(PAGE)
}

/// The compressed file, if there is one that the client takes.
fn encoded(
    find: Find,
    name: &str,
    headers: &HeaderMap,
) -> Option<(Cow<'static, [u8]>, Option<&'static str>)> {
    let file = |coding: Coding| {
        let end = match coding {
            Coding::Brotli => "br",
            Coding::Gzip => "gz",
        };
        Some((find(&format!("{name}.{end}"))?, Some(coding.name())))
    };
    Coding::accepted(headers).into_iter().find_map(file)
}

fn body(content: Cow<'static, [u8]>) -> Body {
    match content {
        Cow::Borrowed(content) => Body::from(content),
        Cow::Owned(content) => Body::from(content),
    }
}

/// The folder of the static files has their fingerprint in its name; everything else is asked for anew.
fn keep(name: &str) -> &'static str {
    if name.starts_with("static/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    fn files(path: &str) -> Option<Cow<'static, [u8]>> {
        let content: &[u8] = match path {
            "index.html" => b"page <meta name=\"jitgate-data\" content=\"browser\">",

            "static/0a/app.wasm" => b"plain",
            "index.html.br" | "static/0a/app.wasm.br" => b"brotli",
            "static/0a/app.wasm.gz" => b"gzip",
            _ => return None,
        };
        Some(Cow::Borrowed(content))
    }

    async fn get(path: &str, sent: &[(HeaderName, &'static str)]) -> Option<(HeaderMap, String)> {
        let sent = sent.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        let response = respond(files, &Method::GET, path, &sent)?;
        let headers = response.headers().clone();
        let body = to_bytes(response.into_body(), 100).await.unwrap();
        Some((headers, String::from_utf8(body.to_vec()).unwrap()))
    }

    #[tokio::test]
    async fn the_smallest_that_the_client_takes() {
        for (accepted, expected) in [
            ("gzip, deflate, br", "brotli"),
            ("GZIP", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("identity", "plain"),
        ] {
            let (headers, body) =
                get("/static/0a/app.wasm", &[(header::ACCEPT_ENCODING, accepted)]).await.unwrap();
            assert_eq!(body, expected, "{accepted}");
            assert_eq!(headers.contains_key(header::CONTENT_ENCODING), expected != "plain");
            assert_eq!(headers[header::CONTENT_TYPE], "application/wasm");
            assert!(headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        }
    }

    #[tokio::test]
    async fn pages_are_for_browsers() {
        let page = [(header::ACCEPT, "text/html,*/*;q=0.8"), (header::ACCEPT_ENCODING, "br")];
        for path in ["/", "/rules/JIT101"] {
            let (headers, body) = get(path, &page).await.unwrap();
            assert_eq!(body, "page <meta name=\"jitgate-data\" content=\"server\">", "{path}");
            assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
            for (name, value) in HEADERS {
                assert_eq!(headers[name], value);
            }
        }
        assert!(get("/rules", &[(header::ACCEPT, "application/json")]).await.is_none());
        assert!(get("/nothing.js", &page).await.is_none());
    }

    #[tokio::test]
    async fn a_build_without_the_portal_says_so() {
        let response = respond(|_| None, &Method::GET, "/", &HeaderMap::new()).unwrap();
        let body = to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(body, MISSING);
        assert!(respond(|_| None, &Method::GET, "/x", &HeaderMap::new()).is_none());
    }
}
