//! The ledger against a naive model: a list of grants, asked one by one for every machine, port, address and time.

use std::net::Ipv4Addr;

use crate::ledger_support::{Ledger, after, machine, policy, user, vm, vm_id};
use jitgate_core::Timestamp;
use jitgate_core::ledger::{State, replay, replay_until};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Times are multiples of this: the shortest that a request may be. So equal ones are common.
const UNIT: u64 = 300;
const MACHINES: [&str; 2] = ["web1", "web2"];
const PORTS: [u16; 2] = [22, 3389];
const PEOPLE: [&str; 2] = ["ann", "bob"];
/// What may be asked for, and what it is of the four addresses 10.0.0.0 to 10.0.0.3.
const SOURCES: [(&str, u32); 5] =
    [("10.0.0.0", 1), ("10.0.0.1", 2), ("10.0.0.2/31", 12), ("10.0.0.0/30", 15), ("*", 15)];

/// A grant as anybody would write it down. Times are in units.
#[derive(Clone, Debug)]
struct Naive {
    who: usize,
    machine: usize,
    port: usize,
    addresses: u32,
    start: u64,
    end: u64,
    closed: Option<u64>,
}

impl Naive {
    fn is_open(&self, at: u64) -> bool {
        self.start <= at && at < self.end && self.closed.is_none_or(|closed| at < closed)
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// The clock moves, maybe back.
    Clock(i64),
    Ask {
        who: usize,
        ports: Vec<(usize, usize, usize, u64)>,
    },
    Revoke {
        who: usize,
        whose: Option<usize>,
        machine: Option<usize>,
        port: Option<usize>,
        writer: bool,
    },
    /// Which of the four pairs of machine and port stay.
    Put(u8),
    Delete,
    Expire,
}

fn step() -> impl Strategy<Value = Step> {
    let port = (0..2_usize, 0..2_usize, 0..SOURCES.len(), 1..5_u64);
    let ask =
        (0..2_usize, prop::collection::vec(port, 1..4)).prop_map(|(who, ports)| Step::Ask { who, ports });
    let one = || prop::option::of(0..2_usize);
    let revoke = (0..2_usize, prop::option::of(0..3_usize), one(), one(), any::<bool>())
        .prop_map(|(who, whose, machine, port, writer)| Step::Revoke { who, whose, machine, port, writer });
    prop_oneof![
        5 => (-1..3_i64).prop_map(Step::Clock),
        8 => ask,
        3 => revoke,
        2 => (0..16_u8).prop_map(Step::Put),
        1 => Just(Step::Delete),
        2 => Just(Step::Expire),
    ]
}

/// The ledger and the model side by side.
#[derive(Default)]
struct Both {
    ledger: Ledger,
    naive: Vec<Naive>,
    /// The pairs that the policy has; none without one.
    policy: Option<u8>,
    clock: u64,
    /// The time of the last record, in units.
    latest: u64,
}

fn instant(units: u64) -> Timestamp {
    after(units * UNIT)
}

fn bit(machine: usize, port: usize) -> u8 {
    1 << (machine * 2 + port)
}

impl Both {
    fn now(&self) -> u64 {
        self.clock.max(self.latest)
    }

    fn step(&mut self, step: &Step) {
        let (before, now) = (self.ledger.lines.len(), self.now());
        match step {
            Step::Clock(by) => self.clock = self.clock.saturating_add_signed(*by),
            Step::Ask { who, ports } => self.ask(*who, ports),
            Step::Revoke { who, whose, machine, port, writer } => {
                self.revoke(*who, *whose, *machine, *port, *writer);
            }
            Step::Put(pairs) => self.put(*pairs),
            Step::Delete => {
                let status = self.ledger.delete(user("olga"), instant(self.clock), "default");
                assert_eq!(status, if self.policy.is_some() { 200 } else { 204 });
                self.policy = None;
                self.close(now, |_| true);
            }
            Step::Expire => self.ledger.expire(instant(self.clock)),
        }
        if self.ledger.lines.len() > before {
            self.latest = now;
        }
        assert_eq!(self.ledger.state.present(instant(self.clock)), instant(self.now()));
        self.compare(&self.ledger.state, self.now());
    }

    fn ask(&mut self, who: usize, ports: &[(usize, usize, usize, u64)]) {
        let now = self.now();
        let machines: Vec<Value> = ports
            .iter()
            .map(|&(machine, port, source, units)| {
                let port = json!({
                    "number": PORTS[port],
                    "allowedSourceAddressPrefix": SOURCES[source].0,
                    "duration": format!("PT{}S", units * UNIT),
                });
                json!({"id": vm(MACHINES[machine]), "ports": [port]})
            })
            .collect();
        let body = json!({"virtualMachines": machines});
        let (status, answer) = self.ledger.initiate(user(PEOPLE[who]), instant(self.clock), "default", &body);
        let within = |pairs: u8| ports.iter().all(|&(machine, port, ..)| pairs & bit(machine, port) != 0);
        let expected = match self.policy {
            None => 404,
            Some(pairs) if within(pairs) => 202,
            Some(_) => 400,
        };
        assert_eq!(status, expected, "{answer}");
        if status != 202 {
            return;
        }
        for &(machine, port, ..) in ports {
            self.close(now, |grant| (grant.who, grant.machine, grant.port) == (who, machine, port));
        }
        self.naive.extend(ports.iter().map(|&(machine, port, source, units)| {
            let (addresses, end) = (SOURCES[source].1, now + units);
            Naive { who, machine, port, addresses, start: now, end, closed: None }
        }));
    }

