//! JIT106: a text in another language.

use crate::Severity;
use crate::read::{Fact, Language};
use crate::rules::meta::{Meta, page};
use crate::rules::{Anchor, Context, Rule};

/// A text in another language.
#[derive(Debug)]
pub struct NotJson;

impl Rule for NotJson {
    const META: Meta = Meta {
        name: "not-json",
        severity: Severity::Error,
        summary: "the text is another language than JSON",
        fixable: false,
        contested: false,
        page: page(include_str!("not_json.md")),
    };

    fn fact(fact: &Fact, cx: &mut Context) {
        let Fact::Foreign(language) = *fact else { return };
        let (message, help) = words(language);
        cx.find::<Self>(Anchor::Span(0, 0), message).help(help);
    }
}

const fn words(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::PowerShell if cfg!(feature = "script") => (
            "this is PowerShell that sends no policy or request that could be read",
            "check that a table goes to `Set-AzJitNetworkAccessPolicy` or `Start-AzJitNetworkAccessPolicy`, or check the JSON \
             that it sends",
        ),
        Language::Shell if cfg!(feature = "script") => (
            "this is a shell script that sends no policy or request that could be read",
            "check the JSON body that it sends",
        ),
        Language::Http if cfg!(feature = "script") => (
            "these are requests of HTTP that send no policy or request that could be read",
            "check that one puts a policy or posts to its `initiate`, and check the JSON body that it sends",
        ),
        Language::PowerShell => (
            "this is PowerShell: policies and requests are read as JSON",
            "import `jitgate/network`, too, which reads scripts",
        ),
        Language::Bicep => (
            "this is Bicep: policies and requests are read as JSON",
            "run `az bicep build` and check the template that it writes",
        ),
        Language::Terraform => (
            "this is Terraform: policies and requests are read as JSON",
            "check the JSON that it sends, which `terraform show -json` tells of a plan",
        ),
        Language::Shell => (
            "this is a shell script: policies and requests are read as JSON",
            "import `jitgate/network`, too, which reads scripts",
        ),
        Language::Http => (
            "this is a request of HTTP: policies and requests are read as JSON",
            "import `jitgate/network`, too, which reads such requests",
        ),
        Language::Xml => (
            "this is XML or HTML: policies and requests are read as JSON",
            "check that it is no error page or sign-in page that was saved in place of the answer",
        ),
        Language::Yaml => (
            "this is YAML: policies and requests are read as JSON",
            "ask for JSON; with the Azure CLI, by `-o json`",
        ),
        Language::Program => {
            ("this is a program: policies and requests are read as JSON", "check the JSON that it sends")
        }
        Language::CliError => (
            "this is an error that the Azure CLI printed in place of the answer",
            "mend what it says, and run the command again",
        ),
    }
}
