//! What clients of `.http` files take beside requests: variables that are worked out, comments, handlers of answers.

use crate::support::VM;
use crate::support::scripts::{URL, codes};

/// The body of a policy.
fn body(source: &str, duration: &str) -> String {
    format!(
        r#"{{"kind": "Basic", "properties": {{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": 22, "protocol": "TCP", "allowedSourceAddressPrefix": "{source}", "maxRequestAccessDuration": "{duration}"}}]}}]}}}}"#
    )
}

#[track_caller]
fn all(cases: &[(String, &[&str])]) {
    let said = cases.iter().map(|(text, expected)| (text, codes(text), *expected));
    let wrong: Vec<_> = said.filter(|(_, said, expected)| said != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_a_client_works_out_is_not_known() {
    let initiate = URL.replace('?', "/initiate?");
    let request = |end: &str| {
        format!(
            r#"POST {initiate}

{{"virtualMachines": [{{"id": "{VM}", "ports": [{{"number": 22, "endTimeUtc": "{end}", "allowedSourceAddressPrefix": "10.20.0.7"}}]}}], "justification": "x"}}"#
        )
    };
    let put = |source: &str| format!("PUT {URL}\n\n{}\n", body(source, "PT3H"));
    all(&[
        (request("{{$datetime iso8601 3 h}}"), &["JIT116"]),
        (request("{{$datetime \"YYYY-MM-DD\" 3 h}}"), &["JIT116"]),
        (put("{{$processEnv IP}}"), &["JIT116"]),
        (put("{{$processEnv %IP}}"), &["JIT116"]),
        (put("{{$dotenv IP}}"), &["JIT116"]),
        (put("{{ip}}"), &["JIT116"]),
        (put("{{ip.response.body.value[0].ip}}"), &["JIT116"]),
        // What no client works out is still to be filled in.
        (put("{{the office's address}}"), &["JIT115"]),
    ]);
}

#[test]
fn variables_are_made_of_variables() {
    let put =
        |lines: &str, duration: &str| format!("{lines}\nPUT {URL}\n\n{}\n", body("10.0.0.0/8", duration));
    all(&[
        (put("@h=30\n@d=PT{{h}}H", "{{d}}"), &["JIT403"]),
        (put("@h=3\n@d=PT{{h}}H", "{{d}}"), &[]),
        (put("@d=PT{{h}}H", "{{d}}"), &["JIT116"]),
        (put("@token={{login.response.body.x}}", "PT30H"), &["JIT403"]),
        (put("@base-url=https://management.azure.com", "PT30H"), &["JIT403"]),
        (put("@api.version=2020-01-01", "PT30H"), &["JIT403"]),
        (put("@d-max=PT30H", "{{d-max}}"), &["JIT403"]),
    ]);
}

#[test]
fn comments_and_handlers_are_no_body() {
    let body = body("10.0.0.0/8", "PT30H");
    let put = |headers: &str, behind: &str| format!("PUT {URL}\n{headers}\n\n{body}\n{behind}");
    all(&[
        (put("# note\nContent-Type: application/json", ""), &["JIT403"]),
        (put("Content-Type: application/json\n// note: a", ""), &["JIT403"]),
        (put("Accept: */*", "\n> {%\n client.test(\"x\", function(){});\n%}\n"), &["JIT403"]),
        (put("Accept: */*", "> ./handler.js\n"), &["JIT403"]),
        (put("Accept: */*", ">> answer.json\n"), &["JIT403"]),
        (put("Accept: */*", "<> answer.200.json\n"), &["JIT403"]),
    ]);
}