    fn revoke(
        &mut self,
        who: usize,
        whose: Option<usize>,
        machine: Option<usize>,
        port: Option<usize>,
        writer: bool,
    ) {
        let now = self.now();
        let mut body = json!({});
        if let Some(machine) = machine {
            body["virtualMachines"] = json!([{"id": vm(MACHINES[machine])}]);
            if let Some(port) = port {
                body["virtualMachines"][0]["ports"] = json!([{"number": PORTS[port]}]);
            }
        }
        match whose {
            Some(2) => body["requestor"] = json!("*"),
            Some(whose) => body["requestor"] = json!(format!("{}@contoso.com", PEOPLE[whose])),
            None => {}
        }
        let meant = |grant: &Naive| {
            machine.is_none_or(|machine| grant.machine == machine)
                && (machine.is_none() || port.is_none_or(|port| grant.port == port))
                && match whose {
                    Some(2) => true,
                    Some(whose) => grant.who == whose,
                    None => grant.who == who,
                }
        };
        let others = whose.is_some_and(|whose| whose != who);
        let nothing = !self.naive.iter().any(|grant| grant.is_open(now) && meant(grant));
        let missing = self.policy.is_some_and(|pairs| {
            machine.is_some_and(|machine| match port {
                Some(port) => pairs & bit(machine, port) == 0,
                None => (0..2).all(|port| pairs & bit(machine, port) == 0),
            })
        });
        let named = machine.is_some() || matches!(whose, Some(0 | 1));
        let (status, answer) = self.ledger.revoke(user(PEOPLE[who]), instant(self.clock), &body, writer);
        let expected = match self.policy {
            _ if others && !writer => 403,
            None => 404,
            Some(_) if missing => 404,
            Some(_) if named && nothing => 404,
            Some(_) => 200,
        };
        assert_eq!(status, expected, "{answer}");
        if status == 200 {
            self.close(now, meant);
        }
    }

    fn put(&mut self, pairs: u8) {
        let now = self.now();
        let ports = |machine: usize| -> Vec<u16> {
            (0..2).filter(|&port| pairs & bit(machine, port) != 0).map(|port| PORTS[port]).collect()
        };
        let machines: Vec<Value> = (0..2)
            .filter(|&one| !ports(one).is_empty())
            .map(|one| machine(MACHINES[one], &ports(one)))
            .collect();
        let (status, answer) =
            self.ledger.put(user("olga"), instant(self.clock), "default", &policy(&machines));
        assert_eq!(status, 200, "{answer}");
        self.policy = Some(pairs);
        self.close(now, |grant| pairs & bit(grant.machine, grant.port) == 0);
    }

    fn close(&mut self, now: u64, meant: impl Fn(&Naive) -> bool) {
        for grant in self.naive.iter_mut().filter(|grant| grant.is_open(now) && meant(grant)) {
            grant.closed = Some(now);
        }
    }

    /// What is open to whom, by both.
    fn compare(&self, state: &State, at: u64) {
        for (machine, name) in MACHINES.iter().enumerate() {
            let open = state.open(&vm_id(name), instant(at));
            for (port, number) in PORTS.iter().enumerate() {
                let of_port: Vec<_> = open.iter().filter(|open| open.number == *number).collect();
                let union = self
                    .naive
                    .iter()
                    .filter(|grant| grant.is_open(at) && (grant.machine, grant.port) == (machine, port))
                    .fold(0, |union, grant| union | grant.addresses);
                let found = (0..4_u8).fold(0, |found, last| {
                    let address = Ipv4Addr::new(10, 0, 0, last);
                    let is_in =
                        of_port.iter().any(|open| open.sources.iter().any(|net| net.contains(&address)));
                    found | (u32::from(is_in) << last)
                });
                assert_eq!(found, union, "{name} port {number} at {at}");
            }
        }
        let live = self.naive.iter().filter(|grant| grant.is_open(at)).count();
        assert_eq!(state.live(instant(at)).count(), live, "at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn as_a_list_of_grants(steps in prop::collection::vec(step(), 1..40)) {
        let mut both = Both::default();
        both.put(15);
        for step in &steps {
            both.step(step);
        }
        both.ledger.check();
        // Every instant of the past and what is to come, from the last state.
        for at in 0..both.now() + 6 {
            both.compare(&both.ledger.state, at);
        }
        // The states of the past are prefixes of the records.
        let records = &both.ledger.records;
        prop_assert_eq!(&replay(records).expect("in order"), &both.ledger.state);
        let middle = both.latest / 2;
        let past = replay_until(records, instant(middle)).expect("in order");
        prop_assert!(past.latest() <= instant(middle));
        both.compare(&past, middle);
    }

    /// However late the end of a grant is written down, and whether or not it is: the statuses are the same.
    #[test]
    fn nothing_hangs_on_the_timer(steps in prop::collection::vec(step(), 1..30)) {
        let mut with = Both::default();
        let mut without = Both::default();
        with.put(15);
        without.put(15);
        for step in &steps {
            // A clock set back is told from one that is not by what was written down meanwhile.
            let step = match step {
                Step::Clock(by) => Step::Clock(by.abs()),
                other => other.clone(),
            };
            if !matches!(step, Step::Expire) {
                without.step(&step);
            }
            with.step(&step);
            with.ledger.expire(instant(with.clock));
        }
        for at in 0..with.clock + 6 {
            with.compare(&with.ledger.state, at);
            without.compare(&without.ledger.state, at);
        }
    }
}
