//! What is on the workbench as a link: JSON, deflated, in the fragment, which no browser sends to a server.
use std::sync::Arc;

use jitgate_core::Kind;
use js_sys::{Array, JSON, Object, Reflect};
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
    /// The network's files: name and text.
    pub network: Vec<(String, Arc<str>)>,
}

/// A fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    pub text: String,
    /// True if the network's files had to be left out.
    pub without_network: bool,
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
    browser::page_address(&format!("/workbench#{fragment}"))
}

impl Shared {
    /// As a fragment: with the network where that is short enough, else without.
    pub async fn fragment(&self) -> Result<Fragment, NoLink> {
        match self.squeezed(true).await {
            Err(NoLink::TooLong(_)) if !self.network.is_empty() => {
                let text = self.squeezed(false).await?;
                Ok(Fragment { text, without_network: true })
            }
            whole => whole.map(|text| Fragment { text, without_network: false }),
        }
    }

    async fn squeezed(&self, network: bool) -> Result<String, NoLink> {
        let squeezed = match self.json(network) {
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
        let text = |key: &str| text(&object, key);
        Some(Self {
            policy: text("policy")?,
            request: text("request")?,
            now: text("now")?,
            from: text("from")?,
            policy_kind: Kind::from_name(&text("policyKind")?),
            request_kind: Kind::from_name(&text("requestKind")?),
            network: files(&object)?,
        })
    }

    /// Empty members are left out.
    fn json(&self, network: bool) -> Result<String, JsValue> {
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
        if network && !self.network.is_empty() {
            let files = self.network.iter().map(|(name, text)| file(name, text));
            Reflect::set(&object, &NETWORK.into(), &files.collect::<Result<Array, _>>()?.into())?;
        }
        Ok(JSON::stringify(&object)?.into())
    }
}

/// The member with the network's files: `[{"name", "text"}…]`.
const NETWORK: &str = "network";

fn file(name: &str, text: &str) -> Result<Object, JsValue> {
    let object = Object::new();
    Reflect::set(&object, &"name".into(), &name.into())?;
    Reflect::set(&object, &"text".into(), &text.into())?;
    Ok(object)
}

/// A member that is a text; empty where it is left out, none where it is something else.
fn text(object: &Object, key: &str) -> Option<String> {
    let value = Reflect::get(object, &key.into()).ok()?;
    if value.is_undefined() { Some(String::new()) } else { value.as_string() }
}

/// The network's files; none where that member is damaged.
fn files(object: &Object) -> Option<Vec<(String, Arc<str>)>> {
    let value = Reflect::get(object, &NETWORK.into()).ok()?;
    if value.is_undefined() {
        return Some(Vec::new());
    }
    let list: Array = value.dyn_into().ok()?;
    list.iter()
        .map(|file| {
            let file: Object = file.dyn_into().ok()?;
            Some((text(&file, "name")?, text(&file, "text")?.into()))
        })
        .collect()
}
