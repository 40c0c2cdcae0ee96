//! A port of several machines at once: where they agree there is a value, where they differ there is none.
use super::port::{PortValue, Unit};

/// A port, over all machines of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What tells it from the others, whatever is typed into it.
    pub key: u32,
    /// The port, as typed.
    pub number: String,
    /// None where the machines differ, and stay so.
    pub protocol: Option<String>,
    /// Whether the request names the sources, and else the blocks with commas.
    pub sources: Option<(bool, String)>,
    /// The maximum request time: a number, and its unit.
    pub time: Option<(String, Unit)>,
    /// The machines that have it, by their place in the form, and what they have.
    found: Holders,
    /// Machines that do not have it get it.
    pub for_all: bool,
}

impl Row {
    /// A port that all machines are to have.
    pub fn new(key: u32, value: PortValue) -> Self {
        Self {
            key,
            number: value.number,
            protocol: Some(value.protocol),
            sources: Some((value.per_request, value.blocks)),
            time: Some((value.time, value.unit)),
            found: Vec::new(),
            for_all: true,
        }
    }

    /// How many machines have it now.
    pub fn holders(&self) -> usize {
        self.found.len()
    }

    /// True where the machines have different maximum times now.
    pub fn differs_in_time(&self) -> bool {
        self.spread(PortValue::time_words).contains(';')
    }

    /// What the machine at that place is to have; none where it is not to have the port.
    pub fn value(&self, machine: usize) -> Option<PortValue> {
        let own = self.found.iter().find(|(place, _)| *place == machine).map(|(_, value)| value);
        let base = match own {
            Some(own) => own.clone(),
            None if self.for_all => self.found.first().map(|(_, value)| value.clone()).unwrap_or_default(),
            None => return None,
        };
        let (per_request, blocks) = self.sources.clone().unwrap_or((base.per_request, base.blocks));
        let (time, unit) = self.time.clone().unwrap_or((base.time, base.unit));
        let protocol = self.protocol.clone().unwrap_or(base.protocol);
        Some(PortValue { number: self.number.clone(), protocol, per_request, blocks, time, unit })
    }

    /// The values that differ, and which machines have them: `TCP: 2, Any: 1`.
    pub fn spread(&self, words: impl Fn(&PortValue) -> String) -> String {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for (_, value) in &self.found {
            let words = words(value);
            match counts.iter_mut().find(|(known, _)| *known == words) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counts.push((words, 1)),
            }
        }
        let told: Vec<_> = counts.iter().map(|(words, count)| format!("{words}: {count}")).collect();
        told.join("; ")
    }

    fn of(key: u32, number: String, found: Holders, machines: usize) -> Self {
        fn agreed<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
            let first = values.next()?;
            values.all(|value| value == first).then_some(first)
        }
        let values = || found.iter().map(|(_, value)| value);
        Self {
            key,
            number,
            protocol: agreed(values().map(|value| value.protocol.clone())),
            sources: agreed(values().map(|value| (value.per_request, value.blocks.clone()))),
            time: agreed(values().map(|value| (value.time.clone(), value.unit))),
            for_all: found.len() == machines,
            found,
        }
    }
}

/// The machines that have a port, by their place in the form, and what they have.
type Holders = Vec<(usize, PortValue)>;

/// The rows of machines with these ports, in the order in which the ports come. A port that a machine has twice, for
/// two protocols, has two rows.
pub fn rows(machines: &[Vec<PortValue>]) -> Vec<Row> {
    /// A port's number, which of those with that number, and the machines that have it.
    type Found = (String, usize, Vec<(usize, PortValue)>);
    let mut all: Vec<Found> = Vec::new();
    for (place, ports) in machines.iter().enumerate() {
        let mut earlier: Vec<&str> = Vec::new();
        for port in ports {
            let nth = earlier.iter().filter(|number| **number == port.number).count();
            earlier.push(&port.number);
            match all.iter_mut().find(|(number, own, _)| *number == port.number && *own == nth) {
                Some((.., found)) => found.push((place, port.clone())),
                None => all.push((port.number.clone(), nth, vec![(place, port.clone())])),
            }
        }
    }
    let row = |(key, (number, _, found))| Row::of(key, number, found, machines.len());
    (0..).zip(all).map(row).collect()
}
