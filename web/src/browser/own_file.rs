//! A file of the portal's own, which is no part of its code.
use gloo_net::http::Request;
use leptos::prelude::document;

/// The text of a file, whose address the page has under this name, or why there is none.
pub async fn own_file(name: &str) -> Result<String, String> {
    let meta = document().query_selector(&format!("meta[name='{name}']")).ok().flatten();
    let address =
        meta.and_then(|meta| meta.get_attribute("content")).ok_or("the page does not say where it is")?;
    let answer = Request::get(&address).send().await.map_err(|error| error.to_string())?;
    // As from the sign-in page of a network.
    let is_page = answer.headers().get("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    if is_page {
        return Err("a web page came in its place".to_owned());
    }
    if !answer.ok() {
        return Err(format!("the answer has the status {}", answer.status()));
    }
    answer.text().await.map_err(|error| error.to_string())
}
