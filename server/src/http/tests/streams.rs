//! What many streams of changes cost others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use serde_json::{Value, json};
use tokio_stream::StreamExt;

use super::{S, Site, at, policy, request};
use crate::http::call::turns;
use crate::http::events::{CATCHING_UP, MOST};
use crate::store::{ActivityQuery, Each, Fault, Found, Reader};

/// A stream from its start.
async fn listen(site: &Site, token: &str) -> BodyDataStream {
    let request = request(token, "GET", "/events").header("last-event-id", "0").body(Body::empty()).unwrap();
    let response = site.respond("203.0.113.7", request).await;
    assert_eq!(response.status(), 200);
    response.into_body().into_data_stream()
}

async fn next(stream: &mut BodyDataStream) -> String {
    let chunk = tokio::time::timeout(Duration::from_mins(1), stream.next()).await;
    String::from_utf8(chunk.expect("nothing was heard").unwrap().unwrap().to_vec()).unwrap()
}

/// So many records that everybody in the group may read.
async fn put(site: &Site, count: usize) {
    for number in 0..count {
        let name = format!("vm{}", number % 2);
        assert_eq!(site.call("owner", "PUT", &at(""), &policy(&[&name])).await.status, 200);
    }
}

#[tokio::test]
async fn a_caller_has_so_many_streams_and_others_have_their_own() {
    let site = Site::new();
    put(&site, 1).await;
    let mut open = Vec::new();
    for _ in 0..MOST {
        open.push(listen(&site, "ann").await);
    }
    for method in ["GET", "HEAD"] {
        let refused = site.call("ann", method, "/events", &Value::Null).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "15"), "{refused:?}");
    }
    assert_eq!(site.get("ann", "/events").await.code(), "TooManyRequests");
    assert!(next(&mut listen(&site, "reader").await).await.contains("policyPut"));
    for mut stream in open.drain(1..) {
        assert!(next(&mut stream).await.contains("policyPut"));
    }
    // The server notices a moment later that they are gone.
    tokio::time::timeout(Duration::from_mins(1), async {
        loop {
            let request = request("ann", "GET", "/events").body(Body::empty()).unwrap();
            if site.respond("203.0.113.7", request).await.status() == 200 {
                break;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("a closed stream makes room");
}

/// Whoever has missed something waits for a turn with it, and keeps nobody else from being answered.
#[tokio::test]
async fn what_was_missed_is_read_by_few_at_a_time() {
    let site = Site::new();
    put(&site, 3).await;
    let all = u32::try_from(turns().available_permits()).unwrap();
    let taken = CATCHING_UP.acquire_many(all).await.unwrap();
    let mut waiting = listen(&site, "ann").await;
    assert!(
        tokio::time::timeout(Duration::from_millis(300), waiting.next()).await.is_err(),
        "it has no turn"
    );
    assert_eq!(site.get("ann", &at("")).await.status, 200, "others are answered");
    drop(taken);
    assert!(next(&mut waiting).await.contains("policyPut"));
}

/// Counts the records that are read.
struct Counting(Arc<dyn Reader>, Arc<AtomicUsize>);

impl Reader for Counting {
    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.0.blob(digest)
    }

    fn activity(&self, query: &ActivityQuery) -> Result<Vec<Found>, Fault> {
        self.0.activity(query)
    }

    fn since(&self, after: u64, each: Each) -> Result<(), Fault> {
        self.0.since(after, &mut |seq, json| {
            each(seq, json)?;
            self.1.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
    }
}

/// A client that takes nothing has no more read for it than a few pages; one whose rights change meanwhile is told by the
/// new ones.
#[tokio::test]
async fn no_more_is_read_than_the_client_takes() {
    let mut site = Site::new();
    put(&site, 700).await;
    let count = Arc::new(AtomicUsize::new(0));
    let app = Arc::get_mut(&mut site.app).unwrap();
    app.reader = Arc::new(Counting(app.reader.clone(), count.clone()));
    let mut slow = listen(&site, "ann").await;
    assert!(next(&mut slow).await.contains("id: 1\n"));
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert!(count.load(Ordering::SeqCst) <= 300, "{count:?} were read");
    site.roles("ann", &[("Reader", &format!("/subscriptions/{S}/resourceGroups/other"))]);
    let put = at("").replace("/g1/", "/other/");
    assert_eq!(
        site.call("owner", "PUT", &put, &json!({ "properties": { "virtualMachines": [] } })).await.status,
        200
    );
    let mut heard = 1;
    loop {
        let one = next(&mut slow).await;
        if one.contains("/resourceGroups/other/") {
            break;
        }
        heard += 1;
    }
    // What waited for the client was sent by the old rights.
    assert!(heard <= 100, "{heard} were heard");
}
