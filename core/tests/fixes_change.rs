//! A fix is worth its button: it changes the text, and what it mends is not found as often any more. So in JSON, and in the
//! scripts that send it.

use jitgate_core::diagnostic::{Diagnostic, fix};
use jitgate_core::{CheckOptions, check};

use crate::rules_document_support::{found, rule};

const URL: &str = "https://management.azure.com/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg\
    /providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/default?api-version=2020-01-01";

/// Members of a port rule with something to mend.
const MEMBERS: [&str; 5] = [
    r#""number":"22","protocol":"tcp","maxRequestAccessDuration":"P1D""#,
    r#""number":22.0,"protocol":"TCP","maxRequestAccessDuration":"PT180M""#,
    r#""number":22,"protocol":"TCP","maxRequestAccessDuration":"P2D""#,
    r#""number":22,"protocol":"tcp","maxRequestAccessDuration":"3h",}"#,
    r#"number:22,"protocol":'tcp',"maxRequestAccessDuration":"PT1M""#,
];

/// A document as it is, and as scripts in several languages send it, rightly or not.
fn written(document: &str) -> Vec<String> {
    let put = format!("az rest --method put --url \"{URL}\" --body");
    let mut all = vec![
        document.to_owned(),
        format!("PUT {URL} HTTP/1.1\nContent-Type: application/json\n\n{document}\n"),
        format!("{put} '{document}'\n"),
        format!("{put} @- <<'EOF'\n{document}\nEOF\n"),
        format!("$body = @'\n{document}\n'@\n{put} $body\n"),
    ];
    for quote in ["\\\"", "`\"", "\"\""] {
        let body = document.replace('"', quote);
        all.push(format!("{put} \"{body}\"\n"));
        all.push(format!("foreach ($p in 22,3389) {{ {put} \"{}\" }}\n", body.replace("22", "$p")));
        all.push(format!("$body = \"{body}\"\nInvoke-RestMethod -Method Put -Uri '{URL}' -Body $body\n"));
    }
    all
}

#[test]
fn every_fix_mends_something() {
    let mut fixes = 0;
    for text in MEMBERS.map(rule).iter().flat_map(|document| written(document)) {
        let before = found(&text);
        for one in &before {
            let Some(own) = &one.fix else { continue };
            fixes += 1;
            let after = fix::apply(&text, std::iter::once(own)).text;
            let alike = |all: &[Diagnostic]| {
                all.iter().filter(|other| (other.code, &other.message) == (one.code, &one.message)).count()
            };
            assert!(alike(&found(&after)) < alike(&before), "{own:?}\n{text}\n{after}");
        }
    }
    assert!(fixes > 50, "{fixes} fixes");
}

/// What is a comma too many may be one that a bracket beside it parts from its values.
#[test]
fn nothing_is_safe_beside_a_stray_bracket() {
    for rest in ["}]}]}}}", "}]}]}}]"] {
        let text = rule(r#""number":22,"protocol":"tcp",},"maxRequestAccessDuration":"PT3H""#);
        let text = text.replace("}]}]}}", rest);
        let report = check(text.as_bytes(), &CheckOptions::default());
        assert!(report.diagnostics.iter().any(|one| one.fix.is_some()), "{text}");
        assert_eq!(fix::apply_safe(&report).text, text);
    }
}
