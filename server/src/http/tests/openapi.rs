//! `openapi.json`: every answer that the tests get is as it says, and every operation in it is there.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::Method;
use boon::{Compiler, SchemaIndex, Schemas};
use jitgate_core::rest::{Path, Route};
use serde_json::{Value, json};

use super::{Answer, S, Site, at, policy};
use crate::http::public::OPEN_API;

const NAME: &str = "jitgate:openapi.json";

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(OPEN_API).unwrap());

/// The schemas compiled so far, by their places in the document.
struct Compiled {
    compiler: Compiler,
    schemas: Schemas,
    of: HashMap<String, SchemaIndex>,
}

thread_local! {
    static COMPILED: RefCell<Compiled> = RefCell::new({
        let mut compiler = Compiler::new();
        compiler.add_resource(NAME, DOCUMENT.clone()).unwrap();
        Compiled { compiler, schemas: Schemas::new(), of: HashMap::new() }
    });
}

/// Panics if an answer is not as the document has it.
pub fn hold(method: &Method, path: &str, answer: &Answer) {
    let known = Path::parse(path).ok().and_then(|path| Route::parse(&path).ok().flatten());
    let Some(template) = known.and_then(|_| template(path)) else {
        // Nothing of ours: an error, or a file of the portal.
        return;
    };
    if method == Method::HEAD {
        // As GET is, but for the body; how errors look without one is not to be seen.
        assert_eq!(answer.text, "", "HEAD {template}");
        let documented = DOCUMENT["paths"][template]["head"]["responses"].get("204").is_some();
        assert!(documented || answer.status != 204, "HEAD {template}: 204 is not in `openapi.json`");
        return;
    }
    let place = format!("/paths/{}/{}", escape(template), method.as_str().to_ascii_lowercase());
    let Some(operation) = DOCUMENT.pointer(&place) else {
        assert_eq!(answer.status, 405, "{method} {template} is not in `openapi.json`: {answer:?}");
        return;
    };
    let status = answer.status.to_string();
    let documented = operation["responses"].get(&status).is_some();
    assert!(documented || answer.status >= 400, "{method} {template}: {status} is not in `openapi.json`");
    let response = format!("{place}/responses/{}", if documented { &status } else { "default" });
    let (response, described) = resolve(response);
    let Some(content) = described.get("content").and_then(Value::as_object) else {
        assert_eq!(answer.text, "", "{method} {template}: {status} has no body in `openapi.json`");
        return;
    };
    let media = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
    assert!(content.contains_key(&media), "{method} {template}: `{media}` is not in `openapi.json`");
    if media == "application/json" {
        conforms(&format!("{response}/content/{}/schema", escape(&media)), answer);
    }
}

fn conforms(schema: &str, answer: &Answer) {
    COMPILED.with_borrow_mut(|Compiled { compiler, schemas, of }| {
        let compile = || compiler.compile(&format!("{NAME}#{}", encode(schema)), schemas).unwrap();
        let index = *of.entry(schema.to_owned()).or_insert_with(compile);
        let valid = schemas.validate(&answer.json(), index).map_err(|error| error.to_string());
        assert_eq!(valid, Ok(()), "{answer:?}");
    });
}

/// Follows a reference to a component.
fn resolve(place: String) -> (String, &'static Value) {
    let value = DOCUMENT.pointer(&place).unwrap();
    match value.get("$ref").and_then(Value::as_str) {
        Some(to) => resolve(to.trim_start_matches('#').to_owned()),
        None => (place, value),
    }
}

/// The path of the document that is like this one: of several, the one with the most in common.
fn template(path: &str) -> Option<&'static str> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.trim_matches('/').split('/').collect();
        let fits =
            |(part, segment): (&&str, &&str)| part.starts_with('{') || part.eq_ignore_ascii_case(segment);
        parts.len() == segments.len() && parts.iter().zip(&segments).all(fits)
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    paths
        .keys()
        .filter(|template| fits(template))
        .min_by_key(|template| template.matches('{').count())
        .map(String::as_str)
}

/// As a JSON pointer has it.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// As a fragment has it.
fn encode(pointer: &str) -> String {
    pointer.replace('{', "%7B").replace('}', "%7D").replace('$', "%24")
}

