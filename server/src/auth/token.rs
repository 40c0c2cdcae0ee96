//! Bearer tokens of our own: `jgt_` and 32 random bytes. Only their digests are stored, so that who reads the store
//! can sign in as nobody. A plain SHA-256 suffices, since nobody can try 2²⁵⁶ of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jitgate_core::ledger::Digest;

use super::secret::Secret;

/// What every token starts with, so that scanners of source code know one.
pub const PREFIX: &str = "jgt_";

/// A new token, from the system's randomness.
pub fn new_token() -> Secret {
    let bytes: [u8; 32] = rand::random();
    Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// What is stored of a token: the SHA-256 of its text in small hexadecimal digits.
pub fn digest(token: &str) -> String {
    Digest::of(token.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn tokens_differ_and_have_their_form() {
        let tokens: HashSet<String> = (0..1000).map(|_| new_token().expose().to_owned()).collect();
        assert_eq!(tokens.len(), 1000);
        for token in tokens {
            let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX).unwrap()).unwrap();
            assert_eq!(bytes.len(), 32);
        }
    }

    #[test]
    fn digests() {
        assert_eq!(digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_ne!(digest("a"), digest("b"));
    }
}
