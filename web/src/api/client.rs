//! The calls that the portal makes, by what they are for.
use std::rc::Rc;
use std::sync::Arc;

use jitgate_core::ledger::ResourceId;
use leptos::prelude::*;

use super::backend::Answered;
use super::{
    Answer, Backend, Call, Change, Failure, Json, Listening, Machine, Method, Policy, Refusal, User, read,
};

/// The version of the policies' API.
pub const API_VERSION: &str = "2020-01-01";

/// A page as large as it may be: few calls for many machines.
const TOP: &str = "$top=1000";

/// The backend in use.
#[derive(Clone, Copy, PartialEq)]
pub struct Api(StoredValue<Rc<dyn Backend>, LocalStorage>);

/// The subscription or resource group of an id, as the start of a path.
pub fn scope_of(subscription: &str, resource_group: Option<&str>) -> String {
    match resource_group {
        Some(group) => format!("/subscriptions/{subscription}/resourceGroups/{group}"),
        None => format!("/subscriptions/{subscription}"),
    }
}

/// A resource's path with the version of its API.
fn at(path: &str) -> String {
    format!("{path}?api-version={API_VERSION}")
}

impl Api {
    pub fn new(backend: Rc<dyn Backend>) -> Self {
        Self(StoredValue::new_local(backend))
    }

    /// Lets go of the backend: whatever still calls it hears that nobody is signed in.
    pub fn close(self) {
        self.0.set_value(Rc::new(Closed));
    }

    fn backend(self) -> Rc<dyn Backend> {
        self.0.get_value()
    }

    /// Tells of changes from now on.
    pub fn listen(self, heard: impl Fn(Change) + 'static) -> Listening {
        self.backend().listen(Rc::new(heard))
    }

    /// Has a call answered.
    pub async fn send(self, call: Call) -> Result<Answer, Failure> {
        self.backend().send(call).await
    }

    pub(super) async fn get(self, path: String) -> Result<Answer, Failure> {
        self.send(Call::new(Method::Get, path)).await
    }

