//! A small web server for a folder of files, bound to this machine only, with the portal's security headers.
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::paths;

/// What every response carries.
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

/// A site that listens but does not answer yet.
pub struct Site {
    listener: TcpListener,
    address: SocketAddr,
    files: Files,
}

/// Every file by the path it is served under. They are held in memory: no request ever names a file on disk.
type Files = HashMap<String, Bytes>;

impl Site {
    /// Reads the folder and takes the port; port 0 is any free one.
    pub fn open(folder: &Path, port: u16) -> Result<Self> {
        let mut files = Files::new();
        for path in paths::files(folder)? {
            let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            files.insert(format!("/{name}"), paths::read(&path)?.into());
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("port {port} cannot be used; name another one with `--port`"))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, files })
    }

    /// Where a browser finds the site.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers requests until the process ends.
    pub fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        runtime.block_on(async {
            let app = Router::new().fallback_service(get(answer).with_state(Arc::new(self.files)));
            axum::serve(tokio::net::TcpListener::from_std(self.listener)?, app).await
        })?;
        Err(anyhow!("the web server stopped"))
    }
}

async fn answer(State(files): State<Arc<Files>>, uri: Uri) -> Response {
    let mut response = match find(&files, uri.path()) {
        Some((path, content)) => {
            let head = [(header::CONTENT_TYPE, media_type(path)), (header::CACHE_CONTROL, keep(path))];
            (head, content.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The file of a path. A path whose last part has no extension is one of the portal's own addresses, and the
/// portal's page shows it.
fn find<'a>(files: &'a Files, path: &'a str) -> Option<(&'a str, &'a Bytes)> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let path = if last.contains('.') { path } else { "/index.html" };
    Some((path, files.get(path)?))
}

/// The folder of the static files has their fingerprint in its name; everything else is asked for anew.
fn keep(path: &str) -> &'static str {
    if path.starts_with("/static/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
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
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::*;

    /// What the site answers to a GET of the path, head and body.
    fn fetch(path: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        paths::write(&folder.path().join("index.html"), "<h1>page</h1>").unwrap();
        paths::write(&folder.path().join("static/0a/portal.wasm"), "\0asm").unwrap();
        let site = Site::open(folder.path(), 0).unwrap();
        let address = site.address;
        std::thread::spawn(|| site.run());
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn every_answer_has_the_security_headers() {
        for path in ["/", "/nothing.js"] {
            let answer = fetch(path);
            for (name, value) in HEADERS {
                assert!(answer.contains(&format!("{name}: {value}\r\n")), "{path}: no {name} in {answer}");
            }
        }
    }

    #[test]
    fn the_portals_own_addresses_show_its_page() {
        for path in ["/", "/rules", "/rules/JIT101?x=1"] {
            let answer = fetch(path);
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            assert!(answer.contains("content-type: text/html; charset=utf-8\r\n"), "{answer}");
            assert!(answer.contains("cache-control: no-cache\r\n"), "{answer}");
            assert!(answer.ends_with("<h1>page</h1>"), "{answer}");
        }
    }

    #[test]
    fn static_files_are_typed_and_kept() {
        let answer = fetch("/static/0a/portal.wasm");
        assert!(answer.contains("content-type: application/wasm\r\n"), "{answer}");
        assert!(answer.contains("immutable"), "{answer}");
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for path in ["/static/0a/other.js", "/../index.html", "/static/%2e%2e/index.html"] {
            assert!(fetch(path).starts_with("HTTP/1.1 404"), "{path}");
        }
    }
}