#[tokio::test]
async fn every_operation_is_there() {
    let site = Site::new();
    let mut count = 0;
    for (template, operations) in DOCUMENT["paths"].as_object().unwrap() {
        let path = template.replace("{subscriptionId}", S).replace("{ascLocation}", "westeurope");
        let path: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { "Microsoft.Security" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let route = Route::parse(&Path::parse(&path).unwrap()).unwrap();
        let route = route.unwrap_or_else(|| panic!("{template} leads nowhere"));
        let methods: Vec<&str> = operations.as_object().unwrap().keys().map(String::as_str).collect();
        let methods: Vec<_> = methods.into_iter().filter(|name| *name != "parameters").collect();
        // Elsewhere it is GET without the body, which goes without saying.
        assert_eq!(methods.contains(&"head"), route.is_resource(), "HEAD {template}");
        let methods: Vec<_> = methods.into_iter().filter(|name| *name != "head").collect();
        for method in route.methods() {
            let lower = method.to_ascii_lowercase();
            assert!(methods.contains(&lower.as_str()), "{method} {template} is missing");
        }
        assert_eq!(methods.len(), route.methods().len(), "{template}");
        count += methods.len();
    }
    assert!(count > 50, "{count}");
    let served = site.get("", "/openapi.json").await;
    assert_eq!((served.status, served.json()), (200, DOCUMENT.clone()));
}

/// What narrows an answer is never passed over: a list that knows no filter says so.
#[tokio::test]
async fn every_list_takes_a_filter_or_refuses_it() {
    let (site, mut refused) = (Site::new(), 0);
    site.call("owner", "PUT", &at(""), &policy(&["vm1"])).await;
    for (template, operations) in DOCUMENT["paths"].as_object().unwrap() {
        let Some(operation) = operations.get("get") else { continue };
        let place = format!("/paths/{}/get/responses/200/content/application~1json/schema", escape(template));
        let is_list =
            DOCUMENT.pointer(&place).is_some() && resolve(place).1.pointer("/properties/value").is_some();
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let filtered = parameters.into_iter().flatten().any(|one| one.to_string().contains("Filter"));
        if !is_list || filtered {
            continue;
        }
        let path = template.replace("{subscriptionId}", S).replace("{ascLocation}", "westeurope");
        let path = path.replace("{resourceGroupName}", "g1").replace(['{', '}'], "");
        let answer =
            site.get("owner", &format!("{path}?api-version=2020-01-01&$filter=name%20eq%20'x'")).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["target"]),
            (400, &"$filter".into()),
            "{template}"
        );
        // An empty one asks for nothing.
        let plain = site.get("owner", &format!("{path}?api-version=2020-01-01&$filter=")).await;
        assert_ne!(plain.status, 400, "{template}: {plain:?}");
        refused += 1;
    }
    assert!(refused > 30, "{refused}");
}

/// What is no call of the preview is none by the document, and what is one is.
#[test]
fn bodies_of_a_preview() {
    let template =
        DOCUMENT["paths"].as_object().unwrap().keys().find(|path| path.ends_with("/preview")).unwrap();
    let place = format!("/paths/{}/post/requestBody/content/application~1json/schema", escape(template));
    let machines = json!({"virtualMachines": [{"id": "x", "ports": [{"number": 22}]}]});
    for (body, is_valid) in [
        (json!({}), false),
        (json!({"policies": {}}), false),
        (json!({"policy": {}}), true),
        (json!({"request": machines}), true),
        (json!({"policy": {}, "request": machines}), true),
        (json!({"policy": {}, "request": {}}), false),
        (machines.clone(), true),
    ] {
        COMPILED.with_borrow_mut(|Compiled { compiler, schemas, .. }| {
            let index = compiler.compile(&format!("{NAME}#{}", encode(&place)), schemas).unwrap();
            assert_eq!(schemas.validate(&body, index).is_ok(), is_valid, "{body}");
        });
    }
}

#[test]
fn every_kind_of_route_is_documented() {
    // What the table of paths knows, the document knows.
    let table = include_str!("../../../../core/src/rest/route/tests.rs");
    let known = table.split('"').filter(|text| text.starts_with('/')).map(|path| path.replace("{s}", S));
    let routed = known.filter(|path| {
        Path::parse(path).is_ok_and(|path| Route::parse(&path).is_ok_and(|route| route.is_some()))
    });
    let missing: Vec<String> = routed.filter(|path| template(path).is_none()).collect();
    assert_eq!(missing, Vec::<String>::new());
}
