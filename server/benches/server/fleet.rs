//! Policies and requests for them; a large ledger, made by the core itself at a time long past.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jitgate_core::Timestamp;
use jitgate_core::ledger::{
    Actor, ActorKind, Command, Context, Expects, Knows, Principal, PutPolicy, ResourceId,
};
use jitgate_server::ledger::{Ask, Ledger};
use jitgate_server::store::writer::{Batch, Fold};
use jitgate_server::store::{DataFolder, Row, Sqlite, Store};

const SUBSCRIPTION: &str = "/subscriptions/5c1de2b4-0a54-4b9e-8f0b-2f6f6b0e7a11";

/// Records that go to disk together.
const BATCH: usize = 20_000;

pub fn list_path() -> String {
    format!("{SUBSCRIPTION}/providers/Microsoft.Security/jitNetworkAccessPolicies")
}

pub fn policy_path(index: usize, kind: usize) -> String {
    let group = index % 100;
    format!(
        "{SUBSCRIPTION}/resourceGroups/g{group}/providers/Microsoft.Security/locations/westeurope\
         /jitNetworkAccessPolicies/p{kind}-{index}"
    )
}

fn machine(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    format!("{SUBSCRIPTION}/resourceGroups/machines/providers/Microsoft.Compute/virtualMachines/{name}")
}

pub fn policy_body(path: &str) -> String {
    let rule = |port| {
        format!(
            r#"{{"number":{port},"protocol":"*","allowedSourceAddressPrefix":"10.0.0.0/8","maxRequestAccessDuration":"PT3H"}}"#
        )
    };
    format!(
        r#"{{"kind":"Basic","properties":{{"virtualMachines":[{{"id":"{}","ports":[{},{}]}}]}}}}"#,
        machine(path),
        rule(22),
        rule(3389)
    )
}

pub fn request_body(path: &str) -> String {
    format!(
        r#"{{"virtualMachines":[{{"id":"{}","ports":[{{"number":22,"allowedSourceAddressPrefix":"10.1.2.3","duration":"PT1H"}}]}}],"justification":"replace the failed disk"}}"#,
        machine(path)
    )
}

/// So long ago that the last of the requests has ended by now.
fn start(requests: usize) -> Timestamp {
    let past = Duration::from_secs(requests as u64 + 7200);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    let start = now.checked_sub(past).expect("a time after 1970");
    Timestamp::from_unix(start.as_secs() as i64, 0).expect("a time")
}

/// The record of a request as the server has it from the clients of the measurement: it takes the place of the one before.
pub fn record() -> Row {
    let (mut ledger, mut batch) = (Ledger::default(), Batch::default());
    let (path, now) = (policy_path(0, 0), start(0));
    let policy = ResourceId::new(&path);
    let knows = Knows::at(0);
    let body = policy_body(&path).into_bytes();
    let put = PutPolicy { policy: policy.clone(), body, expects: Expects::Anything, knows };
    let initiate = || Command::Initiate {
        policy: policy.clone(),
        body: request_body(&path).into_bytes(),
        expects: Expects::Anything,
    };
    let principal = Principal {
        id: "c315efe7-a39f-812d-bd7b-6eb32a730f3d".into(),
        name: "bench".into(),
        kind: ActorKind::User,
    };
    for command in [Command::PutPolicy(put), initiate(), initiate()] {
        let actor = Actor { principal: principal.clone(), address: Some([127, 0, 0, 1].into()) };
        let correlation_id = principal.id.to_string();
        let context = Context { now, actor, correlation_id, client_request_id: None };
        let (answer, _) = ledger.carry_out(Ask::new(command, context), &mut batch);
        assert!(answer.is_ok(), "{answer:?}");
    }
    batch.rows.pop().expect("a record")
}

/// Makes a ledger of that many policies and past requests; tells the size of its file in bytes.
pub fn seed(data: &Path, policies: usize, requests: usize) -> f64 {
    let folder = DataFolder::take(data).expect("a data folder");
    let mut store = Sqlite::open(&folder.database()).expect("a database");
    let (mut ledger, mut batch) = (Ledger::default(), Batch::default());
    let mut now = start(requests);
    let principal = Principal { id: "o1".into(), name: "ann@contoso.com".into(), kind: ActorKind::User };
    for index in 0..policies + requests {
        // A request a second.
        now = now.checked_add(Duration::from_secs(u64::from(index >= policies))).expect("a time");
        let path = policy_path(index % policies, 0);
        let policy = ResourceId::new(&path);
        let command = if index < policies {
            let knows = Knows::at(ledger.state().seq());
            let body = policy_body(&path).into_bytes();
            Command::PutPolicy(PutPolicy { policy, body, expects: Expects::Anything, knows })
        } else {
            Command::Initiate { policy, body: request_body(&path).into_bytes(), expects: Expects::Anything }
        };
        let actor = Actor { principal: principal.clone(), address: Some([10, 1, 2, 3].into()) };
        let context = Context { now, actor, correlation_id: format!("c{index}"), client_request_id: None };
        let (answer, _) = ledger.carry_out(Ask::new(command, context.clone()), &mut batch);
        assert!(answer.is_ok(), "{answer:?}");
        if batch.rows.len() >= BATCH || index + 1 == policies + requests {
            let (answer, _) = ledger.carry_out(Ask::new(Command::Expire, context), &mut batch);
            assert!(answer.is_ok(), "{answer:?}");
            store.append(&batch.rows, &[]).expect("the disk has room");
            store.settle(&mut Ledger::row).expect("the disk has room");
            batch.rows.clear();
        }
    }
    drop(store);
    std::fs::metadata(folder.database()).map_or(f64::NAN, |file| file.len() as f64)
}