    /// A list to its last page. `part` is called after each page with what has come so far.
    async fn list<T>(
        self,
        path: String,
        item: impl Fn(Json) -> T,
        mut part: impl FnMut(&[T]),
    ) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        let mut next = Some(path);
        while let Some(path) = next {
            let answer = self.get(path.clone()).await?;
            next = Json::read(&answer.body, |json| {
                all.extend(json.get("value").list().map(&item));
                next_of(json, &path)
            })?;
            part(&all);
        }
        Ok(all)
    }

    /// Who is signed in.
    pub async fn user(self) -> Result<User, Failure> {
        Ok(Json::read(&self.get(at("/me")).await?.body, read::user))
    }

    /// The ids of the subscriptions that the user sees.
    pub async fn subscriptions(self) -> Result<Vec<String>, Failure> {
        self.list(at("/subscriptions"), |json| json.get("subscriptionId").string(), |_| ()).await
    }

    /// The machines of a subscription; `part` is called after each page.
    pub async fn machines(
        self,
        subscription: &str,
        part: impl FnMut(&[Arc<Machine>]),
    ) -> Result<Vec<Arc<Machine>>, Failure> {
        let path = format!("/subscriptions/{subscription}/providers/Microsoft.Security/jitExposure");
        self.list(format!("{}&{TOP}", at(&path)), |json| Arc::new(read::machine(json)), part).await
    }

    /// The machines of a resource group.
    pub async fn machines_of(self, subscription: &str, group: &str) -> Result<Vec<Arc<Machine>>, Failure> {
        let path =
            format!("{}/providers/Microsoft.Security/jitExposure", scope_of(subscription, Some(group)));
        self.list(format!("{}&{TOP}", at(&path)), |json| Arc::new(read::machine(json)), |_| ()).await
    }

    /// One machine as it stands now.
    pub async fn machine(self, id: &ResourceId) -> Result<Machine, Failure> {
        let path = format!("{}/providers/Microsoft.Security/jitExposure", id.text());
        Ok(Json::read(&self.get(at(&path)).await?.body, read::machine))
    }

    /// The policies of a subscription.
    pub async fn policies(self, subscription: &str) -> Result<Vec<Policy>, Failure> {
        let path =
            format!("/subscriptions/{subscription}/providers/Microsoft.Security/jitNetworkAccessPolicies");
        self.list(format!("{}&{TOP}", at(&path)), read::policy, |_| ()).await
    }

    /// One policy, with its `etag`.
    pub async fn policy(self, id: &ResourceId) -> Result<Policy, Failure> {
        Ok(policy(&self.get(at(id.text())).await?))
    }

    /// Puts a policy. With an `etag` only over what the user saw.
    pub async fn put_policy(
        self,
        id: &ResourceId,
        body: &str,
        etag: Option<String>,
    ) -> Result<Policy, Failure> {
        let call = Call { if_match: etag, ..Call::new(Method::Put, at(id.text())).body(body) };
        Ok(policy(&self.send(call).await?))
    }

    /// Puts a policy where there is none yet.
    pub async fn put_new_policy(self, id: &ResourceId, body: &str) -> Result<Policy, Failure> {
        let call = Call { is_new: true, ..Call::new(Method::Put, at(id.text())).body(body) };
        Ok(policy(&self.send(call).await?))
    }

    /// Deletes a policy.
    pub async fn delete_policy(self, id: &ResourceId, etag: Option<String>) -> Result<(), Failure> {
        let call = Call { if_match: etag, ..Call::new(Method::Delete, at(id.text())) };
        self.send(call).await.map(drop)
    }

    /// Asks for access. `call` tells a repeat of this very request from a new one: it stays the same when the user
    /// tries again because no answer came.
    pub async fn initiate(self, policy: &ResourceId, body: &str, call: &str) -> Result<Answer, Failure> {
        let path = format!("{}/initiate", policy.text());
        self.send(Call { id: Some(call.to_owned()), ..Call::new(Method::Post, at(&path)).body(body) }).await
    }

    /// Closes access before its end.
    pub async fn revoke(self, policy: &ResourceId, body: &str) -> Result<(), Failure> {
        let path = format!("{}/revoke", policy.text());
        self.send(Call::new(Method::Post, at(&path)).body(body)).await.map(drop)
    }

    /// What a policy in place of the stored one, a request, or both would do to the network: the JSON of `jitgate
    /// preview`. The body is `{"policy"?, "request"?}`.
    pub async fn preview(self, policy: &ResourceId, body: &str) -> Result<Arc<str>, Failure> {
        let path = format!("{}/preview", policy.text());
        Ok(self.send(Call::new(Method::Post, at(&path)).body(body)).await?.body.into())
    }

    /// The names of a subscription's resource groups.
    pub async fn resource_groups(self, subscription: &str) -> Result<Vec<String>, Failure> {
        let path = at(&format!("/subscriptions/{subscription}/resourceGroups"));
        self.list(path, |json| json.get("name").string(), |_| ()).await
    }

    /// What the user may do at a scope: `(actions, notActions)` of each role.
    pub async fn permissions(self, scope: &str) -> Result<Vec<(Vec<String>, Vec<String>)>, Failure> {
        let path = format!("{scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01");
        let item = |json: Json| (json.get("actions").strings(), json.get("notActions").strings());
        self.list(path, item, |_| ()).await
    }
}

/// In place of a backend that was left.
struct Closed;

impl Backend for Closed {
    fn send(&self, _: Call) -> Answered {
        Box::pin(std::future::ready(Err(Failure::SignedOut)))
    }

    fn listen(&self, _: Rc<dyn Fn(Change)>) -> Listening {
        Listening(Box::new(()))
    }
}

fn policy(answer: &Answer) -> Policy {
    Policy { etag: answer.etag.clone(), ..Json::read(&answer.body, read::policy) }
}

/// The path and the query of the page behind the one at `path`.
///
/// # Errors
/// It is that one again: such a list has no end.
pub(super) fn next_of(page: Json, path: &str) -> Result<Option<String>, Failure> {
    let link = page.get("nextLink").string();
    let rest = link.split_once("://").map_or(&*link, |(_, rest)| rest);
    let next = rest.find('/').and_then(|start| rest.get(start..)).unwrap_or(&link);
    // Calls are made with a `&` behind what they ask for.
    if next.trim_end_matches('&') == path.trim_end_matches('&') {
        let message = "The server gives the same page of a list again and again.".to_owned();
        return Err(Failure::Refused(Box::new(Refusal { message, ..Refusal::default() })));
    }
    Ok((!next.is_empty()).then(|| next.to_owned()))
}
