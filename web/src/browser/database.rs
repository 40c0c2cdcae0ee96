//! The browser's database (IndexedDB): requests and transactions that can be waited for.
use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, Event, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransaction};

/// What a database does not do, by the name of the exception and in words.
#[derive(Clone, Debug)]
pub struct DatabaseFault {
    pub name: String,
    pub words: String,
}

impl From<JsValue> for DatabaseFault {
    fn from(error: JsValue) -> Self {
        let exception = error.dyn_ref::<DomException>();
        let name = exception.map(DomException::name).unwrap_or_default();
        let words = exception.map(DomException::message).filter(|words| !words.is_empty());
        Self {
            words: words.unwrap_or_else(|| format!("{name} {}", error.as_string().unwrap_or_default())),
            name,
        }
    }
}

/// What a request comes to.
pub async fn done(request: &IdbRequest) -> Result<JsValue, DatabaseFault> {
    let end = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(end).await {
        Ok(_) => Ok(request.result()?),
        Err(_) => Err(failed(request.error().ok().flatten())),
    }
}

/// Waits until everything in a transaction is on disk.
pub async fn complete(transaction: &IdbTransaction) -> Result<(), DatabaseFault> {
    let end = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    match JsFuture::from(end).await {
        Ok(_) => Ok(()),
        Err(_) => Err(failed(transaction.error())),
    }
}

fn failed(error: Option<DomException>) -> DatabaseFault {
    match error {
        Some(error) => JsValue::from(error).into(),
        None => DatabaseFault { name: "AbortError".to_owned(), words: "It was broken off.".to_owned() },
    }
}

/// There may be no database at all: in private windows, or where the user forbids it.
fn factory() -> Result<IdbFactory, DatabaseFault> {
    window().indexed_db()?.ok_or_else(none)
}

fn none() -> DatabaseFault {
    DatabaseFault { name: "NotFoundError".to_owned(), words: "There is no database.".to_owned() }
}

/// An open database; it is closed when nobody holds it any more.
pub struct Database(pub IdbDatabase);

impl Drop for Database {
    fn drop(&mut self) {
        // Left to the garbage collector, it would keep others from deleting the database.
        self.0.close();
    }
}

/// Opens a database, and makes its stores the first time.
pub async fn open_database(name: &str, stores: &[&str]) -> Result<Database, DatabaseFault> {
    let request: IdbOpenDbRequest = factory()?.open_with_u32(name, 1)?;
    let end = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        // Comes first where the database is new: this event is not the end.
        request.set_onupgradeneeded(Some(&resolve));
    });
    let event = JsFuture::from(end).await.map_err(|_| failed(request.error().ok().flatten()))?;
    let database = Database(request.result()?.dyn_into().map_err(|_| none())?);
    if is(&event, "upgradeneeded") {
        for store in stores {
            database.0.create_object_store(store)?;
        }
        done(&request).await?;
    }
    Ok(database)
}

/// Deletes a database, whatever is in it and whoever wrote it. False where other windows have it open: it goes when they
/// are closed.
pub async fn delete_database(name: &str) -> Result<bool, DatabaseFault> {
    let request = factory()?.delete_database(name)?;
    let end = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onblocked(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    let event = JsFuture::from(end).await.map_err(|_| failed(request.error().ok().flatten()))?;
    Ok(!is(&event, "blocked"))
}

fn is(event: &JsValue, kind: &str) -> bool {
    event.dyn_ref::<Event>().is_some_and(|event| event.type_() == kind)
}
