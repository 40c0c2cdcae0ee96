//! How often the log is read for a page of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Site, at, policy};
use crate::store::{ActivityQuery, Each, Fault, Found, Reader};

/// Counts how often the log is read.
struct Counting(Arc<dyn Reader>, AtomicUsize);

impl Reader for Counting {
    fn blob(&self, digest: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.0.blob(digest)
    }

    fn activity(&self, query: &ActivityQuery) -> Result<Vec<Found>, Fault> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.activity(query)
    }

    fn since(&self, after: u64, each: Each) -> Result<(), Fault> {
        self.0.since(after, each)
    }
}

#[tokio::test]
async fn a_small_page_is_not_looked_for_record_by_record() {
    let mut site = Site::new();
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm1"])).await.status, 200);
    assert_eq!(site.call("ann", "PUT", &at(""), &policy(&["vm2"])).await.status, 200);
    let other = at("").replace("/g1/", "/g2/");
    for _ in 0..120 {
        assert_eq!(site.call("owner", "PUT", &other, &policy(&["vm9"])).await.status, 200);
    }
    let app = Arc::get_mut(&mut site.app).unwrap();
    let reader = Arc::new(Counting(app.reader.clone(), AtomicUsize::default()));
    app.reader = reader.clone();
    let log = "/subscriptions/{s}/providers/Microsoft.Insights/eventtypes/management/values";
    let page = site.get("ann", &format!("{log}?api-version=2015-04-01&$top=1")).await.json();
    assert_eq!(page["value"].as_array().unwrap().len(), 1, "behind all that Ann may not see: {page}");
    assert!(page.get("nextLink").is_some());
    assert_eq!(reader.1.load(Ordering::SeqCst), 1);
}
