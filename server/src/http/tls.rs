//! TLS: a certificate and its key, taken up anew when their files change or the process hears SIGHUP.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};

/// How often the files are looked at: they are small, and whoever renews them does it days before the old ones end.
const PERIOD: Duration = Duration::from_secs(10);

/// A certificate and its key, with what new connections get of them.
#[derive(Debug)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    config: RustlsConfig,
    /// Of both files as they were last looked at, usable or not.
    seen: Seen,
}

/// SHA-256 of the certificate's file and of the key's; none for one that could not be read.
type Seen = [Option<[u8; 32]>; 2];

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// Which of them cannot be used, and why.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, String> {
        let files = Files::read(certificate, key);
        let config = RustlsConfig::from_config(files.config()?);
        let seen = files.seen();
        Ok(Self { chain: certificate.to_owned(), key: key.to_owned(), config, seen })
    }

    /// What new connections get, also after it has changed.
    pub fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// Looks whether the files have changed, and takes them up; `always` does it either way. True where there is
    /// another certificate now.
    ///
    /// # Errors
    /// What is new cannot be used; what was there stays. Of a pair of which one file alone is new this is said as well,
    /// until the other follows.
    pub fn refresh(&mut self, always: bool) -> Result<bool, String> {
        let files = Files::read(&self.chain, &self.key);
        let seen = files.seen();
        if seen == self.seen && !always {
            return Ok(false);
        }
        self.seen = seen;
        self.config.reload_from_config(files.config()?);
        Ok(true)
    }

    /// Takes changes up as long as the server runs.
    pub async fn follow(mut self) {
        let mut order = Order::new();
        loop {
            let always = order.next(PERIOD).await;
            // Files may lie on a disk that is away.
            let refreshed = tokio::task::spawn_blocking(move || (self.refresh(always), self)).await;
            let Ok((outcome, this)) = refreshed else { return };
            self = this;
            match outcome {
                Ok(true) => tracing::info!("the certificate was taken up anew"),
                Ok(false) => {}
                Err(problem) => {
                    tracing::warn!(problem, "the new certificate cannot be used; the last one stays");
                }
            }
        }
    }
}

/// SIGHUP, or nothing where there is none.
struct Order {
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
}

impl Order {
    fn new() -> Self {
        Self {
            #[cfg(unix)]
            hangup: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    /// True when it was heard, false after a while without it.
    async fn next(&mut self, period: Duration) -> bool {
        #[cfg(unix)]
        if let Some(hangup) = &mut self.hangup {
            return matches!(tokio::time::timeout(period, hangup.recv()).await, Ok(Some(())));
        }
        tokio::time::sleep(period).await;
        false
    }
}

/// Both files as they are, or why they are not.
struct Files<'p> {
    certificate: (&'p Path, Result<Vec<u8>, String>),
    key: (&'p Path, Result<Vec<u8>, String>),
}

impl<'p> Files<'p> {
    fn read(certificate: &'p Path, key: &'p Path) -> Self {
        let bytes = |path: &Path| fs::read(path).map_err(|error| error.to_string());
        Self { certificate: (certificate, bytes(certificate)), key: (key, bytes(key)) }
    }

    fn seen(&self) -> Seen {
        let digest = |bytes: &Result<Vec<u8>, String>| Some(Sha256::digest(bytes.as_ref().ok()?).into());
        [digest(&self.certificate.1), digest(&self.key.1)]
    }

    fn config(&self) -> Result<Arc<ServerConfig>, String> {
        let wrong = |path: &Path, error: &dyn ToString| {
            format!("`{}` cannot be used for TLS: {}", path.display(), error.to_string())
        };
        let (path, bytes) = (self.certificate.0, &self.certificate.1);
        let bytes = bytes.as_ref().map_err(|error| wrong(path, error))?;
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
        let certificates = certificates.map_err(|error| wrong(path, &error))?;
        if certificates.is_empty() {
            return Err(wrong(path, &"it holds no certificate in PEM"));
        }
        let private = self.key.1.as_ref().map_err(|error| wrong(self.key.0, error))?;
        let private = PrivateKeyDer::from_pem_slice(private).map_err(|error| wrong(self.key.0, &error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| wrong(path, &error))?;
        let config = builder.with_no_client_auth().with_single_cert(certificates, private);
        let mut config = config.map_err(|error| wrong(path, &error))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new certificate of this name, and its key.
    fn made() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_certificate_is_taken_up_anew_when_both_files_have_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        let put = |path: &Path, text: &str| fs::write(path, text).unwrap();
        let ((one, one_key), (two, two_key)) = (made(), made());
        put(&certificate, &one);
        put(&key, &one_key);
        let mut tls = Certificate::load(&certificate, &key).unwrap();
        let shared = tls.config();
        let first = shared.get_inner();
        assert_eq!(tls.refresh(false), Ok(false), "nothing has changed");
        put(&certificate, &two);
        let problem = tls.refresh(false).unwrap_err();
        assert!(problem.contains("cert.pem` cannot be used for TLS"), "{problem}");
        assert_eq!(tls.refresh(false), Ok(false), "it is said once");
        assert!(Arc::ptr_eq(&first, &shared.get_inner()), "the old one stays");
        put(&key, &two_key);
        assert_eq!(tls.refresh(false), Ok(true));
        let second = shared.get_inner();
        assert!(!Arc::ptr_eq(&first, &second));
        fs::remove_file(&key).unwrap();
        assert!(tls.refresh(false).is_err());
        assert!(Arc::ptr_eq(&second, &shared.get_inner()));
        put(&key, &two_key);
        assert_eq!(tls.refresh(false), Ok(true));
        assert_eq!(tls.refresh(true), Ok(true), "when told to, in any case");
    }

    #[test]
    fn files_that_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        let (text, key_text) = made();
        for (first, second, words) in [
            (None, Some(key_text.as_str()), "cert.pem` cannot be used for TLS"),
            (Some("nothing"), Some(key_text.as_str()), "it holds no certificate in PEM"),
            (Some(text.as_str()), None, "key.pem` cannot be used for TLS"),
            (Some(text.as_str()), Some(text.as_str()), "key.pem` cannot be used for TLS"),
            (Some(text.as_str()), Some(made().1.as_str()), "cert.pem` cannot be used for TLS"),
        ] {
            for (path, content) in [(&certificate, first), (&key, second)] {
                match content {
                    Some(content) => fs::write(path, content).unwrap(),
                    None => drop(fs::remove_file(path)),
                }
            }
            let problem = Certificate::load(&certificate, &key).unwrap_err();
            assert!(problem.contains(words), "{problem}");
        }
    }
}
