//! What a token says: who, in which groups, from when until when. Of Microsoft Entra's claims and the standard ones.

use jitgate_core::ledger::{ActorKind, Principal};
use serde::Deserialize;

use super::{Identity, Untrusted};

/// More groups than a token of Entra's lists (200 in a JWT); what is beyond is passed over.
const MOST_GROUPS: usize = 1000;
/// Longer ones are no ids or names.
const LONGEST: usize = 256;

/// The claims that count. Of a wrong type, the token is refused.
#[derive(Debug, Deserialize)]
pub struct Claims {
    exp: Time,
    nbf: Option<Time>,
    oid: Option<String>,
    sub: Option<String>,
    idtyp: Option<String>,
    upn: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
    unique_name: Option<String>,
    app_displayname: Option<String>,
    appid: Option<String>,
    azp: Option<String>,
    #[serde(default)]
    groups: Groups,
}

/// Some providers write the only group without a list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Groups {
    All(Vec<String>),
    One(String),
}

impl Default for Groups {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// Seconds since 1970; RFC 7519 lets them have a fraction.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum Time {
    Whole(u64),
    Parts(f64),
}

impl Time {
    /// True when that instant is later.
    fn is_after(self, seconds: u64) -> bool {
        match self {
            Self::Whole(own) => own > seconds,
            // Exact up to 2⁵³, which is beyond the end of all clocks.
            #[expect(
                clippy::as_conversions,
                clippy::cast_precision_loss,
                reason = "no clock shows 2⁵³ seconds"
            )]
            Self::Parts(own) => own > seconds as f64,
        }
    }
}

impl Claims {
    /// Who it is, if the token is good at this time, give or take the skew.
    pub fn identity(self, now: u64, skew: u64) -> Result<Identity, Untrusted> {
        if !self.exp.is_after(now.saturating_sub(skew)) {
            return Err(Untrusted::Expired);
        }
        if self.nbf.is_some_and(|begins| begins.is_after(now.saturating_add(skew))) {
            return Err(Untrusted::Invalid("it is not good yet"));
        }
        let text = |claim: Option<String>| claim.filter(|text| !text.trim().is_empty());
        let id =
            text(self.oid).or(text(self.sub)).ok_or(Untrusted::Invalid("it has neither `oid` nor `sub`"))?;
        let user =
            text(self.upn).or(text(self.preferred_username)).or(text(self.email)).or(text(self.unique_name));
        let is_app = self.idtyp.is_some_and(|kind| kind.eq_ignore_ascii_case("app"));
        let (name, kind) = match user.filter(|_| !is_app) {
            Some(user) => (user, ActorKind::User),
            None => {
                let app = text(self.app_displayname).or(text(self.appid)).or(text(self.azp));
                (app.unwrap_or_else(|| id.clone()), ActorKind::Application)
            }
        };
        let odd = |text: &str| text.len() > LONGEST || text.chars().any(char::is_control);
        if odd(&id) || odd(&name) {
            return Err(Untrusted::Invalid(
                "its object id or name is too long, or has control characters in it",
            ));
        }
        let principal = Principal { id: id.into(), name: name.into(), kind };
        let mut groups = match self.groups {
            Groups::All(groups) => groups,
            Groups::One(group) => vec![group],
        };
        groups.truncate(MOST_GROUPS);
        Ok(Identity { principal, groups })
    }
}
