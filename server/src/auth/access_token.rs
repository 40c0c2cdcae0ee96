//! The short-lived token that a client gets for its credential: opaque, good for an hour, and void as soon as the
//! credential is.
//!
//! It needs no store: `jga_` and, in base64url, a version, the credential's id, the end, and an HMAC-SHA256 over these
//! with a key that is kept in the data folder, so that it survives a restart.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::secret::Secret;

/// What every such token starts with.
pub const PREFIX: &str = "jga_";
/// How long it is good, in seconds.
pub const LIFETIME: u64 = 3600;

const VERSION: u8 = 1;
const BODY: usize = 25;
const FILE: &str = "access-token.key";

/// The key that access tokens are made and checked with.
#[derive(Clone)]
pub struct SigningKey([u8; 32]);

/// What a genuine access token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The credential that it was got with.
    pub credential: Uuid,
    /// Until when it is good, exclusive, in seconds since 1970.
    pub ends: u64,
}

impl SigningKey {
    /// A key for this process alone.
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// The key of a data folder; a new one is put there the first time, readable for its owner alone.
    pub fn of_folder(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        match read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Written whole beside its place, then linked to it: two that do so at once agree on the first.
                let mut file = tempfile::NamedTempFile::new_in(folder)?;
                file.write_all(&Self::random().0)?;
                file.as_file().sync_all()?;
                match file.persist_noclobber(&path) {
                    Ok(_) => {}
                    Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error.error),
                }
                read(&path)
            }
            read => read,
        }
    }

    /// An access token for a credential.
    pub fn sign(&self, credential: Uuid, ends: u64) -> Secret {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(credential.as_bytes());
        bytes.extend_from_slice(&ends.to_be_bytes());
        let tag = self.mac(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&tag);
        Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What the token says, if it was made with this key. Whether it is still good is for the caller to see.
    pub fn verify(&self, token: &str) -> Option<AccessToken> {
        let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
        let (body, tag) = bytes.split_at_checked(BODY)?;
        self.mac(body).verify_slice(tag).ok()?;
        let (version, rest) = body.split_first()?;
        let (credential, ends) = rest.split_at_checked(16)?;
        let ends = u64::from_be_bytes(ends.try_into().ok()?);
        (*version == VERSION).then_some(AccessToken { credential: Uuid::from_slice(credential).ok()?, ends })
    }

    fn mac(&self, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&self.padded().into());
        mac.update(body);
        mac
    }

    /// The key as HMAC takes it: filled up with zeros to a block of SHA-256 (RFC 2104).
    fn padded(&self) -> [u8; 64] {
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(self.0) {
            *to = from;
        }
        block
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// A GUID made of a digest: version 8 of RFC 9562.
pub fn guid_of(digest: &[u8; 32]) -> Uuid {
    uuid::Builder::from_custom_bytes(digest.first_chunk().copied().unwrap_or_default()).into_uuid()
}

fn read(path: &Path) -> io::Result<SigningKey> {
    let mut bytes = [0; 32];
    let mut file = OpenOptions::new().read(true).open(path)?;
    let wrong = |_| {
        io::Error::other(format!(
            "`{}` is not a key of 32 bytes: delete it, and a new one is made",
            path.display()
        ))
    };
    file.read_exact(&mut bytes).map_err(wrong)?;
    if fs::metadata(path)?.len() != 32 {
        return Err(wrong(io::Error::other("too long")));
    }
    Ok(SigningKey(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_bound_to_the_key_and_to_what_they_say() {
        let (key, other) = (SigningKey::random(), SigningKey::random());
        let said = AccessToken { credential: Uuid::new_v4(), ends: 1_800_000_000 };
        let token = key.sign(said.credential, said.ends);
        assert_eq!(key.verify(token.expose()), Some(said));
        assert_eq!(other.verify(token.expose()), None);
        let bytes = URL_SAFE_NO_PAD.decode(token.expose().strip_prefix(PREFIX).unwrap()).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert_eq!(key.verify(&format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(changed))), None, "{place}");
        }
        let cut: String = token.expose().chars().take(76).collect();
        for text in ["", "jga_", "jga_AAAA", "jga_*", "jgt_AAAA", &cut] {
            assert_eq!(key.verify(text), None, "{text}");
        }
    }

    #[test]
    fn of_another_version_is_none_of_ours() {
        let key = SigningKey::random();
        let of = |version: u8| {
            let body = [&[version][..], Uuid::nil().as_bytes(), &[0; 7], &[9]].concat();
            let tag = key.mac(&body).finalize().into_bytes();
            format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([&body[..], &tag[..]].concat()))
        };
        assert_eq!(key.verify(&of(VERSION)), Some(AccessToken { credential: Uuid::nil(), ends: 9 }));
        assert_eq!(key.verify(&of(VERSION + 1)), None);
    }

    /// RFC 4231, test case 2 has a key of 4 bytes; ours are 32, so the reference is the crate's own way with slices.
    #[test]
    fn the_mac_is_hmac_sha256() {
        let key = SigningKey([7; 32]);
        let mut reference = <Hmac<Sha256> as Mac>::new_from_slice(&[7; 32]).unwrap();
        reference.update(b"what do ya want");
        assert_eq!(key.mac(b"what do ya want").finalize().into_bytes(), reference.finalize().into_bytes());
    }

    #[test]
    fn the_key_of_a_folder_stays() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::of_folder(folder.path()).unwrap();
        assert_eq!(SigningKey::of_folder(folder.path()).unwrap().0, key.0);
        assert_eq!(format!("{key:?}"), "SigningKey(…)");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(folder.path().join(FILE), [1; 31]).unwrap();
        assert!(SigningKey::of_folder(folder.path()).unwrap_err().to_string().contains("32 bytes"));
        fs::write(folder.path().join(FILE), [1; 33]).unwrap();
        assert!(SigningKey::of_folder(folder.path()).unwrap_err().to_string().contains("32 bytes"));
    }
}
