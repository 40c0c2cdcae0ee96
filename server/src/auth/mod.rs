//! Who is calling: bearer tokens of our own, JWTs of an OpenID Connect provider, and the short-lived tokens that
//! `az login --service-principal` gets.
//!
//! Nothing here decides what a caller may do; it finds the roles that the caller holds. Secrets are kept as digests,
//! and neither shown by `Debug` nor logged.

mod access_token;
mod authenticate;
mod bearer;
mod caller;
mod cloud;
mod directory;
mod oauth;
mod oidc;
mod secret;
mod token;

pub use access_token::SigningKey;
pub use authenticate::Authenticator;
pub use bearer::Unauthorized;
pub use caller::{Caller, HeldRole};
pub use cloud::{metadata_endpoints, subscription, subscriptions, tenants};
pub use directory::{definition, find_credential, find_role, role, roles_of, user_object_id};
pub use oauth::{OAuthError, TokenForm, openid_configuration};
pub use oidc::{Oidc, OidcConfig, OidcError};
pub use secret::Secret;
pub use token::{digest, new_token};

#[cfg(test)]
mod tests;
