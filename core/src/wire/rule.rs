//! A rule as JSON.

use serde::Serialize;

use crate::rules::Code;

/// `{"code", "name", "family", "severity", "summary", "fixable", "contested", "url", "page"?}`; without the
/// feature `pages` there is none.
#[derive(Serialize)]
pub struct RuleJson {
    code: &'static str,
    name: &'static str,
    family: &'static str,
    severity: &'static str,
    summary: &'static str,
    fixable: bool,
    contested: bool,
    url: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'static str>,
}

impl RuleJson {
    /// The rule of that code without its page.
    pub fn brief(code: Code) -> Self {
        Self { page: None, ..Self::new(code) }
    }

    /// The rule of that code, page and all.
    pub fn new(code: Code) -> Self {
        let meta = code.meta();
        Self {
            code: code.id(),
            name: meta.name,
            family: code.family().as_str(),
            severity: meta.severity.as_str(),
            summary: meta.summary,
            fixable: meta.fixable,
            contested: meta.contested,
            url: code.url(),
            page: Some(meta.page).filter(|page| !page.is_empty()),
        }
    }
}
