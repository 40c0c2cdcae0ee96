//! Two network namespaces with a cable between them: one sends from whatever address, the other has all the
//! addresses of machines, filters, and tells what came through.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::fd::AsFd;
use rustix::thread::{CpuSet, LinkNameSpaceType, move_into_link_name_space, sched_getcpu, sched_setaffinity};
use socket2::{Domain, Protocol, Socket, Type};

use super::frame;
use crate::Packet;
use crate::packet::{AH, ESP, ICMP, ICMPV6, TCP, UDP};

/// What the names of namespaces begin with; the id of the process follows.
const PREFIX: &str = "jitgate-";
/// Addresses that no rule names: where the sender lives, and where each round's last packet goes.
const OUTSIDE: &str = "192.0.2.2";
const LAST: &str = "192.0.2.1";
const LAST_NUMBER: u32 = u32::MAX;
/// As many as wait in a socket's buffer for sure.
const ROUND: usize = 64;
const HARDWARE: &str = "02:00:00:00:00:0b";

const SILENCE: &str =
    "table inet silence { chain output { type filter hook output priority 0; policy drop; }; }";

/// Why there can be no namespaces here.
#[derive(Debug)]
pub struct Unavailable(String);

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The two namespaces. They go when it does.
#[derive(Debug)]
pub struct Lab {
    _sender: Name,
    receiver: Name,
    senders: [Socket; 2],
    receivers: Vec<(u8, bool, Socket)>,
    /// Waits for the last packet of a round.
    last: Socket,
}

impl Lab {
    /// Makes the namespaces, with these addresses at the receiving end.
    pub fn open(addresses: &[IpAddr]) -> Result<Self, Unavailable> {
        // What one processor sends arrives in order.
        let mut here = CpuSet::new();
        here.set(sched_getcpu());
        sched_setaffinity(None, &here).expect("a thread may stay where it is");
        sweep();
        let (sender, receiver) = (Name::add("a")?, Name::add("b")?);
        receiver.try_run(&["nft", "list", "ruleset"], "").map_err(Unavailable)?;
        connect(&sender, &receiver, addresses);
        let senders = inside(&sender, || [Domain::IPV4, Domain::IPV6].map(sending));
        let (receivers, last) = inside(&receiver, receiving);
        Ok(Self { _sender: sender, receiver, senders, receivers, last })
    }

    /// Lets the receiving end filter by these rules alone. It never answers: what it would say to one of its
    /// own addresses would be taken for a packet that came through.
    pub fn load(&self, ruleset: &str) {
        let text = format!("flush ruleset\n{SILENCE}\n{ruleset}");
        if let Err(error) = self.receiver.try_run(&["nft", "-f", "-"], &text) {
            panic!("nft refuses:\n{error}\n{ruleset}");
        }
    }

    /// Sends the packets, and tells which came through, by their places in the list.
    pub fn arrived(&self, packets: &[Packet]) -> HashSet<usize> {
        let outside = OUTSIDE.parse().expect("an address");
        let last = Packet::new(UDP, (outside, 1), (LAST.parse().expect("an address"), 1));
        let mut arrived = HashSet::new();
        let numbered: Vec<(usize, &Packet)> = packets.iter().enumerate().collect();
        for round in numbered.chunks(ROUND) {
            for (number, packet) in round {
                self.send(packet, u32::try_from(*number).expect("not so many"));
            }
            self.send(&last, LAST_NUMBER);
            self.await_last();
            for (protocol, has_header, socket) in &self.receivers {
                while let Some(number) = receive(*protocol, *has_header, socket) {
                    arrived.insert(usize::try_from(number).expect("usize has 32 bits or more"));
                }
            }
        }
        arrived
    }

    fn send(&self, packet: &Packet, number: u32) {
        let [four, six] = &self.senders;
        let socket = if packet.destination.is_ipv4() { four } else { six };
        let bytes = frame::write(packet, number);
        // The port of a raw socket's destination means nothing.
        let to = SocketAddr::new(packet.destination, 0);
        socket.send_to(&bytes, &to.into()).unwrap_or_else(|error| panic!("cannot send {packet}: {error}"));
    }

    /// Every other packet of the round is there before the last one; it waits in the socket of its own.
    fn await_last(&self) {
        let mut buffer = [0; 128];
        loop {
            match (&self.last).read(&mut buffer) {
                Ok(length) if frame::number(UDP, &buffer[20..length]) == Some(LAST_NUMBER) => return,
                Ok(_) => {}
                Err(error) => panic!("the last packet of a round did not come: {error}"),
            }
        }
    }
}

/// A socket that takes whole packets, with whatever source.
fn sending(domain: Domain) -> Socket {
    let socket = Socket::new(domain, Type::RAW, Some(Protocol::from(255))).expect("a raw socket");
    if domain == Domain::IPV4 {
        socket.set_header_included_v4(true)
    } else {
        socket.set_header_included_v6(true)
    }
    .expect("the header is ours");
    socket
}

