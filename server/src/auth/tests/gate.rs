//! The gate of a running server, beside another process and a provider.

use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use super::*;
use crate::ledger::{Ask, Ledger};
use crate::store::Sqlite;
use crate::store::writer::{Fold, Writer};

/// What another process revokes is void at once, though the provider takes calls and answers none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_hangs_holds_up_no_revocation() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let store = Sqlite::open(&folder.path().join("x.db")).unwrap();
        let reader = Arc::new(store.reader(Ledger::row));
        (Writer::start(store, Ledger::default()).unwrap().0, reader)
    };
    let (elsewhere, _) = open();
    let send = async |command: Command| {
        let actor = Actor { principal: Principal::system(), address: None };
        let context = Context { now: at(0), actor, correlation_id: "c".into(), client_request_id: None };
        elsewhere.send(Ask::new(command, context)).await.unwrap().0.unwrap();
    };
    let mut world = World::default();
    let (id, _) = world.token("one", "Reader", "/", None);
    let credential = world.state.credential(&id).unwrap();
    send(Command::IssueCredential(Box::new((**credential).clone()))).await;

    let (writer, reader) = open();
    let provider = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/keys", provider.local_addr().unwrap());
    let (called, calls) = mpsc::channel();
    std::thread::spawn(move || {
        // The first one is closed at once, so that the server starts; the others are kept.
        drop(provider.accept().unwrap());
        let kept: Vec<_> = provider.incoming().inspect(|_| called.send(()).unwrap()).collect();
        drop(kept);
    });
    let config = OidcConfig::new("https://issuer", &["a".into()], Some(&url), &[]).unwrap();
    let oidc = tokio::task::spawn_blocking(move || Oidc::new(config)).await.unwrap().unwrap();
    let authenticator = Authenticator::new(SigningKey::random(), Some(oidc));
    let gate = Arc::new(Gate::new(authenticator, writer.clone(), reader, Arc::new(|| at(0))));
    let following = tokio::spawn(gate.follow());
    tokio::task::spawn_blocking(move || calls.recv_timeout(Duration::from_secs(20))).await.unwrap().unwrap();

    send(Command::RevokeCredential(id.clone())).await;
    let is_void = || writer.state().state().credential(&id).unwrap().revoked.is_some();
    for _ in 0..50 {
        if is_void() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(is_void(), "it is good for ten seconds more");
    following.abort();
}
