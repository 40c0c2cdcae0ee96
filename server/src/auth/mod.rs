//! Who is calling: bearer tokens of our own, JWTs of an OpenID Connect provider, and the short-lived tokens that
//! `az login --service-principal` gets.
//!
//! Nothing here decides what a caller may do; it finds the roles that the caller holds. Secrets are kept as digests,
//! and neither shown by `Debug` nor logged.

mod access_token;
mod authenticate;
mod bearer;
mod directory;
mod gate;
mod oauth;
mod oidc;
mod secret;
mod token;

pub use access_token::SigningKey;
pub use authenticate::Authenticator;
pub use directory::{find_credential, find_role, role, user_object_id};
pub use gate::Gate;
#[cfg(test)]
pub use oauth::TokenForm;
pub use oauth::{OAuthError, openid_configuration};
pub use oidc::{Oidc, OidcConfig};
pub use secret::Secret;
pub use token::{digest, new_token};

#[cfg(test)]
mod tests;