/// A socket for each protocol and family, and one that waits for the last packet.
fn receiving() -> (Vec<(u8, bool, Socket)>, Socket) {
    let socket = |domain, protocol: u8| {
        Socket::new(domain, Type::RAW, Some(Protocol::from(i32::from(protocol)))).expect("a raw socket")
    };
    let mut sockets = Vec::new();
    for protocol in [TCP, UDP, ICMP, ICMPV6, ESP, AH] {
        // Only those of IPv4 come with the IP header.
        for (domain, has_header) in [(Domain::IPV4, true), (Domain::IPV6, false)] {
            let socket = socket(domain, protocol);
            socket.set_nonblocking(true).expect("it need not wait");
            sockets.push((protocol, has_header, socket));
        }
    }
    let last = socket(Domain::IPV4, UDP);
    let address = SocketAddr::new(LAST.parse().expect("an address"), 0);
    last.bind(&address.into()).expect("an address of this end");
    last.set_read_timeout(Some(Duration::from_secs(5))).expect("it may wait");
    (sockets, last)
}

/// The number of the next packet that waits; none if none does.
fn receive(protocol: u8, has_header: bool, socket: &Socket) -> Option<u32> {
    let mut buffer = [0; 256];
    loop {
        match (&*socket).read(&mut buffer) {
            Ok(length) => {
                let number = frame::number(protocol, &buffer[if has_header { 20 } else { 0 }..length]);
                if number != Some(LAST_NUMBER) {
                    return number;
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
            Err(error) => panic!("cannot receive: {error}"),
        }
    }
}

/// The cable, the addresses of both ends, and that the receiving one takes packets from anywhere.
fn connect(sender: &Name, receiver: &Name, addresses: &[IpAddr]) {
    let last: IpAddr = LAST.parse().expect("an address");
    let addresses = || addresses.iter().copied().chain([last]);
    let width = |address: IpAddr| if address.is_ipv4() { 32 } else { 128 };
    let mut cable = Command::new("ip");
    cable.args([
        "link",
        "add",
        "cable-a",
        "netns",
        &sender.0,
        "type",
        "veth",
        "peer",
        "name",
        "cable-b",
        "netns",
        &receiver.0,
    ]);
    run(&mut cable, "").expect("a pair of virtual interfaces");
    let mut at_receiver =
        format!("link set lo up\nlink set cable-b address {HARDWARE}\nlink set cable-b up\n");
    let mut at_sender = format!(
        "link set cable-a up\naddress add {OUTSIDE}/32 dev cable-a\naddress add 2001:db8:2::2/128 dev cable-a nodad\n\
         route add default dev cable-a\nroute add ::/0 dev cable-a\n"
    );
    for address in addresses() {
        let quick = if address.is_ipv4() { "" } else { " nodad" };
        at_receiver.push_str(&format!("address add {address}/{} dev cable-b{quick}\n", width(address)));
        at_sender.push_str(&format!("neighbour add {address} lladdr {HARDWARE} dev cable-a nud permanent\n"));
    }
    run(Command::new("ip").args(["-n", &receiver.0, "-batch", "-"]), &at_receiver)
        .expect("the receiving end");
    run(Command::new("ip").args(["-n", &sender.0, "-batch", "-"]), &at_sender).expect("the sending end");
    inside(receiver, || {
        for (setting, value) in [
            ("all/rp_filter", "0"),
            ("cable-b/rp_filter", "0"),
            ("all/accept_local", "1"),
            ("cable-b/accept_local", "1"),
        ] {
            fs::write(Path::new("/proc/sys/net/ipv4/conf").join(setting), value).expect("a setting");
        }
    });
}

/// Does it in the namespace. Sockets stay where they were made.
fn inside<T: Send>(name: &Name, act: impl FnOnce() -> T + Send) -> T {
    let namespace = File::open(Path::new("/run/netns").join(&name.0)).expect("the namespace");
    thread::scope(|scope| {
        let there = scope.spawn(|| {
            move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))
                .expect("root may change its namespace");
            act()
        });
        there.join().expect("what was done there")
    })
}

/// A namespace by its name, deleted in the end.
#[derive(Debug)]
struct Name(String);

impl Name {
    fn add(end: &str) -> Result<Self, Unavailable> {
        let name = format!("{PREFIX}{}-{end}", process::id());
        run(Command::new("ip").args(["netns", "add", &name]), "").map_err(Unavailable)?;
        Ok(Self(name))
    }

    fn try_run(&self, command: &[&str], input: &str) -> Result<(), String> {
        run(Command::new("ip").args(["netns", "exec", &self.0]).args(command), input)
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        // There may be none to delete.
        let _ = run(Command::new("ip").args(["netns", "delete", &self.0]), "");
    }
}

/// Deletes what runs that were killed left behind.
fn sweep() {
    let Ok(names) = fs::read_dir("/run/netns") else { return };
    for name in names.filter_map(|entry| entry.ok()?.file_name().into_string().ok()) {
        let process = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
        if process.is_some_and(|id| !Path::new("/proc").join(id).exists()) {
            drop(Name(name));
        }
    }
}

/// Runs a command; what it complains about, if it fails.
fn run(command: &mut Command, input: &str) -> Result<(), String> {
    let name = format!("{command:?}");
    let said = || -> std::io::Result<process::Output> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        child.stdin.take().expect("a pipe").write_all(input.as_bytes())?;
        child.wait_with_output()
    }()
    .map_err(|error| format!("{name}: {error}"))?;
    if said.status.success() {
        return Ok(());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&said.stderr).trim()))
}
