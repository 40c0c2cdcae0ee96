//! Rows: where machines agree, where they differ, and what each machine is to have.
use super::port;
use crate::draft::{PortValue, Row, Unit, rows};

fn value(number: &str, protocol: &str, hours: &str) -> PortValue {
    PortValue { protocol: protocol.to_owned(), time: hours.to_owned(), ..PortValue::usual(number) }
}

#[test]
fn where_machines_agree_there_is_a_value() {
    let all = rows(&[vec![value("22", "TCP", "3"), value("3389", "TCP", "3")], vec![value("22", "*", "3")]]);
    let [ssh, rdp] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((ssh.number.as_str(), ssh.holders(), ssh.for_all), ("22", 2, true));
    assert_eq!((&ssh.protocol, &ssh.time), (&None, &Some(("3".to_owned(), Unit::Hours))));
    assert_eq!(ssh.spread(|value| value.protocol_word().to_owned()), "TCP: 1; Any: 1");
    assert!(!ssh.differs_in_time());
    assert_eq!((rdp.number.as_str(), rdp.holders(), rdp.for_all), ("3389", 1, false));
}

#[test]
fn what_differs_stays_as_each_machine_has_it() {
    let machines = [vec![value("22", "TCP", "3")], vec![value("22", "*", "1")], vec![]];
    let mut all = rows(&machines);
    let row = all.first_mut().unwrap();
    assert!(row.differs_in_time());
    assert_eq!(row.value(0), Some(value("22", "TCP", "3")));
    assert_eq!(row.value(1), Some(value("22", "*", "1")));
    // It has none, and is given none unless the user says so; then it gets what the first has.
    assert_eq!(row.value(2), None);
    row.for_all = true;
    assert_eq!(row.value(2), Some(value("22", "TCP", "3")));
    // What the user sets is for all.
    row.protocol = Some("UDP".to_owned());
    row.time = Some(("2".to_owned(), Unit::Hours));
    for machine in 0..3 {
        assert_eq!(row.value(machine), Some(value("22", "UDP", "2")), "{machine}");
    }
}

#[test]
fn a_port_that_a_machine_has_twice_has_two_rows() {
    let twice = vec![value("53", "TCP", "1"), value("53", "UDP", "2")];
    let all = rows(&[twice.clone(), twice]);
    let told: Vec<_> = all.iter().map(|row| (row.key, row.protocol.as_deref(), row.holders())).collect();
    assert_eq!(told, [(0, Some("TCP"), 2), (1, Some("UDP"), 2)]);
}

#[test]
fn a_new_port_is_for_all() {
    let row = Row::new(
        7,
        port(
            r#"{"number":22,"protocol":"TCP","allowedSourceAddressPrefix":"10.0.0.1","maxRequestAccessDuration":"PT30M"}"#,
        ),
    );
    assert_eq!(row.value(41).map(|value| value.words()), Some("22 TCP, 10.0.0.1, 30 minutes".to_owned()));
    assert_eq!(row.holders(), 0);
}

/// Nothing that the user has not touched is changed, whatever the machines have.
#[test]
fn rows_alone_change_nothing() {
    let numbers = ["22", "3389", "22"];
    // Every way in which three machines may have some of three ports.
    for choice in 0_u32..512 {
        let has = |machine: u32, at: u32| choice & (1 << (machine * 3 + at)) != 0;
        let machines: Vec<Vec<PortValue>> = (0..3)
            .map(|machine| {
                let ports = (0..3).zip(numbers).filter(|(at, _)| has(machine, *at));
                ports.map(|(at, number)| value(number, "TCP", &(1 + at + machine).to_string())).collect()
            })
            .collect();
        let all = rows(&machines);
        for (place, own) in machines.iter().enumerate() {
            let sorted = |ports: Vec<PortValue>| {
                let mut ports: Vec<_> = ports.iter().map(PortValue::meaning).collect();
                ports.sort();
                ports
            };
            let made: Vec<_> = all.iter().filter_map(|row| row.value(place)).collect();
            assert_eq!(sorted(made), sorted(own.clone()), "choice {choice}, machine {place}");
        }
    }
}
