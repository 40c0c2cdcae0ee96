//! Who has which role, and whose a hash is: found at once, and just as by looking through all of them.

use jitgate_core::Timestamp;
use jitgate_core::ledger::{
    Actor, ActorKind, Command, Context, Credential, Principal, RoleAssignment, State,
};

const PRINCIPALS: [&str; 5] = [
    "aaaaaaaa-0000-4000-8000-000000000001",
    "AAAAAAAA-0000-4000-8000-000000000001",
    "aaaaaaaa-0000-4000-8000-000000000002",
    "subject",
    "Subject",
];

fn send(state: &mut State, command: &Command) {
    let context = Context {
        now: Timestamp::EPOCH,
        actor: Actor { principal: Principal::system(), address: None },
        correlation_id: "c".into(),
        client_request_id: None,
    };
    state.execute(command, &context).outcome.expect("nothing is refused");
}

/// GUIDs have no case; other ids have.
fn same(one: &str, other: &str) -> bool {
    one == other || (one.contains('-') && one.eq_ignore_ascii_case(other))
}

fn check(state: &State, issued: u32) {
    for principal in PRINCIPALS {
        let found: Vec<_> = state.assignments_of(principal).iter().collect();
        let all: Vec<_> = state.role_assignments().filter(|one| same(&one.principal_id, principal)).collect();
        assert_eq!(found, all, "{principal}");
    }
    for number in 0..issued {
        let hash = format!("h{number}");
        let all: Vec<_> = state.credentials().filter(|one| one.hash == hash).collect();
        assert_eq!(state.credential_of_hash(&hash).into_iter().collect::<Vec<_>>(), all, "{hash}");
    }
}

#[test]
fn what_is_found_is_what_is_there() {
    let (mut state, mut random) = (State::new(), 7_u32);
    let mut next = |below: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) % below
    };
    let (mut most, mut issued) = (0, 0);
    for _ in 0..300 {
        let id = format!("{}{}", if next(2) == 0 { "id" } else { "ID" }, next(9));
        let command = match next(4) {
            0 => Command::DeleteRoleAssignment(id),
            1 => {
                // No two secrets have the same hash; a credential that is issued anew has another one.
                issued += 1;
                Command::IssueCredential(Box::new(Credential {
                    hash: format!("h{}", issued - 1),
                    name: id.clone(),
                    id,
                    principal: Principal { id: "p".into(), name: "p".into(), kind: ActorKind::User },
                    expires: None,
                    issued: Timestamp::EPOCH,
                    revoked: None,
                }))
            }
            _ => Command::PutRoleAssignment(RoleAssignment {
                id,
                role_definition_id: "r".into(),
                principal_id: PRINCIPALS[usize::try_from(next(5)).expect("a small number")].into(),
                scope: "/".into(),
            }),
        };
        send(&mut state, &command);
        check(&state, issued);
        most = most.max(state.role_assignments().count());
    }
    assert!(most > 4, "{most}");
}
