//! What is on the workbench as a link: JSON, deflated, in the fragment, which no browser sends to a server.
use jitgate_core::Kind;
use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::browser;

/// What the fragment starts with; another way of writing it would get another number.
const PREFIX: &str = "v1=";

/// Longer fragments are cut off or refused by mail programs, chats and proxies.
const LONGEST: usize = 30_000;

/// What is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    pub policy: String,
    pub request: String,
    pub now: String,
    pub from: String,
    pub policy_kind: Option<Kind>,
    pub request_kind: Option<Kind>,
}

/// Why there is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLink {
    /// It would have this many characters.
    TooLong(usize),
    /// The browser cannot compress.
    Unable,
}

impl NoLink {
    /// In words.
    pub fn message(self) -> String {
        match self {
            Self::TooLong(length) => format!(
                "These documents are too long for a link: it would have {} KB, and {} KB is the most that travels \
                 safely. Share them as files.",
                length.div_ceil(1000),
                LONGEST.div_ceil(1000)
            ),
            Self::Unable => {
                "This browser cannot make the link: it does not compress. Share files instead.".to_owned()
            }
        }
    }
}

/// The whole address under which the workbench opens with this.
pub fn address(fragment: &str) -> String {
    browser::page_address(&format!("/#{fragment}"))
}

impl Shared {
    /// As a fragment.
    pub async fn fragment(&self) -> Result<String, NoLink> {
        let squeezed = match self.json() {
            Ok(json) => browser::squeeze(&json).await,
            Err(error) => Err(error),
        };
        let short = squeezed.map_err(|_| NoLink::Unable)?;
        if short.len() > LONGEST { Err(NoLink::TooLong(short.len())) } else { Ok(format!("{PREFIX}{short}")) }
    }

    /// From a fragment; none when it is damaged or was never one of ours.
    pub async fn read(fragment: &str) -> Option<Self> {
        let json = browser::unsqueeze(fragment.strip_prefix(PREFIX)?).await.ok()?;
        let object: Object = JSON::parse(&json).ok()?.dyn_into().ok()?;
        let text = |key: &str| match Reflect::get(&object, &key.into()) {
            Ok(value) if value.is_undefined() => Some(String::new()),
            Ok(value) => value.as_string(),
            Err(_) => None,
        };
        Some(Self {
            policy: text("policy")?,
            request: text("request")?,
            now: text("now")?,
            from: text("from")?,
            policy_kind: Kind::from_name(&text("policyKind")?),
            request_kind: Kind::from_name(&text("requestKind")?),
        })
    }

    /// Empty members are left out.
    fn json(&self) -> Result<String, JsValue> {
        let object = Object::new();
        let kind = |kind: Option<Kind>| kind.map_or("", Kind::as_str);
        for (key, value) in [
            ("policy", self.policy.as_str()),
            ("request", &self.request),
            ("now", &self.now),
            ("from", &self.from),
            ("policyKind", kind(self.policy_kind)),
            ("requestKind", kind(self.request_kind)),
        ] {
            if !value.is_empty() {
                Reflect::set(&object, &key.into(), &value.into())?;
            }
        }
        Ok(JSON::stringify(&object)?.into())
    }
}
